"""Notes and filed heads stay as they are, whoever asks: a seal is set once, nothing else changes, nothing goes."""

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from kernel import access, audit, clock, tasks, tenancy
from kernel.db import roles
from shared.institutions.models import Organisation
from shared.records import queries as record_queries
from tenants.records.models import AuditEntry as OwnEntry

ROLES = ("t_alpha", "public")
CHANGES = (
    "UPDATE {table} SET why = 'x'",
    "UPDATE {table} SET at = now()",
    "UPDATE {table} SET seal_no = NULL, seal = NULL",
    "UPDATE {table} SET seal_no = 7, seal = '\\x00'",
    "UPDATE {table} SET seal = '\\x00'",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "INSERT INTO {table} (at, actor_name, acting_as, verb, row_type, row_id, before, after, why, policy, seal_no, seal"
    "{more}) SELECT at, actor_name, acting_as, verb, row_type, row_id, before, after, why, policy, 9, seal{more}"
    " FROM {table} LIMIT 1",
)


def _refused(statement: str, faults: type[Exception] | tuple[type[Exception], ...]) -> None:
    with pytest.raises(faults), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("schema", ROLES)
@pytest.mark.parametrize("change", CHANGES)
def test_no_role_that_serves_changes_or_deletes_a_sealed_note(
    institutions: Any, at: Any, schema: str, change: str
) -> None:
    side, table = (
        ("kernel", "kernel_auditentry") if schema == "public" else ("tenant_records", "tenant_records_auditentry")
    )
    with tenancy.open_institution(schema):
        with transaction.atomic():
            audit.note("x", _subject(schema), by=access.SYSTEM, at=at)
        tasks.seal_audit(side=side, at=at)
        before = list(audit.table_of(side).objects.values())
        statement = change.format(table=table, more=", schema" if schema == "public" else "")
        _refused(statement, (ProgrammingError, IntegrityError))
        assert list(audit.table_of(side).objects.values()) == before


@pytest.mark.parametrize("schema", ROLES)
@pytest.mark.parametrize("change", CHANGES[:-1])
def test_the_owner_of_the_table_does_neither(institutions: Any, at: Any, schema: str, change: str) -> None:
    side, table = (
        ("kernel", "kernel_auditentry") if schema == "public" else ("tenant_records", "tenant_records_auditentry")
    )
    with tenancy.open_institution(schema):
        with transaction.atomic():
            audit.note("x", _subject(schema), by=access.SYSTEM, at=at)
        tasks.seal_audit(side=side, at=at)
        with tenancy.as_owner():
            _refused(change.format(table=table), IntegrityError)


def _subject(schema: str) -> Any:
    if schema == "public":
        return Organisation.objects.first()
    return OwnEntry(actor_name="x", acting_as="x", verb="x", row_type="x", row_id="x")


@pytest.mark.parametrize("half", ["seal_no = 1", "seal = '\\x00'", "seal_no = 0, seal = '\\x00'"])
def test_half_a_seal_is_none(alpha: Any, at: Any, half: str) -> None:
    with transaction.atomic():
        audit.note("x", _subject("t_alpha"), by=access.SYSTEM, at=at)
    _refused(f"UPDATE tenant_records_auditentry SET {half}", IntegrityError)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE {table} SET number = 1", "DELETE FROM {table}", "TRUNCATE {table}"],
)
def test_nobody_changes_or_deletes_a_filed_head(institutions: Any, public_db: None, at: Any, statement: str) -> None:
    tasks.seal_audit(side="kernel", at=at)
    statement = statement.format(table="public.kernel_audithead")
    _refused(statement, ProgrammingError)
    with tenancy.as_owner():
        _refused(statement, IntegrityError)


@pytest.mark.parametrize("statement", ["SELECT 1 FROM {0}", "INSERT INTO {0} (number) VALUES (1)", "DELETE FROM {0}"])
def test_an_institution_has_no_right_on_filed_heads(alpha: Any, statement: str) -> None:
    _refused(statement.format("public.kernel_audithead"), ProgrammingError)


def test_a_retired_schemas_notes_are_sealed_and_filed(alpha: Any, at: Any) -> None:
    roles.mark_retired("t_alpha", retired=True)
    with transaction.atomic():
        audit.note("x.read", _subject("t_alpha"), by=access.SYSTEM, at=at)
    assert tasks.seal_audit(side="tenant_records", at=clock.real_now()) == 1
    assert record_queries.chain_report("tenant_records").faults == ()
