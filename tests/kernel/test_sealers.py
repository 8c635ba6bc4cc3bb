"""Sealers at work: two at once, and one that is killed, leave one whole chain whose end is filed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from kernel import access, audit, clock, seals, tasks, tenancy
from kernel.models import AuditHead
from shared.records import queries as record_queries
from support import committed
from support.races import race
from tenants.records.models import AuditEntry


@pytest.fixture
def alpha_committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The first institution in committed transactions, which leave nothing behind."""
    with committed.committing(django_db_blocker):
        institution = committed.institution()
        with tenancy.open_institution(institution):
            yield institution


def _note(count: int) -> None:
    subject = AuditEntry(actor_name="x", acting_as="x", verb="x", row_type="x", row_id="x")
    with transaction.atomic():
        for n in range(count):
            audit.note(f"test.{n}", subject, by=access.SYSTEM, at=clock.real_now())


def _seal() -> None:
    tasks.seal_audit(side="tenant_records", at=clock.real_now())


def _state() -> tuple[int, int, list[int], tuple[seals.Fault, ...]]:
    report = record_queries.chain_report("tenant_records")
    with tenancy.open_public():
        filed = list(AuditHead.objects.filter(schema="t_alpha").order_by("id").values_list("number", flat=True))
        assert list(seals.verify_heads()) == []
    return report.sealed, report.unsealed, filed, report.faults


def test_two_sealers_of_one_schema_link_every_note_once(alpha_committed: Any) -> None:
    _note(40)

    def note_and_seal() -> None:
        for _n in range(5):
            _note(2)
            _seal()

    assert race(note_and_seal, note_and_seal, _seal, institution=alpha_committed) == ["done"] * 3
    _seal()
    sealed, unsealed, filed, faults = _state()
    assert (sealed, unsealed, faults) == (60, 0, ())
    assert filed == sorted(set(filed))
    assert filed[-1] == 60


def test_sealers_of_different_schemas_file_one_chain_of_heads(alpha_committed: Any) -> None:
    beta = committed.institution("beta")

    def note_and_seal(institution: Any) -> Any:
        def run() -> None:
            with tenancy.open_institution(institution):
                for _n in range(5):
                    _note(1)
                    _seal()

        return run

    assert race(note_and_seal(alpha_committed), note_and_seal(beta)) == ["done", "done"]
    assert _state() == (5, 0, [1, 2, 3, 4, 5], ())


def test_a_killed_sealer_leaves_nothing_half_and_the_next_goes_on(alpha_committed: Any, monkeypatch: Any) -> None:
    _note(3)
    _seal()
    _note(2)
    file_end = seals._file

    def file_and_die(*args: Any, **kwargs: Any) -> None:
        file_end(*args, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patched:
        patched.setattr(seals, "_file", file_and_die)
        with pytest.raises(Exception, match=r"terminat|closed"):
            _seal()
    connection.close()
    assert _state() == (3, 2, [3], ())
    _seal()
    assert _state() == (5, 0, [3, 5], ())


def test_a_note_written_while_notes_are_sealed_waits_for_the_next_sealing(alpha_committed: Any) -> None:
    """A note with a smaller number may commit after one that is sealed: it comes after it in the chain."""
    _note(1)

    def seal_beside() -> None:
        assert race(_seal, institution=alpha_committed) == ["done"]

    with transaction.atomic():
        _note(1)
        seal_beside()
    assert _state()[:3] == (1, 1, [1])
    _seal()
    assert _state() == (2, 0, [1, 2], ())
