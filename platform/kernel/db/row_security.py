"""Grants and row security of the shared tables, applied to the database from kernel.db.grants.

Applied after every migration of the shared schema, by `manage.py apply_grants`, and only where a declaration has
changed since (a digest in the table's comment says it): a deployment takes no lock on tables that stay as they are.
"""

import hashlib
from collections.abc import Iterator

from django.db import connection, transaction
from psycopg import sql

from kernel.db import function_rights, roles
from kernel.db.grants import VIEW, SharedGrants, shared_grants

VERSION = 1
COMMENT_PREFIX = "grants "
# Whose rows: the role's own name ends with its schema's (kernel.db.roles), so nothing that can be set is asked.
# `acting_institution` is for functions that run as the owner: the institution whose role the caller took, nothing for
# the platform and the owner itself; whoever is none of these is refused.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION public.current_institution_schema() RETURNS text LANGUAGE sql STABLE
    RETURN substr(current_user::text, {start});
CREATE OR REPLACE FUNCTION public.current_institution() RETURNS uuid LANGUAGE plpgsql STABLE AS
    'BEGIN RETURN (SELECT id FROM public.institutions_institution
                    WHERE schema_name = public.current_institution_schema()); END';
CREATE OR REPLACE FUNCTION public.current_organisation() RETURNS uuid LANGUAGE plpgsql STABLE AS
    'BEGIN RETURN (SELECT organisation_id FROM public.institutions_institution
                    WHERE schema_name = public.current_institution_schema()); END';
CREATE OR REPLACE FUNCTION public.current_institution_hosts() RETURNS SETOF text LANGUAGE plpgsql STABLE AS
    'BEGIN RETURN QUERY SELECT domain::text FROM public.institutions_domain
                         WHERE tenant_id = public.current_institution(); END';
CREATE OR REPLACE FUNCTION public.acting_institution(OUT schema text, OUT id uuid, OUT organisation uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    acting text := coalesce(nullif(current_setting('role'), 'none'), session_user::text);
BEGIN
    IF acting = current_user::text OR substr(acting, {start} - 1) = '#platform' THEN
        RETURN;
    END IF;
    SELECT i.schema_name, i.id, i.organisation_id INTO schema, id, organisation
        FROM public.institutions_institution i WHERE i.schema_name = substr(acting, {start}) AND i.retired_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no institution at work acts here' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
"""


def apply() -> int:
    """Bring the rights on shared tables and functions to what is declared; return how many changed. The owner's."""
    with connection.as_owner(), transaction.atomic():  # type: ignore[attr-defined]  # kernel.db.postgres
        roles.create_common_roles()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('grants'))")
            cursor.execute(_compose("GRANT USAGE ON SCHEMA public TO {group}, {platform}"))
            cursor.execute(_compose("GRANT SELECT ON public.django_migrations TO {platform}"))
            cursor.execute(_compose("REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC"))
            applied = _applied_digests()
            digest = _digest(FUNCTIONS)
            if applied.get("django_migrations") != digest:
                cursor.execute(FUNCTIONS.replace("{start}", str(len(roles.role_of("x")))))
                _record_digest("django_migrations", digest)
            changed = 0
            for table, grants in shared_grants():
                if table in applied and applied[table] != (digest := _digest_of(grants)):
                    cursor.execute(
                        "; ".join(part.as_string(connection.connection) for part in statements(table, grants))
                    )
                    _record_digest(table, digest, "VIEW" if grants.name == VIEW else "TABLE")
                    changed += 1
            changed += function_rights.apply()
    return changed


def statements(table: str, grants: SharedGrants) -> Iterator[sql.Composable]:
    """Yield what makes a shared table's rights those that are declared, whatever they were."""
    yield _compose("REVOKE ALL ON public.{table} FROM PUBLIC, {group}, {platform}, {live}", table=table)
    for right in grants.platform:
        yield _compose(f"GRANT {right} ON public.{{table}} TO {{platform}}", table=table)
    for right in grants.rights:
        yield _compose(f"GRANT {right} ON public.{{table}} TO {{group}}", table=table)
    if grants.name == VIEW:
        return
    for name in ("platform", "added_by_group", "added_by_platform", *_POLICIES):
        yield _compose(f"DROP POLICY IF EXISTS {name} ON public.{{table}}", table=table)
    if not grants.rows:
        yield _compose("ALTER TABLE public.{table} DISABLE ROW LEVEL SECURITY", table=table)
        return
    yield _compose("ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY", table=table)
    yield _compose("CREATE POLICY platform ON public.{table} TO {platform} USING (true)", table=table)
    for role, condition in grants.conditions().items():
        yield _compose(
            f"CREATE POLICY added_by_{role} ON public.{{table}} AS RESTRICTIVE FOR INSERT TO {{{role}}}"
            f" WITH CHECK ({condition})",
            table=table,
        )
    changeable = grants.rows if grants.rows == grants.new_rows else f"({grants.rows}) AND ({grants.new_rows})"
    for name, (right, how) in _POLICIES.items():
        if any(granted.startswith(right) for granted in grants.rights):
            condition = how.format(rows=grants.rows, new_rows=grants.new_rows, changeable=changeable)
            yield _compose(
                f"CREATE POLICY {name} ON public.{{table}} FOR {right} TO {{group}} {condition}", table=table
            )


_POLICIES = {
    "own_read": ("SELECT", "USING ({rows})"),
    "own_new": ("INSERT", "WITH CHECK ({new_rows})"),
    "own_change": ("UPDATE", "USING ({changeable}) WITH CHECK ({new_rows})"),
    "own_remove": ("DELETE", "USING ({changeable})"),
}


def _compose(statement: str, **names: str) -> sql.Composed:
    common = {"group": roles.institutions_group(), "platform": roles.platform_role(), "live": roles.live_role()}
    common["database"] = str(connection.settings_dict["NAME"])
    return sql.SQL(statement).format(**{key: sql.Identifier(name) for key, name in (common | names).items()})


def _digest_of(grants: SharedGrants) -> str:
    conditions = grants.conditions()
    return _digest((grants, conditions) if conditions else grants)


def _digest(declared: object) -> str:
    return hashlib.sha256(f"{VERSION} {declared!r}".encode()).hexdigest()[:16]


def _applied_digests() -> dict[str, str]:
    """Return every shared table and view with the digest of the declaration that was applied to it, "" for none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, obj_description(oid, 'pg_class') FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"
        )
        return {name: (comment or "").removeprefix(COMMENT_PREFIX) for name, comment in cursor.fetchall()}


def _record_digest(table: str, digest: str, kind: str = "TABLE") -> None:
    with connection.cursor() as cursor:
        comment = sql.Literal(COMMENT_PREFIX + digest)
        cursor.execute(sql.SQL(f"COMMENT ON {kind} public.{{}} IS {{}}").format(sql.Identifier(table), comment))
