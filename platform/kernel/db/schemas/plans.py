"""Plans of migrations: those that a schema has, those that it should have, and the steps between."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connection, router
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation, ModelOperation
from django.db.migrations.operations.special import RunSQL
from django_tenants.utils import schema_context
from psycopg import sql

from kernel import tenancy

Node = tuple[str, str]
PLACEHOLDER_SCHEMA = "nx_nobody"
"""A schema that there is not: opened where Django only has to know that it would be an institution's."""
EMPTY = ""
"""The fingerprint of a schema in which nothing was ever migrated."""
_CHUNK = 100
# One row a schema; the order is that of bytes, which is Python's order of code points too.
_ONE = """SELECT {name} AS schema, md5(string_agg(app || '.' || name, chr(10)
  ORDER BY app COLLATE "C", name COLLATE "C")) AS fingerprint FROM {table}"""


def fingerprint_of(nodes: Iterable[Node]) -> str:
    """Return the fingerprint of a set of migrations; EMPTY for the empty set."""
    lines = "\n".join(f"{app}.{name}" for app, name in sorted(nodes))
    return hashlib.md5(lines.encode(), usedforsecurity=False).hexdigest() if lines else EMPTY


@cache
def migration_loader() -> MigrationLoader:
    """Return the migrations that the code has; they do not change while a process lives."""
    return MigrationLoader(None, ignore_no_migrations=True)


@cache
def target_fingerprint() -> str:
    """Return the fingerprint of a schema that is up to date with the code."""
    return fingerprint_of(migration_loader().graph.nodes)


def fingerprints(schemas: Sequence[str]) -> dict[str, str]:
    """Return the fingerprint of each of these schemas, a hundred a query; those that do not stand are left out."""
    result: dict[str, str] = {}
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname, c.oid IS NOT NULL FROM pg_namespace n LEFT JOIN pg_class c"
            " ON c.relnamespace = n.oid AND c.relname = 'django_migrations' AND c.relkind = 'r'"
            " WHERE n.nspname = ANY(%s)",
            [list(schemas)],
        )
        has_table = dict(cursor.fetchall())
        result = {name: EMPTY for name, present in has_table.items() if not present}
        present = [name for name in schemas if has_table.get(name)]
        for first in range(0, len(present), _CHUNK):
            parts = [
                sql.SQL(_ONE).format(name=sql.Literal(name), table=sql.Identifier(name, "django_migrations"))
                for name in present[first : first + _CHUNK]
            ]
            cursor.execute(sql.SQL(" UNION ALL ").join(parts))
            result |= {name: fingerprint or EMPTY for name, fingerprint in cursor.fetchall()}
    return result


def full_plan() -> list[Migration]:
    """Return every migration of the code, in the order in which Django applies them to a new schema."""
    graph = migration_loader().graph
    nodes: dict[Node, None] = {}
    for leaf in graph.leaf_nodes():
        nodes |= dict.fromkeys(graph.forwards_plan(leaf))
    return [graph.nodes[node] for node in nodes]


def steps_without_sql(plan: Collection[Migration]) -> list[str]:
    """Name the steps of a plan whose effect on the open schema is not all said by the SQL that Django makes of them.

    Empty means that the SQL of one schema may be replayed in another. What a package does to tables that institutions
    do not have does nothing here, so it does not count.
    """
    with schema_context(PLACEHOLDER_SCHEMA):
        ours = [migration for migration in plan if router.allow_migrate(DEFAULT_DB_ALIAS, migration.app_label)]
    return [
        f"{migration.app_label}.{migration.name}: {type(step).__name__}"
        for migration in ours
        for step in (migration.operations if migration.atomic else [None])
        if step is None or not _is_sql(step)
    ]


def _is_sql(step: Operation) -> bool:
    """Django's own steps on models and RunSQL are, and what only words a RunSQL; extensions, Python, two-sided and
    concurrent steps are not."""
    if isinstance(step, RunSQL):
        return type(step).database_forwards is RunSQL.database_forwards
    djangos = type(step).__module__.startswith("django.db.migrations.operations.")
    return djangos and isinstance(step, (ModelOperation, FieldOperation, IndexOperation))
