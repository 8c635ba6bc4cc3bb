"""Seals of the audit: keyed, set once, filed; what was changed, removed, reordered or forged is found and named."""

import base64
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from kernel import access, audit, clock, crypto, later, seals, tasks, tenancy
from kernel.db import roles
from kernel.models import AuditEntry, AuditHead, Outbox
from kernel.seals import Fault
from shared.institutions.models import Organisation
from shared.records import queries as record_queries
from support import tampering
from tenants.records.models import AuditEntry as OwnEntry

SECOND = base64.b64encode(b"2" * 32).decode()


def _note(count: int, at: Any) -> None:
    organisation = Organisation.objects.get(institution__slug="alpha")
    with transaction.atomic():
        for n in range(count):
            audit.note(f"test.{n}", organisation, by=access.SYSTEM, at=at, after={"n": n})


@pytest.fixture
def sealed(institutions: Any, public_db: None, at: Any) -> None:
    """Four notes of the shared schema, sealed and filed."""
    _note(4, at)
    tasks.seal_audit(side="kernel", at=at)


def _faults() -> tuple[Fault, ...]:
    return record_queries.chain_report("kernel").faults


def _tamper(statement: str, *tables: str) -> None:
    assert tampering.run(statement, *(tables or ("kernel_auditentry",))) > 0


def _pk(seal_no: int) -> int:
    return AuditEntry.objects.get(seal_no=seal_no).pk


def test_notes_are_sealed_once_and_the_chain_is_whole(institutions: Any, public_db: None, at: Any) -> None:
    _note(4, at)
    assert record_queries.chain_report("kernel").unsealed == 4
    assert tasks.seal_audit(side="kernel", at=at) == 4
    assert tasks.seal_audit(side="kernel", at=at) == 0
    report = record_queries.chain_report("kernel")
    assert (report.sealed, report.unsealed, report.before_key, report.faults) == (4, 0, 0, ())


def test_each_sealing_files_how_many_are_sealed_and_with_which_seal(sealed: None, at: Any) -> None:
    _note(2, at)
    tasks.seal_audit(side="kernel", at=at)
    tasks.seal_audit(side="kernel", at=at)  # nothing is new, so nothing is filed
    ends = dict(AuditEntry.objects.filter(seal_no__in=(4, 6)).values_list("seal_no", "seal"))
    assert [(head.schema, head.number, head.seal) for head in seals.filed_heads("public")] == [
        ("public", 4, bytes(ends[4])),
        ("public", 6, bytes(ends[6])),
    ]
    assert list(seals.verify_heads()) == []


def test_a_changed_note_is_named(sealed: None) -> None:
    pk = _pk(3)
    _tamper("UPDATE kernel_auditentry SET why = 'nachträglich' WHERE verb = 'test.2'")
    assert _faults() == (Fault(3, pk, "changed"),)


def test_a_shared_note_moved_to_another_institution_is_named(sealed: None) -> None:
    pk = _pk(1)
    _tamper("UPDATE kernel_auditentry SET schema = 't_beta' WHERE seal_no = 1")
    assert _faults() == (Fault(1, pk, "changed"),)


def test_a_removed_note_is_named(sealed: None) -> None:
    _tamper("DELETE FROM kernel_auditentry WHERE verb = 'test.1'")
    assert _faults() == (Fault(2, None, "removed"),)


def test_the_last_notes_removed_are_named(sealed: None) -> None:
    _tamper("DELETE FROM kernel_auditentry WHERE seal_no >= 3")
    assert _faults() == (Fault(3, None, "removed", 2),)


def test_last_notes_removed_are_named_though_the_sealer_went_on(sealed: None, at: Any) -> None:
    _tamper("DELETE FROM kernel_auditentry WHERE seal_no >= 3")
    _note(1, at)
    tasks.seal_audit(side="kernel", at=at)
    assert _faults() == (Fault(4, None, "removed"),)
    _note(2, at)
    tasks.seal_audit(side="kernel", at=at)
    assert _faults() == (Fault(4, _pk(4), "not as filed"),)


