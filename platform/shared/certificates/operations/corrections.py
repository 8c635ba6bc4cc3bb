"""Corrections under the same number, revocations, and the holder's own copies."""

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, conflicts, names, reasons
from kernel.access import Actor
from kernel.conflicts import Stamps
from kernel.errors import Invalid, NotFound, Refusal
from kernel.fields import uuid7
from shared.identity.queries import people as people_queries

from .. import documents, rules
from ..models import PLACE, Certificate
from ..queries import rows as certificate_rows
from ..states import CERTIFICATE, CertificateState, Ground
from .issuing import notify_holder, write_version
from .reporting import ask_for_number, refuse_second

CORRECTED = ("holder", "institution", "issued_on")
"""What of a certificate's words an officer corrects."""


class NothingToCorrect(Refusal):
    """The correction would say what the certificate says already."""

    code = "nothing-to-correct"
    message = _("Nothing would change: the certificate says this already.")


def correct(
    *,
    certificate_id: uuid.UUID,
    holder: str,
    institution: str,
    issued_on: date,
    reason: str,
    made_from: Stamps | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Give a certificate a new version under the same number and return its number; the old one is marked superseded.

    The holder's document number is read anew from the register of people. Refuses officers of other authorities
    (NotFound, Denied), a certificate that is not valid (WrongState), one that says all this already (NothingToCorrect),
    a correction without a reason (ReasonRequired), and words that another officer corrected since the page showed them
    (ChangedMeanwhile, by `made_from`).
    """
    with transaction.atomic():
        row = _lock_for_decision(by, certificate_id)
        reason = reasons.require(reason, field="reason")
        current = row.versions.filter(superseded_at=None).first()
        masked = people_queries.person(row.person_id).masked_id
        corrected = {"holder": _holder(holder), "institution": institution.strip(), "issued_on": issued_on.isoformat()}
        if current is not None:
            stored = {name: current.snapshot[name] for name in CORRECTED}
            corrected = stored | conflicts.changes(seen=made_from, stored=stored, entered=corrected)
        corrected["id_masked"] = masked
        if current is not None and all(current.snapshot[name] == value for name, value in corrected.items()):
            raise NothingToCorrect
        CERTIFICATE.move(
            row,
            "correct",
            by=by,
            at=at,
            why=reason,
            policy=row.policy,
            holder=corrected["holder"],
            issued_on=date.fromisoformat(corrected["issued_on"]),
            version=row.version + 1,
        )
        row.versions.filter(superseded_at=None).update(superseded_at=at)
        write_version(row, institution=corrected["institution"], reason=reason[:300], by=by, at=at)
        notify_holder(row, "certificates.corrected", at=at, key=f"certificate:{row.pk}:v{row.version}")
    return row.version


def _holder(text: str) -> str:
    try:
        return names.person_name(text)
    except names.NotAName as refusal:
        refusal.field = "holder"
        raise


def revoke(*, certificate_id: uuid.UUID, ground: str, remark: str, by: Actor, at: datetime) -> None:
    """Revoke a certificate, at once and for good; the ground is published, the remark is kept for those who oversee it.

    Refuses as `correct` does, and (Invalid) an unknown ground.
    """
    with transaction.atomic():
        row = _lock_for_decision(by, certificate_id)
        if ground not in Ground.values:
            raise Invalid(field="ground")
        remark = reasons.require(remark, field="remark")
        CERTIFICATE.move(row, "revoke", by=by, at=at, why=remark, policy=row.policy, ground=ground)
        notify_holder(row, "certificates.revoked", at=at, key=f"certificate:{row.pk}:revoked")


def report_again(*, certificate_id: uuid.UUID, remark: str, by: Actor, at: datetime) -> None:
    """Report a result anew, under a new request, after what the ministry's system refused has been put right.

    The holder's name and number are read anew from the register of people. Refuses as `correct` does, and
    (AlreadyCertified) somebody who has another certificate of this position by now.
    """
    with transaction.atomic():
        row = _lock_for_decision(by, certificate_id)
        refuse_second(row.person_id, row.position, exclude=row.pk)
        remark = reasons.require(remark, field="remark")
        CERTIFICATE.move(
            row,
            "report_again",
            by=by,
            at=at,
            why=remark,
            policy=row.policy,
            request_id=uuid7(),
            holder=people_queries.person(row.person_id).name,
            trouble="",
        )
        ask_for_number(row, at=at)


def own_copy(*, certificate_id: uuid.UUID, by: Actor, at: datetime) -> tuple[str, bytes]:
    """Return the holder's own copy, with the whole number of the document, as (file name, PDF).

    It is made now and not kept; that it was made is written down. Refuses anybody but the holder (NotFound) and a
    certificate that is not valid (NotValid).
    """
    with transaction.atomic():
        row = Certificate.objects.filter(pk=certificate_id).first()
        if row is None or not rules.is_holder(by, row.person_id):
            raise NotFound
        if row.state != CertificateState.ISSUED:
            raise certificate_rows.NotValid
        version = certificate_rows.current(row)
        audit.note("certificate.own-copy", row, by=by, at=at, after={"version": version.number})
    pdf = documents.certificate_pdf(version.snapshot, id_number=version.id_number.reveal())
    return f"{row.number}.pdf", pdf


def _lock_for_decision(by: Actor, certificate_id: uuid.UUID) -> Certificate:
    """Return the locked certificate if this officer may decide about it."""
    row = certificate_rows.certificate_for_officer(by, certificate_id)
    access.demand(by, certificate_rows.may_decide, row)
    rows = Certificate.objects.annotate(**PLACE)
    return rows.select_for_update(of=("self",)).get(pk=row.pk)
