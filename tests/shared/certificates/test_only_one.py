"""A person has one certificate of a position that is valid or on its way. The database decides."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from kernel import audit, tenancy
from kernel.access import Actor
from kernel.fields import uuid7
from shared.certificates.models import Certificate
from shared.certificates.operations import corrections, issuing, reporting

AskFor = Callable[..., Certificate]


def test_a_second_certificate_of_one_position_is_refused_and_nothing_is_asked_for(ask: AskFor) -> None:
    ask()
    with pytest.raises(reporting.AlreadyCertified) as refused:
        ask(attempt_id=uuid7())
    assert refused.value.params["number"] == "—"
    assert Certificate.objects.count() == 1


def test_the_database_refuses_it_to_everybody(ask: AskFor) -> None:
    row = ask()
    row.pk, row.attempt_id, row.request_id, row.token = uuid7(), uuid7(), uuid7(), "other"
    with tenancy.as_owner(), pytest.raises(IntegrityError, match="certificates_one_live"), transaction.atomic():
        Certificate.objects.bulk_create([row])
    assert Certificate.objects.count() == 1


def test_after_a_revocation_another_one_may_be_asked_for(issued: Certificate, ask: AskFor, officer: Actor) -> None:
    at = issued.state_since
    corrections.revoke(certificate_id=issued.pk, ground="mistake", remark="成绩登记有误", by=officer, at=at)
    ask(attempt_id=uuid7())
    assert sorted(Certificate.objects.values_list("state", flat=True)) == ["requested", "revoked"]


def test_a_refused_one_is_not_reported_again_beside_another(ask: AskFor, officer: Actor, at: datetime) -> None:
    row = ask()
    issuing.receive_refusal(certificate_id=row.pk, reason="证件号不符", at=at)
    ask(attempt_id=uuid7())
    with pytest.raises(reporting.AlreadyCertified):
        corrections.report_again(certificate_id=row.pk, remark="证件号已更正", by=officer, at=at)
    issuing.receive_number(certificate_id=row.pk, number="JX-26-9", issued_on=date(2026, 3, 3), at=at)
    row.refresh_from_db()
    assert (row.state, row.number) == ("refused", None)
    assert [note.verb for note in audit.history(row)][-1] == "certificate.other-number"
