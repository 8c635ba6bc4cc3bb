"""Versions of facts as the database keeps them: an operation of migrations (its functions are kernel 0004)."""

from collections.abc import Sequence

from django.db import migrations


class KeepVersions(migrations.RunSQL):
    """Let versions be added, in order, and never change; show the newest of each fact by a view.

    `moment` is the column that says when a version came, `same` are those that no version changes. The view has the
    fact's key as `id`, the version's number, `moment`, `same` and `columns`, and asks its reader's own rights.
    """

    def __init__(self, table: str, view: str, *, moment: str, same: Sequence[str], columns: Sequence[str]) -> None:
        """Take the table of versions and the view's name."""
        arguments = ", ".join(f"'{name}'" for name in (moment, *same))
        listed = ", ".join(f'"{name}"' for name in (*same, moment, *columns))
        super().__init__(
            f"CREATE TRIGGER {table}_follow AFTER INSERT ON {table}"  # noqa: S608  # our own names
            f" FOR EACH ROW EXECUTE FUNCTION public.kernel_follow_version({arguments});"
            f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION public.kernel_keep_version('{moment}');"
            f"CREATE TRIGGER {table}_all BEFORE TRUNCATE ON {table} EXECUTE FUNCTION public.kernel_keep_version();"
            f"CREATE VIEW {view} WITH (security_invoker = true) AS SELECT fact_id AS id, version, {listed}"
            f" FROM {table} WHERE superseded_at IS NULL;",
            f"DROP VIEW {view}; DROP TRIGGER {table}_all ON {table}; DROP TRIGGER {table}_keep ON {table};"
            f"DROP TRIGGER {table}_follow ON {table}",
        )