def test_all_notes_removed_are_named(sealed: None) -> None:
    _tamper("DELETE FROM kernel_auditentry")
    assert _faults() == (Fault(1, None, "removed", 4),)


def test_last_notes_removed_and_replaced_by_others_are_named(sealed: None, at: Any) -> None:
    _tamper("DELETE FROM kernel_auditentry WHERE seal_no = 4")
    _note(1, at)
    tasks.seal_audit(side="kernel", at=at)  # the sealer goes on from what it finds
    assert _faults() == (Fault(4, _pk(4), "not as filed"),)


def test_reordered_notes_are_named(sealed: None) -> None:
    first, second = _pk(1), _pk(2)
    _tamper("UPDATE kernel_auditentry SET seal_no = 99 WHERE seal_no = 1")
    _tamper("UPDATE kernel_auditentry SET seal_no = 1 WHERE seal_no = 2")
    _tamper("UPDATE kernel_auditentry SET seal_no = 2 WHERE seal_no = 99")
    assert _faults()[:2] == (Fault(1, second, "changed"), Fault(2, first, "changed"))


def test_a_seal_forged_without_the_key_is_named(sealed: None, settings: Any) -> None:
    """Whoever holds the database alone can make an unkeyed seal, or one under a key of his own."""
    row = AuditEntry.objects.get(seal_no=4)
    row.why, previous = "forged", bytes(AuditEntry.objects.get(seal_no=3).seal)
    right = settings.NUOXING_AUDIT_KEYS
    settings.NUOXING_AUDIT_KEYS = {1: SECOND}
    forged = seals.keyed_seal(previous, row)
    settings.NUOXING_AUDIT_KEYS = right
    for seal, what in ((forged, "changed"), (seals.unkeyed_seal(previous, row), "sealed without the key")):
        _tamper(f"UPDATE kernel_auditentry SET why = 'forged', seal = '\\x{seal.hex()}' WHERE seal_no = 4")
        assert _faults() == (Fault(4, row.pk, what),)


def test_a_whole_chain_forged_by_one_who_holds_a_key_is_not_as_filed(sealed: None) -> None:
    end = seals.GENESIS
    for row in AuditEntry.objects.order_by("seal_no"):
        row.why = "forged"
        end = seals.keyed_seal(end, row)
        _tamper(f"UPDATE kernel_auditentry SET why = 'forged', seal = '\\x{end.hex()}' WHERE seal_no = {row.seal_no}")
    assert _faults() == (Fault(4, _pk(4), "not as filed"),)


def test_sealed_notes_that_nobody_filed_are_named(sealed: None, at: Any) -> None:
    _note(2, at)
    tasks.seal_audit(side="kernel", at=at)
    _tamper("DELETE FROM kernel_audithead WHERE number = 6", "kernel_audithead")
    assert _faults() == (Fault(5, None, "not filed", 2),)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_audithead SET number = 3 WHERE number = 4",
        "UPDATE kernel_audithead SET at = now() WHERE number = 4",
        "UPDATE kernel_audithead SET restored = true WHERE number = 4",
        "UPDATE kernel_audithead SET schema = 't_beta' WHERE number = 4",
    ],
)
def test_a_changed_head_is_named(sealed: None, at: Any, statement: str) -> None:
    first = AuditHead.objects.get().pk
    _note(1, at)
    tasks.seal_audit(side="kernel", at=at)
    _tamper(statement, "kernel_audithead")
    assert list(seals.verify_heads()) == [first]


def test_a_removed_head_is_named_by_the_next_one_of_whichever_schema(sealed: None, alpha: Any, at: Any) -> None:
    tasks.seal_audit(side="tenant_records", at=at)
    newest = seals.newest_head("t_alpha")
    assert newest is not None
    with tenancy.open_public():
        _tamper("DELETE FROM kernel_audithead WHERE schema = 'public'", "kernel_audithead")
    assert list(seals.verify_heads()) == [newest.id]


