"""Notes stand where what they note stands, are written with it, and ask for their seal once."""

import pytest
from django.db import transaction

from kernel import access, audit, tasks, tenancy
from kernel.models import AuditEntry, Outbox
from shared.institutions.models import Organisation
from shared.records import queries as record_queries


@pytest.fixture
def notes(institutions, at, public_db):
    organisation = Organisation.objects.get(institution__slug="alpha")
    with transaction.atomic():
        for n in range(4):
            audit.note(f"test.{n}", organisation, by=access.SYSTEM, at=at, after={"n": n})
    return organisation


def test_one_transaction_asks_for_one_sealing(notes):
    assert Outbox.objects.filter(task="kernel.seal", done_at=None).count() == 1


def test_an_institutions_notes_lie_in_its_own_schema(alpha, at):
    from tenants.records.models import AuditEntry as Own

    own = Own(at=at, actor_name="x", acting_as="x", verb="x", row_type="x", row_id="x")
    with transaction.atomic():
        audit.note("test.own", own, by=access.SYSTEM, at=at)
    assert Own.objects.filter(verb="test.own").count() == 1
    assert not AuditEntry.objects.filter(verb="test.own").exists()


def test_a_note_outside_of_a_transaction_is_a_fault_of_the_program(at):
    with pytest.raises(transaction.TransactionManagementError):
        audit.note("test", Organisation(), by=access.SYSTEM, at=at)


def test_notes_written_together_are_those_written_one_by_one(alpha, at):
    from tenants.records.models import AuditEntry as Own

    own = Own(at=at, actor_name="x", acting_as="x", verb="x", row_type="x", row_id="x")
    organisation = Organisation.objects.get(institution__slug="alpha")
    with transaction.atomic(), audit.together():
        audit.note("test.first", organisation, by=access.SYSTEM, at=at, after={"n": 1})
        audit.note("test.own", own, by=access.SYSTEM, at=at)
        with tenancy.open_public():
            audit.note("test.second", organisation, by=access.SYSTEM, at=at)
        audit.note("test.third", organisation, by=access.SYSTEM, at=at)
        assert not Own.objects.filter(verb="test.own").exists()

    assert Own.objects.filter(verb="test.own").count() == 1
    with tenancy.open_public():
        rows = list(AuditEntry.objects.filter(verb__startswith="test.").order_by("id").values_list("verb", "schema"))
        assert rows == [("test.first", "t_alpha"), ("test.second", "public"), ("test.third", "t_alpha")]
        assert tasks.seal_audit(side="kernel", at=at) >= 3
        assert record_queries.chain_report("kernel").faults == ()
