"""`manage.py verify_audit` says of every chain how it stands, and ends with an error where one is not as filed."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from kernel import access, audit, clock, seals, tasks, tenancy
from kernel.models import AuditHead
from shared.institutions.models import Organisation
from shared.records import queries as record_queries
from support import tampering
from tenants.records.models import AuditEntry


@pytest.fixture
def sealed(institutions: Any, public_db: None, at: Any) -> None:
    """Three notes of the shared schema and three of the first institution, sealed and filed."""
    for schema, side in (("public", "kernel"), ("t_alpha", "tenant_records")):
        with tenancy.open_institution(schema):
            with transaction.atomic():
                for n in range(3):
                    own = AuditEntry(actor_name="x", acting_as="x", verb="x", row_type="x", row_id="x")
                    subject = Organisation.objects.first() if schema == "public" else own
                    assert subject is not None
                    audit.note(f"test.{n}", subject, by=access.SYSTEM, at=at)
            tasks.seal_audit(side=side, at=at)


def _verify(*arguments: str) -> tuple[list[str], str]:
    """Return what the command writes, and with which words it ends where it fails."""
    out = StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except CommandError as fault:
        return out.getvalue().splitlines(), str(fault)
    return out.getvalue().splitlines(), ""


def test_whole_chains_are_listed_with_their_filed_heads(sealed: None) -> None:
    lines, fault = _verify()
    marks = {chain: head.mark for chain in ("public", "t_alpha") if (head := seals.newest_head(chain))}
    assert fault == ""
    assert [line.partition(" filed ")[0] for line in lines] == [
        f"public: 3 sealed, 0 not sealed yet, head {marks['public']}",
        f"t_alpha: 3 sealed, 0 not sealed yet, head {marks['t_alpha']}",
        "t_beta: 0 sealed, 0 not sealed yet, no head filed",
    ]


def test_the_last_notes_of_an_institution_removed_are_named(sealed: None) -> None:
    with tenancy.open_institution("t_alpha"):
        tampering.run("DELETE FROM tenant_records_auditentry WHERE seal_no > 1", "tenant_records_auditentry")
    lines, fault = _verify()
    assert "  seals 2–3: removed" in lines
    assert fault == "1 places in the audit are not as they were sealed and filed"


def test_only_the_schema_asked_for_is_checked(sealed: None) -> None:
    with tenancy.open_institution("t_alpha"):
        tampering.run("DELETE FROM tenant_records_auditentry", "tenant_records_auditentry")
    assert _verify("--schema", "public")[1] == ""
    assert _verify("--schema", "t_alpha")[1] != ""


def test_a_schema_that_is_gone_is_named_unless_its_institution_was_deleted(sealed: None, institutions: Any) -> None:
    tampering.run("UPDATE kernel_audithead SET schema = 't_gone' WHERE schema = 't_alpha'", "kernel_audithead")
    assert record_queries.missing_chains() == ["t_gone"]
    assert "t_gone: the whole chain is gone" in _verify()[0]
    with tampering.past_triggers():
        type(institutions[0]).objects.filter(slug="beta").update(
            schema_name="t_gone",
            lifecycle="deleted",
            lifecycle_since=clock.real_now(),
            retired_at=clock.real_now(),
        )
    assert record_queries.missing_chains() == []


def test_a_head_that_was_written_down_must_stand(sealed: None) -> None:
    head = seals.newest_head()
    assert head is not None
    assert _verify("--head", head.mark)[1] == ""
    tampering.run(f"DELETE FROM kernel_audithead WHERE id = {head.id}", "kernel_audithead")
    tampering.run("DELETE FROM t_alpha.tenant_records_auditentry", "t_alpha.tenant_records_auditentry")
    assert _verify()[1] == ""  # nothing inside the database says that there was more
    assert f"filed head {head.mark}: it is not there" in _verify("--head", head.mark)[0]


def test_the_operator_sees_the_newest_head(sealed: None, as_actor: Any, acting: Any) -> None:
    head = seals.newest_head()
    assert head is not None
    assert record_queries.health(real=clock.real_now()).head == head
    answer = acting(as_actor("platform_operator")).get("/operator/")
    assert head.mark in answer.content.decode()
    assert AuditHead.objects.count() == 2
