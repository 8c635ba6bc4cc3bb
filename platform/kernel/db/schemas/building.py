"""Creation, renaming and dropping of a schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.postgresql_backend.base import is_valid_schema_name
from django_tenants.utils import schema_context
from psycopg import sql

from kernel import tenancy
from kernel.db import roles
from kernel.db.schemas import plans, rendering

LOCK = "schema:"


class BuildMethod(StrEnum):
    """By what a schema was made."""

    TEMPLATE = "template"
    MIGRATIONS = "migrations"


def build_schema(name: str) -> BuildMethod:
    """Make the schema `name` with its role if there is none and bring its tables up to date; harmless to repeat.

    A new one is made by the template, in one script; one begun before, or a plan that cannot be said as SQL, by the
    migrations. One transaction (the open one, where there is one): all of it stands after commit or none of it.
    Refuses (ValueError) what is no name of a schema.
    """
    roles.role_of(name)  # refuses what is too long for a role
    if not is_valid_schema_name(name):
        raise ValueError(f"{name!r} is no name of a schema")
    with tenancy.open_public(), tenancy.as_owner(), transaction.atomic():
        lock_schema(name)
        _run("CREATE SCHEMA IF NOT EXISTS {name}", name=name)
        script = _template() if plans.fingerprints([name])[name] == plans.EMPTY else None
        if script is not None:
            run_script(name, script)
        else:
            with open_schema(name):
                migrate_open()
        roles.grant_schema(name)
    return BuildMethod.TEMPLATE if script is not None else BuildMethod.MIGRATIONS


def _template() -> str | None:
    try:
        return rendering.template().sql
    except rendering.NotRenderable:
        return None


def run_script(name: str, script: str) -> None:
    """Run statements in a schema, within the open transaction; afterwards the search path is what it was."""
    whole = [
        "SELECT set_config('nuoxing.path', current_setting('search_path'), true);",
        sql.SQL("SET LOCAL search_path = {}, public;").format(sql.Identifier(name)).as_string(),
        script,
        "SELECT set_config('search_path', current_setting('nuoxing.path'), true);",
    ]
    with connection.cursor() as cursor:
        cursor.execute("\n".join(whole))


def migrate_open() -> None:
    """Apply to the open schema what its migrations lack, as Django does; constraints are checked after each of them."""

    def between(action: str, *_told: object) -> None:
        if action == "apply_success" and connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute(rendering.CHECK_CONSTRAINTS)

    executor = MigrationExecutor(connection, between)
    executor.migrate(executor.loader.graph.leaf_nodes())


@contextmanager
def open_schema(name: str) -> Iterator[None]:
    """Open a schema by its name alone, whether or not an institution works in it, with its own table of migrations."""
    with schema_context(name):
        public = connection.tenant  # type: ignore[attr-defined]  # django-tenants' connection
        connection.set_tenant(public, include_public=False)  # type: ignore[attr-defined]  # else public's own is found
        MigrationRecorder(connection).ensure_schema()
        connection.set_tenant(public)  # type: ignore[attr-defined]  # as above
        yield


def lock_schema(name: str) -> None:
    """Let nobody else make, migrate, rename or drop a schema until the end of the open transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [LOCK + name])


def try_lock_schema(name: str, *, session: bool = False) -> bool:
    """The same without waiting, for the open transaction or until `let_go`; say whether it was to be had."""
    call = "pg_try_advisory_lock" if session else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}(hashtextextended(%s, 0))", [LOCK + name])
        return bool(cursor.fetchone()[0])


def unlock_schema(name: str) -> None:
    """Give back what was held for the session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [LOCK + name])


def exists(name: str) -> bool:
    """Say whether there is such a schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [name])
        return cursor.fetchone() is not None


def rename_schema(old: str, new: str) -> None:
    """Give a schema and its role another name, within the open transaction; its rights move by themselves."""
    with tenancy.as_owner():
        for name in sorted((old, new)):
            lock_schema(name)
        _run("ALTER SCHEMA {old} RENAME TO {new}", old=old, new=new)
        if roles.exists(roles.role_of(old)):
            roles.drop_role(new)  # roles outlive their database: one of this name has no schema any more
        roles.rename(old, new)


def drop_schema(name: str) -> None:
    """Take a schema and its role away with all that is in it; nothing happens where there is none."""
    with tenancy.as_owner(), transaction.atomic():
        lock_schema(name)
        _run("DROP SCHEMA IF EXISTS {name} CASCADE", name=name)
        roles.drop_role(name)


def _run(statement: str, **names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**{key: sql.Identifier(name) for key, name in names.items()}))
