"""The ministry's answer: a number, from which the certificate is issued, or a refusal."""

import uuid
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kernel import audit, folding
from kernel.access import SYSTEM, Actor
from kernel.db.violations import constraint_of
from kernel.errors import NotFound
from kernel.idnumbers import mask_id
from kernel.later import Priority
from kernel.paper import Unprintable
from shared.exchange.operations import messages as exchange_messages
from shared.exchange.states import MINISTRY
from shared.identity.operations import people
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import people as people_queries
from shared.notices import operations as notices
from shared.records import operations as records

from .. import documents, methods
from ..models import NUMBERED, PLACE, Certificate, CertificateVersion
from ..queries import rows as certificate_rows
from ..queries import verification
from ..states import CERTIFICATE, CertificateState

RETENTION = "life of the certificate and 3 years"


def receive_number(*, certificate_id: uuid.UUID, number: str, issued_on: date, at: datetime) -> None:
    """Take the number that the ministry's system gives: the certificate is issued with its first version.

    The same number again changes nothing. Another number for a certificate that has one, or a number that another
    certificate has, is written down as trouble for the authority and changes nothing else: numbers are never reused.
    So is a character that cannot be printed: the number is asked for again until it can.
    """
    with transaction.atomic():
        row = _lock_certificate(certificate_id)
        if row.state in NUMBERED:
            if folding.number(str(row.number)) != folding.number(number):
                _record_trouble(row, _("The ministry's system now answers the number %(n)s.") % {"n": number}, at=at)
            return
        if certificate_rows.by_number(number) is not None:
            _number_taken(row, number, at=at)
            return
        try:
            with transaction.atomic():
                _issue(row, number, issued_on, at=at)
        except Unprintable as refusal:
            row.refresh_from_db()
            _record_trouble(row, str(refusal), at=at, verb="certificate.unprintable")
        except IntegrityError as fault:
            if constraint_of(fault) == "certificates_one_live":
                row.refresh_from_db()
                _record_trouble(row, _("The person has another certificate of this position."), at=at)
                return
            if certificate_rows.by_number(number) is None:
                raise
            row.refresh_from_db()
            _number_taken(row, number, at=at)


def receive_refusal(*, certificate_id: uuid.UUID, reason: str, at: datetime) -> None:
    """Take the ministry's refusal of a result; one that comes after a number changes nothing."""
    with transaction.atomic():
        row = _lock_certificate(certificate_id)
        if row.state not in (CertificateState.REQUESTED, CertificateState.SENT):
            return
        detail = reason.strip()[:300] or _("The ministry's system gave no reason.")
        CERTIFICATE.move(row, "refuse", by=SYSTEM, at=at, why=detail, policy=row.policy, trouble=detail)
        exchange_messages.note_refused(system=MINISTRY, kind="result", key=str(row.request_id), reason=detail, at=at)


def refresh_holder(person_id: uuid.UUID, at: datetime) -> None:
    """Write the register's name into the results of a person that have no number yet."""
    name = people_queries.person(person_id).name
    rows = Certificate.objects.select_for_update().filter(person_id=person_id).exclude(state__in=NUMBERED)
    for row in rows.exclude(holder=Value(name)).order_by("pk"):
        before, row.holder = {"holder": row.holder}, name
        row.save(update_fields=["holder"])
        audit.note("certificate.refresh-holder", row, by=SYSTEM, at=at, before=before, after={"holder": name})


def _issue(row: Certificate, number: str, issued_on: date, *, at: datetime) -> None:
    CERTIFICATE.move(
        row,
        "issue",
        by=SYSTEM,
        at=at,
        policy=row.policy,
        locked=True,
        number=number,
        issued_on=issued_on,
        holder=people_queries.person(row.person_id).name,
        version=1,
        trouble="",
    )
    write_version(row, institution=row.institution_name, reason="", by=SYSTEM, at=at)
    notify_holder(row, "certificates.issued", at=at, key=f"certificate:{row.pk}:issued")
    line = {"result_id": str(row.attempt_id), "number": number, "issued_on": issued_on.isoformat()}
    answer = {"certificates": [line]}
    exchange_messages.note_settled(system=MINISTRY, kind="result", key=str(row.request_id), answer=answer, at=at)


def write_version(row: Certificate, *, institution: str, reason: str, by: Actor, at: datetime) -> CertificateVersion:
    """Freeze what a numbered certificate says now and print it; the version's number is the row's."""
    full_number = people.reveal_id_number(
        person_id=row.person_id, by=SYSTEM, reason=gettext_noop("printed on the holder's own certificate"), at=at
    )
    assert row.issued_on is not None
    masked_number = mask_id(full_number)
    facts = certificate_rows.facts(
        row, holder=row.holder, institution=institution, issued_on=row.issued_on, id_masked=masked_number
    )
    snapshot = methods.snapshot(facts, version=row.version, at=at)
    pdf = documents.certificate_pdf(snapshot, id_number=masked_number)
    name = f"{row.number}-v{row.version}.pdf"
    file = records.store_file(content=pdf, name=name, by=by, at=at, kinds=("pdf",), retention=RETENTION)
    return CertificateVersion.objects.create(
        certificate=row,
        number=row.version,
        snapshot=snapshot,
        id_number=full_number,
        file_id=file.id,
        sha256=file.sha256,
        made_at=at,
        made_by=by.account_id,
        reason=reason,
    )


def notify_holder(row: Certificate, template: str, *, at: datetime, key: str) -> None:
    """Notify the holder, who may have no account any more."""
    account = account_queries.account_of(row.person_id)
    if account is None:
        return
    context = {
        "position": certificate_rows.position_name(row),
        "number": row.number or "",
        "url": verification.address("mine"),
    }
    notices.send(to=account, template=template, context=context, at=at, key=key, priority=Priority.BULK)


def _number_taken(row: Certificate, number: str, *, at: datetime) -> None:
    _record_trouble(
        row, _("The ministry's system answers the number %(n)s, which another certificate has.") % {"n": number}, at=at
    )


def _record_trouble(row: Certificate, detail: str, *, at: datetime, verb: str = "certificate.other-number") -> None:
    """Write down, once, what stands in the way: the other side contradicts itself, or a character has no font."""
    if row.trouble == detail:
        return
    row.trouble = detail
    row.save(update_fields=["trouble"])
    audit.note(verb, row, by=SYSTEM, at=at, after={"trouble": detail}, why=detail)


def _lock_certificate(certificate_id: uuid.UUID) -> Certificate:
    rows = Certificate.objects.annotate(**PLACE)
    row = rows.select_for_update(of=("self",)).filter(pk=certificate_id).first()
    if row is None:
        raise NotFound
    return row
