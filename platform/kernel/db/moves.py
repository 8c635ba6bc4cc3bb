"""What the database lets change of a row, for every role and the login: its state along the chart, an end once.

Operations of migrations; the functions behind the triggers are kernel 0005. The charts themselves stand in the code
(kernel.states): a test compares them with the triggers, and a changed chart is another HoldMoves.
"""

from django.db import migrations


class _Trigger(migrations.RunSQL):
    def __init__(self, name: str, table: str, when: str, call: str, *, events: str = "UPDATE") -> None:
        drop = f"DROP TRIGGER IF EXISTS {name} ON {table}"
        create = f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH ROW WHEN ({when})"
        create += f" EXECUTE FUNCTION public.{call}"
        super().__init__(f"{drop}; {create}", drop)


class HoldMoves(_Trigger):
    """Let the state of a table's rows make these moves alone, each as "from>to"."""

    def __init__(self, table: str, *moves: str, field: str = "state") -> None:
        """Take the table, and all moves that its rows may make."""
        arguments = ", ".join(f"'{argument}'" for argument in (field, *moves))
        super().__init__(
            f"{table}_{field}_moves",
            table,
            f"OLD.{field} IS DISTINCT FROM NEW.{field}",
            f"kernel_hold_move({arguments})",
            events=f"UPDATE OF {field}",
        )


class SetOnce(_Trigger):
    """Let these columns of a table (ends and who ended) be set once, from nothing, and never again."""

    def __init__(self, table: str, *columns: str) -> None:
        """Take the table and the columns."""
        changed = [f"OLD.{name} IS NOT NULL AND OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns]
        super().__init__(f"{table}_once", table, " OR ".join(changed), "kernel_refuse_change()")


class RefuseChange(_Trigger):
    """Refuse a change of a table's rows where a condition on OLD and NEW holds; `name` says which in the trigger's."""

    def __init__(self, table: str, name: str, when: str) -> None:
        """Take the table, a name and the condition."""
        super().__init__(f"{table}_{name}", table, when, "kernel_refuse_change()")


class RefuseRemoval(_Trigger):
    """Refuse to delete rows of a table where a condition on OLD holds; `name` says which in the trigger's."""

    def __init__(self, table: str, name: str, when: str) -> None:
        """Take the table, a name and the condition."""
        super().__init__(f"{table}_{name}", table, when, "kernel_refuse_change()", events="DELETE")
