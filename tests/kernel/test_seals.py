"""Seals of the audit: keyed, set once, filed; what was changed, removed, reordered or forged is found and named."""

import base64
from typing import Any

import pytest
from django.db import transaction

from kernel import access, audit, crypto, later, seals, tasks, tenancy
from kernel.models import AuditEntry, AuditHead, Outbox
from kernel.seals import Fault
from shared.institutions.models import Organisation
from shared.records import queries as record_queries
from support import tampering

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
