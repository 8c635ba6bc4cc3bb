"""Issued certificates: corrected under the same number, revoked for good, copied for their holders only."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.db import IntegrityError, transaction

from kernel import audit, tenancy
from kernel.access import Actor, Denied
from kernel.errors import Invalid, NotFound
from kernel.reasons import ReasonRequired
from kernel.states import WrongState
from shared.certificates.models import Certificate
from shared.certificates.operations import corrections as certificate_corrections
from shared.certificates.queries import rows as certificate_rows

Make = Callable[..., Actor]


def _correct(row: Certificate, by: Actor, at: Any, **other: Any) -> int:
    values = {
        "holder": "演示学元",
        "institution": "演示培训学校甲",
        "issued_on": date(2026, 3, 3),
        "reason": "姓名用字更正",
    }
    return certificate_corrections.correct(certificate_id=row.pk, **values | other, by=by, at=at)


def test_a_correction_is_a_new_version_under_the_same_number(issued: Certificate, officer: Actor, at: Any) -> None:
    assert _correct(issued, officer, at) == 2
    issued.refresh_from_db()
    first, second = issued.versions.order_by("number")
    assert (issued.number, issued.holder, issued.version) == ("JX-TEST-26-0001", "演示学元", 2)
    assert (first.snapshot["holder"], first.superseded_at) == ("演示学员", at)
    assert (second.snapshot["holder"], second.superseded_at, second.reason) == ("演示学元", None, "姓名用字更正")
    assert second.sha256 != first.sha256


def test_a_correction_that_changes_nothing_is_refused(issued: Certificate, officer: Actor, at: Any) -> None:
    with pytest.raises(certificate_corrections.NothingToCorrect):
        _correct(issued, officer, at, holder="演示学员")
    assert issued.versions.count() == 1


def test_a_correction_without_a_reason_is_refused(issued: Certificate, officer: Actor, at: Any) -> None:
    with pytest.raises(ReasonRequired) as refusal:
        _correct(issued, officer, at, reason=" ")
    assert refusal.value.field == "reason"
    assert issued.versions.count() == 1


@pytest.mark.parametrize(
    ("role", "scope", "level", "refusal"),
    [
        ("city_officer", "360200", 2, NotFound),
        ("inspector", "360100", 2, Denied),
        ("registrar", "360100", 2, NotFound),
        ("city_officer", "360100", 1, NotFound),
    ],
)
def test_who_does_not_answer_for_it_changes_nothing(
    issued: Certificate, as_actor: Make, at: Any, role: str, scope: str, level: int, refusal: type[Exception]
) -> None:
    by = as_actor(role, scope=scope, level=level)
    with pytest.raises(refusal):
        _correct(issued, by, at)
    with pytest.raises(refusal):
        certificate_corrections.revoke(certificate_id=issued.pk, ground="mistake", remark="演示", by=by, at=at)
    issued.refresh_from_db()
    assert (issued.state, issued.version) == ("issued", 1)


def test_the_province_may_correct_what_a_city_answers_for(issued: Certificate, as_actor: Make, at: Any) -> None:
    assert _correct(issued, as_actor("province_officer", scope="360000"), at) == 2


def test_a_revoked_certificate_stays_revoked(issued: Certificate, officer: Actor, at: Any) -> None:
    certificate_corrections.revoke(certificate_id=issued.pk, ground="falsified", remark="某某决定", by=officer, at=at)
    issued.refresh_from_db()
    assert (issued.state, issued.ground, issued.number) == ("revoked", "falsified", "JX-TEST-26-0001")
    assert audit.history(issued)[-1].why == "某某决定"
    with pytest.raises(WrongState):
        certificate_corrections.revoke(certificate_id=issued.pk, ground="mistake", remark="again", by=officer, at=at)
    with pytest.raises(WrongState):
        _correct(issued, officer, at)


@pytest.mark.parametrize(("ground", "remark"), [("whim", "because"), ("mistake", " ")])
def test_a_revocation_without_ground_or_words_is_refused(
    issued: Certificate, officer: Actor, at: Any, ground: str, remark: str
) -> None:
    with pytest.raises(Invalid):
        certificate_corrections.revoke(certificate_id=issued.pk, ground=ground, remark=remark, by=officer, at=at)
    issued.refresh_from_db()
    assert issued.state == "issued"


def test_the_holders_own_copy_shows_the_whole_number_and_is_noted(issued: Certificate, holder: Actor, at: Any) -> None:
    name, pdf = certificate_corrections.own_copy(certificate_id=issued.pk, by=holder, at=at)
    whole = issued.person.id_number.reveal()
    assert name == "JX-TEST-26-0001.pdf"
    assert whole in "".join(p.extract_text() for p in pypdf.PdfReader(BytesIO(pdf)).pages)
    note = audit.history(issued)[-1]
    assert (note.verb, note.after) == ("certificate.own-copy", {"version": 1})


def test_nobody_else_gets_the_holders_copy(issued: Certificate, officer: Actor, as_actor: Make, at: Any) -> None:
    for by in (officer, as_actor(level=1), as_actor("registrar", scope=str(issued.institution.organisation_id))):
        with pytest.raises(NotFound):
            certificate_corrections.own_copy(certificate_id=issued.pk, by=by, at=at)
    assert [n.verb for n in audit.history(issued)].count("certificate.own-copy") == 0


def test_no_copy_of_a_revoked_certificate_is_handed_out(
    issued: Certificate, officer: Actor, holder: Actor, at: Any
) -> None:
    certificate_corrections.revoke(certificate_id=issued.pk, ground="mistake", remark="演示", by=officer, at=at)
    with pytest.raises(certificate_rows.NotValid):
        certificate_corrections.own_copy(certificate_id=issued.pk, by=holder, at=at)
    with pytest.raises(certificate_rows.NotValid):
        certificate_rows.document_path(holder, issued.pk)
    assert certificate_rows.document_path(officer, issued.pk).startswith("/files/")


def test_the_kept_document_is_open_to_those_it_concerns(
    issued: Certificate, officer: Actor, holder: Actor, as_actor: Make, beta: Any
) -> None:
    staff = as_actor("registrar", scope=str(issued.institution.organisation_id))
    for by in (officer, holder, staff):
        assert certificate_rows.document_path(by, issued.pk).startswith("/files/")
    for by in (
        as_actor("registrar", scope=str(beta.organisation_id)),
        as_actor("city_officer", scope="360200"),
        as_actor(),
    ):
        with pytest.raises(NotFound):
            certificate_rows.document_path(by, issued.pk)


@pytest.mark.parametrize(
    "change",
    [
        lambda row: Certificate.objects.filter(pk=row.pk).update(number="OTHER"),
        lambda row: Certificate.objects.filter(pk=row.pk).delete(),
        lambda row: row.versions.update(reason="other"),
        lambda row: row.versions.all().delete(),
    ],
)
def test_the_database_keeps_numbers_and_versions(issued: Certificate, change: Callable[[Any], Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), tenancy.as_owner():
        change(issued)
    issued.refresh_from_db()
    assert (issued.number, issued.versions.count()) == ("JX-TEST-26-0001", 1)


@pytest.mark.parametrize("holder", ["360102199005060012", "演示2", "演"])
def test_a_number_is_no_holder_s_name(issued: Certificate, officer: Actor, at: Any, holder: str) -> None:
    with pytest.raises(Invalid) as refusal:
        _correct(issued, officer, at, holder=holder)
    assert (refusal.value.field, issued.versions.count()) == ("holder", 1)


def test_a_number_is_given_once_however_it_is_written(issued: Certificate) -> None:
    with pytest.raises(IntegrityError, match="certificates_number_once"), transaction.atomic():
        Certificate.objects.create(**_like(issued, number="ｊx－ＴＥＳＴ－２６－０００１", position="SGY-ZS"))


def _like(row: Certificate, **other: Any) -> dict[str, Any]:
    names = [f.attname for f in Certificate._meta.local_concrete_fields if f.name not in ("id", "token", "request_id")]
    return {name: getattr(row, name) for name in names} | {"attempt_id": row.request_id} | other
