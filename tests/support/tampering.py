"""Changes of the audit as only the owner of its tables can make them, past the triggers that hold notes and heads."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, connection, transaction

from kernel import tenancy


@contextmanager
def without_triggers(*tables: str) -> Iterator[None]:
    """Act as the owner while the triggers of these tables (names as in SQL) are switched off."""
    with tenancy.as_owner():
        _switch("DISABLE", tables)
        yield
        _switch("ENABLE", tables)


@contextmanager
def past_triggers() -> Iterator[None]:
    """Act as the login while no trigger fires on this connection: what a test needs to have been otherwise."""
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")


def _switch(how: str, tables: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER USER")


def run(statement: str, *tables: str) -> int:
    """Run a statement past the triggers of these tables; return how many rows it touched."""
    with without_triggers(*tables), connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def refused(statement: str, *, role: str = "") -> bool:
    """Say whether the database refuses a statement to a role for what it changes; without a role, to the login."""
    try:
        with tenancy.as_owner(), transaction.atomic(), connection.cursor() as cursor:
            if role:
                cursor.execute(f'SET LOCAL ROLE "{role}"')
            cursor.execute(statement)
            touched = cursor.rowcount
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE")
    except IntegrityError:
        return True
    assert touched, f"nothing there to change: {statement}"
    return False
