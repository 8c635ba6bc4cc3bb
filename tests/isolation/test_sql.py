"""Raw SQL under each role, against every table there is: what is refused, what is not seen."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from psycopg.errors import InsufficientPrivilege

from config.grants import SHARED_TABLES
from config.tenant_grants import TENANT_TABLES
from kernel import tenancy
from kernel.db import grants, roles

READ = "SELECT 1 FROM {table} LIMIT 1"
WRITES = (
    "INSERT INTO {table} DEFAULT VALUES",
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "ALTER TABLE {table} ADD COLUMN hole int",
    "DROP TABLE {table}",
    "LOCK TABLE {table}",
)


def refused(statement: str) -> bool:
    """Run a statement; say whether the database refused it for want of a right."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except ProgrammingError as fault:
        if not isinstance(fault.__cause__, InsufficientPrivilege):
            raise
        return True
    return False


def tables(schema: str) -> list[tuple[str, str]]:
    """Return every table of a schema, qualified, with one of its columns that can be set."""
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%%I.%%I', %s, relname), (SELECT quote_ident(attname) FROM pg_attribute a"
            " WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''"
            " ORDER BY attnum LIMIT 1) FROM pg_class c"
            " WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S') ORDER BY 1",
            [schema, schema],
        )
        return list(cursor.fetchall())


def _all_refused(schema: str) -> list[str]:
    """Return every statement against a schema's tables that was NOT refused."""
    names = tables(schema)
    assert len(names) > 30
    statements = [how.format(table=t, column=c or "x") for t, c in names for how in (READ, *WRITES)]
    return [statement for statement in statements if not _refused_or_senseless(statement)]


def _refused_or_senseless(statement: str) -> bool:
    try:
        return refused(statement)
    except ProgrammingError as fault:  # a sequence is not truncated
        return "is not a table" in str(fault) or "not a view" in str(fault)


def test_an_institution_reaches_no_table_of_another(alpha: Any, beta: Any) -> None:
    assert _all_refused(beta.schema_name) == []


@pytest.mark.parametrize("schema", ["t_alpha", "t_beta"])
def test_the_platform_reaches_no_table_of_an_institution(public_db: None, schema: str) -> None:
    assert _all_refused(schema) == []


def test_an_institution_sees_its_own_and_changes_no_table(alpha: Any) -> None:
    for table, _column in tables(alpha.schema_name):
        if "django_migrations" not in table and "_seq" not in table:
            assert not refused(READ.format(table=table)), table
            for how in WRITES[3:6]:
                assert refused(how.format(table=table)), how
    for statement in (
        "CREATE TABLE hole (i int)",
        "CREATE TABLE public.hole (i int)",
        "CREATE SCHEMA hole",
        "CREATE FUNCTION t_alpha.hole() RETURNS int LANGUAGE sql RETURN 1",
        "CREATE ROLE hole",
        "DROP SCHEMA t_alpha CASCADE",
        "ALTER SCHEMA t_alpha RENAME TO t_gamma",
    ):
        assert refused(statement), statement


def test_hidden_tables_are_not_read_and_references_not_written(alpha: Any) -> None:
    holes = []
    for model in grants.shared_models():
        declared, table = SHARED_TABLES[model._meta.label], f"public.{model._meta.db_table}"
        column = next(f.column for f in model._meta.local_concrete_fields)
        rights = {right.partition(" ")[0] for right in declared.rights}
        outcomes = {
            "SELECT": f'SELECT "{model._meta.local_concrete_fields[-1].column}" FROM {table} LIMIT 1',
            "INSERT": WRITES[0].format(table=table),
            "UPDATE": f'UPDATE {table} SET "{column}" = "{column}"',
            "DELETE": WRITES[2].format(table=table),
        }
        for right, statement in outcomes.items():
            if right not in rights and not refused(statement):
                holes.append(statement)
        holes += [how for how in WRITES[3:6] if not refused(how.format(table=table))]
    assert holes == []


def test_no_institution_becomes_another_by_its_rights_alone(alpha: Any, beta: Any) -> None:
    """SET ROLE is the login's right, which is a superuser here: the roles themselves are members of nothing else."""
    with tenancy.as_owner(), connection.cursor() as cursor:
        for role in (roles.role_of("t_alpha"), roles.platform_role(), roles.live_role(), roles.institutions_group()):
            cursor.execute(
                "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolcanlogin OR rolbypassrls OR rolreplication"
                " FROM pg_roles WHERE rolname = %s",
                [role],
            )
            assert cursor.fetchone() == (False,), role
            cursor.execute(
                "SELECT array_agg(g.rolname::text) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
                " JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = %s",
                [role],
            )
            member = [roles.institutions_group()] if role == roles.role_of("t_alpha") else None
            assert cursor.fetchone() == (member,), role


def test_the_live_gateway_may_do_exactly_what_is_listed(institutions: Any) -> None:
    listed = {model._meta.db_table: TENANT_TABLES[model._meta.label].live for model in grants.tenant_models()
              if model._meta.label in TENANT_TABLES}  # fmt: skip
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, p.privilege, has_table_privilege(%(live)s, c.oid, p.privilege),"
            " p.privilege IN ('SELECT', 'INSERT', 'UPDATE') AND has_any_column_privilege(%(live)s, c.oid, p.privilege),"
            " n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
            " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p(privilege)"
            " WHERE n.nspname IN ('public', 't_alpha', 't_beta') AND c.relkind IN ('r', 'p', 'v', 'm')",
            {"live": roles.live_role()},
        )
        rights = cursor.fetchall()
    assert len(rights) > 1000
    for table, right, whole, some, schema in rights:
        rights = listed.get(table, ()) if schema != "public" else ()
        assert whole == (right in rights), (schema, table, right)
        assert some == any(have.split(" ")[0] == right for have in rights), (schema, table, right)


def test_the_live_gateway_appends_and_never_changes_what_was_answered(institutions: Any) -> None:
    live = f'SET LOCAL ROLE "{roles.live_role()}"'
    for statement in (
        "UPDATE t_alpha.attempts_answerlog SET choice = 'A'",
        "DELETE FROM t_alpha.attempts_answerlog",
        "SELECT * FROM t_alpha.attempts_answerlog",
        "DELETE FROM t_alpha.sittings_sittingevent",
        "UPDATE t_alpha.attempts_attempt SET state = 'finished'",
        "SELECT * FROM t_alpha.attempts_score",
        "SELECT * FROM public.bank_paperkey",
        "SELECT * FROM public.identity_person",
    ):
        assert refused(f"{live}; {statement}"), statement
    assert not refused(f"{live}; SELECT id, state FROM t_alpha.attempts_attempt FOR SHARE")
