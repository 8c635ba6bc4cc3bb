"""Every shared table says how far an institution reaches into it, and the database holds exactly that."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from config.function_grants import SHARED_FUNCTIONS
from config.grants import SHARED_TABLES
from config.tenant_grants import TENANT_TABLES
from kernel import tenancy
from kernel.db import grants, roles, row_security
from kernel.management.commands import draw_grants
from support import matrix


def test_every_shared_table_is_declared_and_nothing_else_is() -> None:
    labels = {model._meta.label for model in (*grants.shared_models(), *grants.shared_views())}
    assert sorted(labels - set(SHARED_TABLES)) == [], (
        "say in config/grants.py how far an institution reaches into these"
    )
    assert sorted(set(SHARED_TABLES) - labels) == [], "these tables are no more"
    assert set(TENANT_TABLES) <= {model._meta.label for model in grants.tenant_models()}


def test_every_function_that_is_declared_is_there(institutions: Any) -> None:
    assert sorted(SHARED_FUNCTIONS) == sorted({name for name, trigger in matrix.functions().values() if not trigger})


def test_what_runs_as_the_owner_looks_for_nothing_on_another_path(institutions: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        paths = {name: [one for one in config or () if one.startswith("search_path=")] for name, config in cursor}
    assert len(paths) > 3
    assert [name for name, path in paths.items() if not path or "=pg_catalog" not in path[0]] == []


@pytest.mark.parametrize("label", sorted(SHARED_TABLES))
def test_every_exception_says_why(label: str) -> None:
    declared = SHARED_TABLES[label]
    assert declared.why or declared.name in ("reference", "hidden")
    if declared.name == "all rows":
        assert len(declared.why) > 10


def _state() -> dict[str, Any]:
    """Return rights and row security of the shared schema and the institutions', as the catalogue has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text, relrowsecurity, relforcerowsecurity,"
            " ARRAY(SELECT concat_ws(' ', grantee::regrole, privilege_type) FROM aclexplode(relacl) ORDER BY 1),"
            " ARRAY(SELECT concat_ws(' ', attname, x.grantee::regrole, x.privilege_type) FROM pg_attribute a,"
            "   aclexplode(attacl) x WHERE attrelid = c.oid ORDER BY 1),"
            " ARRAY(SELECT concat_ws(' ', policyname, roles, cmd, qual, with_check) FROM pg_policies p"
            "   WHERE p.schemaname = n.nspname AND p.tablename = c.relname ORDER BY 1)"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('public', 't_alpha', 't_beta') AND c.relkind IN ('r', 'v')"
        )
        return {row[0]: row[1:] for row in cursor.fetchall()}


def test_the_database_holds_what_is_declared(institutions: Any) -> None:
    with tenancy.as_owner(), transaction.atomic():
        before = _state()
        with connection.cursor() as cursor:
            for table, declared in grants.shared_grants():
                cursor.execute(
                    sql.SQL("; ").join(row_security.statements(table, declared)).as_string(connection.connection)
                )
        for institution in institutions:
            roles.grant_schema(institution.schema_name)
        assert _state() == before
        transaction.set_rollback(True)


def test_applying_the_grants_again_changes_nothing(public_db: None) -> None:
    assert row_security.apply() == 0


def test_a_changed_declaration_is_applied_to_its_table_alone(public_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SHARED_TABLES, "policy.CalendarDay", grants.NoAccess("a test", platform=()))
    with transaction.atomic():
        assert row_security.apply() == 1
        with tenancy.as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege(%s, 'policy_calendarday', 'SELECT')", [roles.role_of("t_alpha")])
            assert cursor.fetchone() == (False,)
        transaction.set_rollback(True)


def test_the_page_on_security_shows_the_rights_as_they_are() -> None:
    page = (Path(settings.ROOT) / "docs" / "security.md").read_text()
    assert page.partition(draw_grants.MARK)[2] == f"\n\n{draw_grants.table()}", "run manage.py draw_grants"


def test_the_page_on_security_names_every_app_that_steps_over() -> None:
    root = Path(settings.ROOT)
    page = (root / "docs" / "security.md").read_text()
    stepping = {
        f"{path.relative_to(base.parent).parts[0]}.{path.relative_to(base.parent).parts[1]}"
        for base in (root / "platform" / "shared", root / "tenants")
        for path in base.rglob("*.py")
        if "open_public()" in path.read_text()
    }
    named = set(re.findall(r"`((?:shared|tenants)\.\w+)`", page))
    assert sorted(stepping - named) == [], "say in docs/security.md why these step to the platform's side"
