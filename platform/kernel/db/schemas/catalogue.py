"""PostgreSQL's catalogue of a schema: everything in it as lines that compare, and its size."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from kernel import tenancy
from kernel.db import roles

_QUERIES = (
    """SELECT 'relation', c.relname, c.relkind, c.relpersistence, pg_get_userbyid(c.relowner), c.relrowsecurity,
       c.relacl::text, array_to_string(c.reloptions, ','), obj_description(c.oid)
       FROM pg_class c WHERE c.relnamespace = %(schema)s AND c.relkind IN ('r', 'p', 'v', 'm', 'S')""",
    """SELECT 'column', c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.attidentity, a.attgenerated, a.attcollation, pg_get_expr(d.adbin, d.adrelid), a.attacl::text
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
       WHERE c.relnamespace = %(schema)s AND c.relkind IN ('r', 'p', 'v', 'm')""",
    """SELECT 'constraint', c.relname, o.conname, o.contype, o.condeferrable, o.condeferred, o.convalidated,
       pg_get_constraintdef(o.oid) FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
       WHERE o.connamespace = %(schema)s AND o.contype <> 'n'""",
    """SELECT 'index', c.relname, i.indisvalid, i.indisclustered, pg_get_indexdef(i.indexrelid)
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = %(schema)s""",
    """SELECT 'trigger', c.relname, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid) FROM pg_trigger t
       JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = %(schema)s AND NOT t.tgisinternal""",
    """SELECT 'sequence', c.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmax, s.seqmin,
       s.seqcache, s.seqcycle FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
       WHERE c.relnamespace = %(schema)s""",
    """SELECT 'function', p.proname, pg_get_functiondef(p.oid), p.proacl::text FROM pg_proc p
       WHERE p.pronamespace = %(schema)s AND p.prokind IN ('f', 'p')""",
    """SELECT 'policy', c.relname, p.polname, p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid),
       pg_get_expr(p.polwithcheck, p.polrelid) FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
       WHERE c.relnamespace = %(schema)s""",
    """SELECT 'type', t.typname, t.typtype FROM pg_type t
       WHERE t.typnamespace = %(schema)s AND t.typtype IN ('e', 'd')""",
    """SELECT 'default rights', d.defaclobjtype, pg_get_userbyid(d.defaclrole), d.defaclacl::text
       FROM pg_default_acl d WHERE d.defaclnamespace = %(schema)s""",
    """SELECT 'schema', pg_get_userbyid(n.nspowner), n.nspacl::text FROM pg_namespace n WHERE n.oid = %(schema)s""",
)


def differences(first: str, second: str) -> list[str]:
    """Return what differs between two schemas beside their names and roles, as lines of a diff.

    Compared are relations, columns, defaults, constraints, indexes, triggers, sequences, functions, row security,
    types, owners and rights, and the names of the migrations done; rows are not.
    """
    first_lines, second_lines = lines(first), lines(second)
    diff = difflib.unified_diff(first_lines, second_lines, first, second, n=0, lineterm="")
    return [line for line in diff if line[:3] not in ("---", "+++") and line[0] in "+-"]


def lines(schema: str) -> list[str]:
    """Return everything in a schema as sorted lines that compare, without its name and role."""
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_namespace WHERE nspname = %s", [schema])
        (oid,) = cursor.fetchone()
        lines = []
        for query in _QUERIES:
            cursor.execute(query, {"schema": oid})
            lines += [" | ".join("" if value is None else str(value) for value in row) for row in cursor.fetchall()]
        cursor.execute(
            sql.SQL("SELECT app, name FROM {} ORDER BY id").format(sql.Identifier(schema, "django_migrations"))
        )
        lines += [f"migration | {app} | {name}" for app, name in cursor.fetchall()]
    return sorted(_plain(line, schema) for line in lines)


def _plain(line: str, schema: str) -> str:
    """Take the names of the schema and of its role out of a line."""
    line = line.replace(roles.role_of(schema), "{role}")
    return line.replace(f'"{schema}".', "{schema}.").replace(f"{schema}.", "{schema}.")


def tables(schema: str) -> list[str]:
    """Return the names of a schema's tables, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        return [name for (name,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a schema: its tables with indexes on disk, and its rows in the catalogue's table of relations."""

    bytes: int
    relations: int


def sizes(schemas: Sequence[str]) -> dict[str, Size]:
    """Return the sizes of these schemas, in one query; those that do not stand are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname, coalesce(sum(pg_total_relation_size(c.oid)) FILTER (WHERE c.relkind = 'r'), 0),"
            " count(c.oid) FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid"
            " WHERE n.nspname = ANY(%s) GROUP BY 1",
            [list(schemas)],
        )
        return {name: Size(int(size), relations) for name, size, relations in cursor.fetchall()}


def size_of(schema: str) -> Size:
    """Return the size of one schema; nothing where it does not stand."""
    return sizes([schema]).get(schema, Size(0, 0))
