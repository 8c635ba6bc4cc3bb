"""The database's roles, none of which can log in: one for each schema, one for the platform, one for the live gateway.

Roles belong to the whole cluster, so every name begins with a hash of the database's. An institution's role holds
rights on its own schema alone; what all institutions may do to shared tables hangs on one group that they inherit from.
Tables and schemas stay the login's, which owns them (kernel.tenancy.as_owner): whoever acts inside an institution can
neither change a table nor drop one (ADR 0007). Each function may be repeated, in a transaction or beside another.
"""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache

from django.db import connection
from psycopg import sql

from kernel.db.grants import TenantGrants, tenant_grants

LONGEST_SCHEMA = 51
RETIRED = "retired"
NOTES = "tenant_records_auditentry"


def prefix() -> str:
    """Return what the names of this database's roles begin with: "nx_", eight hexadecimal digits of its own name."""
    return _prefix(str(connection.settings_dict["NAME"]))


@lru_cache
def _prefix(database: str) -> str:
    return f"nx_{hashlib.sha256(database.encode()).hexdigest()[:8]}"


def role_of(schema: str) -> str:
    """Return the name of the role that owns what happens in a schema; refuses (ValueError) a name it cannot hold.

    The name ends with the schema's, so that the database itself can tell whose rows a role may see.
    """
    if not schema or len(schema.encode()) > LONGEST_SCHEMA:
        raise ValueError(f"{schema!r} is no schema of an institution")
    return f"{prefix()}_{schema}"


def institutions_group() -> str:
    """Return the name of the group that all institutions' roles are in."""
    return f"{prefix()}#institutions"


def platform_role() -> str:
    """Return the name of the role of the platform's host: all shared tables, no institution's schema."""
    return f"{prefix()}#platform"


def live_role() -> str:
    """Return the name of the live gateway's role: it appends to answer and event logs."""
    return f"{prefix()}#live"


def exists(role: str) -> bool:
    """Say whether there is such a role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        return cursor.fetchone() is not None


def create_common_roles() -> None:
    """Make the group of institutions and the roles of the platform and the gateway, where there are none."""
    with _owner(), _locked("common"):
        for role in (institutions_group(), platform_role(), live_role()):
            _create(role)


def create_role(schema: str) -> None:
    """Make the role of a schema, in the group of institutions, where there is none."""
    role = role_of(schema)
    with _owner(), _locked(schema):
        if exists(role):
            return
        if not exists(institutions_group()):
            create_common_roles()
        _create(role)
        _run("GRANT {group} TO {role}", group=institutions_group(), role=role)


def grant_schema(schema: str) -> None:
    """Give a schema's role, and the live gateway, what is declared for its tables (kernel.db.grants), and nothing else.

    In a schema that is marked as retired nothing but reading is left, and noting who read, with the notes' seals.
    """
    with _owner():
        create_role(schema)
        with _locked(schema), connection.cursor() as cursor:
            whole = sql.SQL("; ").join(_rights(schema))
            cursor.execute(whole.as_string(connection.connection))


def _rights(schema: str) -> Iterator[sql.Composed]:
    names = {"schema": schema, "role": role_of(schema), "live": live_role()}
    yield _compose("REVOKE ALL ON SCHEMA {schema} FROM PUBLIC", **names)
    yield _compose("GRANT USAGE ON SCHEMA {schema} TO {role}, {live}", **names)
    yield _compose("REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}, {live}", **names)
    yield _compose("ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} REVOKE ALL ON TABLES FROM {role}", **names)
    tables, retired = _tables(schema), is_retired(schema)
    for table, grants in tenant_grants():
        if table in tables:
            for right, grantee in _granted(table, grants, retired=retired):
                yield _compose(f"GRANT {right} ON {{schema}}.{{table}} TO {{{grantee}}}", table=table, **names)


def _granted(table: str, grants: TenantGrants, *, retired: bool) -> Iterator[tuple[str, str]]:
    for grantee, rights in (("role", grants.rights), ("live", grants.live)):
        for right in rights:
            if not retired or right.startswith("SELECT") or table == NOTES:
                yield right, grantee


def mark_retired(schema: str, *, retired: bool) -> None:
    """Mark a schema as retired, or as at work again, and let its role's rights follow."""
    with _owner(), connection.cursor() as cursor:
        comment = sql.SQL("COMMENT ON SCHEMA {} IS {}").format(
            sql.Identifier(schema), sql.Literal(RETIRED) if retired else sql.SQL("NULL")
        )
        cursor.execute(comment.as_string(connection.connection))
        grant_schema(schema)


def is_retired(schema: str) -> bool:
    """Say whether a schema is marked as retired."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", [schema])
        row = cursor.fetchone()
    return row is not None and row[0] == RETIRED


def rename(schema_old: str, schema_new: str) -> None:
    """Let a schema's role follow the schema to its new name; makes it where the old one had none.

    What is there under the new name already is kept, so a second call changes nothing.
    """
    with _owner(), _locked(schema_old), _locked(schema_new):
        if exists(role_of(schema_new)):
            return
        if exists(role_of(schema_old)):
            _run("ALTER ROLE {old} RENAME TO {new}", old=role_of(schema_old), new=role_of(schema_new))
        else:
            create_role(schema_new)


def drop_role(schema: str) -> None:
    """Take every right from a schema's role and drop it; nothing happens where there is none."""
    role = role_of(schema)
    with _owner(), _locked(schema):
        if exists(role):
            if not _superuser():  # who drops what a role has must have its rights
                _run("GRANT {role} TO SESSION_USER", role=role)
                if _since_16():
                    _run("GRANT {role} TO SESSION_USER WITH INHERIT TRUE", role=role)
            _run("DROP OWNED BY {role}", role=role)
            _run("DROP ROLE {role}", role=role)


def _create(role: str) -> None:
    """Make a role without login, and let the login become it (a superuser may anyway)."""
    if exists(role):
        return
    _run("CREATE ROLE {role} NOLOGIN", role=role)
    if not _superuser():
        # A member need not inherit, from 16 on: the login becomes the role, and is nothing more for it.
        how = "WITH INHERIT FALSE, SET TRUE" if _since_16() else ""
        _run(f"GRANT {{role}} TO SESSION_USER {how}", role=role)


def _superuser() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")
        return bool(cursor.fetchone()[0])


def _since_16() -> bool:
    return int(connection.pg_version) >= 160000  # type: ignore[attr-defined]  # PostgreSQL's connection


def _owner() -> AbstractContextManager[None]:
    owner: AbstractContextManager[None] = connection.as_owner()  # type: ignore[attr-defined]  # kernel.db.postgres
    return owner


def _compose(statement: str, **names: str) -> sql.Composed:
    return sql.SQL(statement).format(**{key: sql.Identifier(name) for key, name in names.items()})


def _run(statement: str, **names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_compose(statement, **names))


def _tables(schema: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        return {name for (name,) in cursor.fetchall()}


@contextmanager
def _locked(what: str) -> Iterator[None]:
    """Let nobody else work on the same roles meanwhile; until the end of the transaction where one is open."""
    in_transaction = connection.in_atomic_block
    lock = "pg_advisory_xact_lock" if in_transaction else "pg_advisory_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtext(%s))", [f"roles:{what}"])
    try:
        yield
    finally:
        if not in_transaction:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [f"roles:{what}"])
