"""The statement matrix: every relation × role × verb × column of a schema, really tried."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.errors import FeatureNotSupported, InsufficientPrivilege, WrongObjectType

from kernel import tenancy

BY_COLUMN = {
    "select": sql.SQL("SELECT {column} FROM {table} WHERE false"),
    "insert": sql.SQL("INSERT INTO {table} ({column}) SELECT NULL WHERE false"),
    "update": sql.SQL("UPDATE {table} SET {column} = NULL WHERE false"),
}
BY_TABLE = {
    "delete": sql.SQL("DELETE FROM {table} WHERE false"),
    "truncate": sql.SQL("TRUNCATE {table}"),
}
Cells = dict[str, dict[str, tuple[str, ...]]]
"""verb -> relation -> columns; a verb of a whole relation has none."""


def relations(schema: str) -> dict[str, list[str]]:
    """Return the tables and views of a schema with their columns that can be set."""
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            " WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') GROUP BY 1 ORDER BY 1",
            [schema],
        )
        return dict(cursor.fetchall())


def generated_columns(schema: str) -> set[tuple[str, str]]:
    """Return the generated columns of a schema: nobody sets them, whatever rights he has."""
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = %s"
            " AND (is_generated = 'ALWAYS' OR identity_generation = 'ALWAYS')",
            [schema],
        )
        return set(cursor.fetchall())


def functions() -> dict[str, tuple[str, bool]]:
    """Return the shared schema's own functions by signature: their names, and whether they are a trigger's."""
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text, p.proname, p.prorettype = 'trigger'::regtype FROM pg_proc p"
            " WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS"
            " (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e')"
        )
        return {signature: (name, trigger) for signature, name, trigger in cursor.fetchall()}


class Trying:
    """Tries statements as a role, on a connection of its own, each by itself."""

    def __init__(self, plain: "psycopg.Connection[tuple[object, ...]]", role: str) -> None:
        """Take the role."""
        self._plain = plain
        plain.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))

    def allowed(self, statement: sql.Composed) -> bool:
        """Say whether the database lets the role run a statement."""
        try:
            self._plain.execute(statement)
        except (InsufficientPrivilege, WrongObjectType):  # a view is not truncated
            return False
        return True

    def runs(self, signature: str) -> bool:
        """Say whether the database lets the role run a function, with nothing for each argument.

        Nothing comes from a sub-query: a strict function of a plain NULL is never looked at, nor the right to run it.
        """
        name, _, types = signature.rstrip(")").partition("(")
        arguments = ", ".join(f"(SELECT NULL::{kind})" for kind in types.split(",") if kind)
        try:
            with self._plain.transaction(force_rollback=True):
                self._plain.execute(f"SELECT public.{name.removeprefix('public.')}({arguments})")
        except InsufficientPrivilege:
            return False
        except FeatureNotSupported:  # a trigger's function, which the role might run if anybody could
            return True
        return True

    def cells(self, schema: str) -> Cells:
        """Return what the role may do in a schema, by verb, relation and column."""
        generated = generated_columns(schema)
        cells: Cells = {verb: {} for verb in (*BY_COLUMN, *BY_TABLE)}
        for table, columns in relations(schema).items():
            names = {"table": sql.Identifier(schema, table)}
            for verb, form in BY_COLUMN.items():
                tried = [c for c in columns if verb == "select" or (table, c) not in generated]
                may = tuple(c for c in tried if self.allowed(form.format(column=sql.Identifier(c), **names)))
                if may:
                    cells[verb][table] = may
            for verb, form in BY_TABLE.items():
                if self.allowed(form.format(**names)):
                    cells[verb][table] = ()
        return cells


def connected() -> "psycopg.Connection[tuple[object, ...]]":
    """Return a connection of the login beside the test's own; each of its statements stands at once."""
    parameters = connection.get_connection_params()
    wanted = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters}
    return psycopg.connect(**wanted, autocommit=True, options="-c lock_timeout=2000")


@contextmanager
def trying(role: str) -> Iterator[Trying]:
    """Try as a role."""
    with connected() as plain:
        yield Trying(plain, role)
