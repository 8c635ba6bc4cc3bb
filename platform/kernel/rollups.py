"""Rollups: figures kept beside the rows that they are counted from, each written by the database alone.

A migration that adds one adds a function `rollup_<app>_<what>(mend boolean)` to its schema: it returns a line for every
figure that is not what its rows say, and counts those again where it is asked to mend.
"""

from django.db import connection, transaction
from psycopg import sql

from kernel import tenancy


def differing(schema: str, *, mend: bool = False) -> list[str]:
    """Return the figures of a schema that differ from their rows, as "rollup: which, what it is and what it should be".

    With `mend` each of these is counted again. Acts as the owner, in one transaction.
    """
    lines = []
    with tenancy.open_institution(schema), tenancy.as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace"
            " WHERE nspname = %s AND proname ^@ 'rollup_' ORDER BY 1",
            [schema],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT * FROM {}(%s)").format(sql.Identifier(schema, name)), [mend])
            lines += [f"{name.removeprefix('rollup_')}: {line}" for (line,) in cursor.fetchall()]
    return lines
