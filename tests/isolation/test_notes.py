"""Notes and heads: exactly these rights, for every role that serves; a planted right more is seen."""

from typing import Any

import pytest
from django.db import connection, transaction

from kernel import tenancy
from kernel.db import roles

READ_AND_ADD = {"SELECT", "INSERT"}
SEAL = {("UPDATE", "seal"), ("UPDATE", "seal_no")}
RIGHTS = """
SELECT p.privilege, a.attname, has_table_privilege(%(role)s, c.oid, p.privilege),
       p.privilege IN ('SELECT', 'INSERT', 'UPDATE') AND has_column_privilege(%(role)s, c.oid, a.attnum, p.privilege)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped,
       unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p(privilege)
 WHERE c.oid = %(table)s::regclass
"""


def _rights(role: str, table: str) -> tuple[set[str], set[tuple[str, str]]]:
    """Return the rights of a role on a whole table, and those on single columns only."""
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(RIGHTS, {"role": role, "table": table})
        rows = cursor.fetchall()
    whole = {right for right, _column, on_table, _on_column in rows if on_table}
    return whole, {(right, column) for right, column, _whole, on_column in rows if on_column and right not in whole}


@pytest.fixture
def roles_by_name(institutions: Any) -> dict[str, str]:
    """The roles that serve."""
    return {"own": roles.role_of("t_alpha"), "platform": roles.platform_role(), "live": roles.live_role()}


@pytest.mark.parametrize(
    ("table", "own", "platform"),
    [
        ("t_alpha.tenant_records_auditentry", (READ_AND_ADD, SEAL), (set(), set())),
        ("t_beta.tenant_records_auditentry", (set(), set()), (set(), set())),
        ("public.kernel_auditentry", (READ_AND_ADD, set()), (READ_AND_ADD, SEAL)),
        ("public.kernel_audithead", (set(), set()), (READ_AND_ADD, set())),
    ],
)
def test_notes_are_read_and_added_and_nothing_but_their_seal_is_set(
    roles_by_name: dict[str, str], table: str, own: Any, platform: Any
) -> None:
    found = {name: _rights(role, table) for name, role in roles_by_name.items()}
    assert found == {"own": own, "platform": platform, "live": (set(), set())}


def test_in_a_retired_schema_they_are_the_same(roles_by_name: dict[str, str]) -> None:
    with transaction.atomic():
        roles.mark_retired("t_alpha", retired=True)
        assert _rights(roles_by_name["own"], "t_alpha.tenant_records_auditentry") == (READ_AND_ADD, SEAL)
        transaction.set_rollback(True)


def test_a_right_more_is_seen(roles_by_name: dict[str, str]) -> None:
    with transaction.atomic():
        with tenancy.as_owner(), connection.cursor() as cursor:
            cursor.execute(f'GRANT UPDATE (why) ON t_alpha.tenant_records_auditentry TO "{roles_by_name["own"]}"')
        planted = _rights(roles_by_name["own"], "t_alpha.tenant_records_auditentry")
        assert planted == (READ_AND_ADD, SEAL | {("UPDATE", "why")})
        transaction.set_rollback(True)