def test_a_head_written_down_is_asked_for_later(sealed: None) -> None:
    head = seals.newest_head()
    assert head is not None
    assert [seals.stands(mark) for mark in (head.mark, f"{head.id}:{'0' * 16}", "x", f"{head.id + 1}:")] == [
        True,
        False,
        False,
        False,
    ]


def test_what_was_sealed_before_there_was_a_key_is_told_apart_and_bound_by_the_first_head(
    institutions: Any, public_db: None, at: Any
) -> None:
    _note(3, at)
    end = seals.GENESIS
    for number, row in enumerate(AuditEntry.objects.order_by("id"), start=1):
        row.seal_no = number
        end = seals.unkeyed_seal(end, row)
        AuditEntry.objects.filter(pk=row.pk).update(seal_no=number, seal=end)
    report = record_queries.chain_report("kernel")
    assert (report.before_key, report.head, report.faults) == (3, None, ())
    tasks.file_heads(at=at)
    later.drain()
    _note(2, at)
    tasks.seal_audit(side="kernel", at=at)
    report = record_queries.chain_report("kernel")
    assert (report.sealed, report.before_key, report.faults) == (5, 3, ())
    row = AuditEntry.objects.get(seal_no=3)
    row.why, previous = "later", bytes(AuditEntry.objects.get(seal_no=2).seal)
    forged = seals.unkeyed_seal(previous, row).hex()
    _tamper(f"UPDATE kernel_auditentry SET why = 'later', seal = '\\x{forged}' WHERE seal_no = 3")
    assert _faults() == (Fault(3, row.pk, "not as filed"), Fault(4, _pk(4), "changed"))


def test_an_end_is_filed_where_none_was_and_never_asked_for_again(institutions: Any, public_db: None, at: Any) -> None:
    tasks.file_heads(at=at)
    asked = Outbox.objects.filter(task="kernel.seal", done_at=None)
    assert set(asked.values_list("schema", flat=True)) == {"public", "t_alpha", "t_beta"}
    later.drain()
    tasks.file_heads(at=at)
    assert not asked.exists()
    assert seals.filed_chains() == {"public", "t_alpha", "t_beta"}


def test_a_new_key_seals_what_is_new_and_the_old_one_is_needed_for_what_is_old(
    sealed: None, at: Any, settings: Any
) -> None:
    old = settings.NUOXING_AUDIT_KEYS
    settings.NUOXING_AUDIT_KEYS = {**old, 2: SECOND}
    _note(1, at)
    tasks.seal_audit(side="kernel", at=at)
    versions = [
        crypto.version_of(seal) for seal in AuditEntry.objects.order_by("seal_no").values_list("seal", flat=True)
    ]
    assert (versions, _faults(), list(seals.verify_heads())) == ([1, 1, 1, 1, 2], (), [])
    settings.NUOXING_AUDIT_KEYS = {2: SECOND}
    assert [fault.what for fault in _faults()] == ["sealed with key 1, which is not here"] * 4


def test_a_request_that_comes_while_notes_are_sealed_is_not_settled(sealed: None, at: Any, monkeypatch: Any) -> None:
    def seal_and_ask(table: Any, *, at: Any) -> int:
        count = seals_seal(table, at=at)
        later.later("kernel.seal", side="kernel")  # as a note would that is written meanwhile
        return count

    seals_seal = seals.seal
    monkeypatch.setattr(seals, "seal", seal_and_ask)
    tasks.seal_audit(side="kernel", at=at)
    assert Outbox.objects.filter(task="kernel.seal", done_at=None).count() == 1


def test_more_notes_than_one_sealing_takes_ask_for_the_next(institutions: Any, at: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(seals, "BATCH", 2)
    tenancy.enter(None)
    _note(5, at)
    later.drain()
    report = record_queries.chain_report("kernel")
    assert (report.sealed, report.unsealed, report.faults) == (5, 0, ())


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
def test_nobody_changes_or_deletes_a_filed_head(sealed: None, statement: str) -> None:
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
