"""A passed test is reported to the ministry's system, and its number is asked for until it comes (policy part 1.3)."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import SYSTEM, Actor
from kernel.errors import NotFound, Refusal
from kernel.later import later
from kernel.tenancy import open_public
from shared.exchange import operations as exchange
from shared.exchange.states import MINISTRY
from shared.identity import operations as identity
from shared.identity import queries as people
from shared.institutions import queries as institutions
from shared.policy import queries as law

from .. import adapters
from ..models import Certificate
from ..states import CERTIFICATE, CertificateState
from .issuing import receive_number, receive_refusal

KIND = "result"


class AnotherResult(Refusal):
    """A certificate was asked for already for this attempt, with other facts."""

    code = "another-result"
    words = _("A certificate was asked for already for this test, with another person, position or score.")


def request_certificate(
    *,
    institution_id: uuid.UUID,
    attempt_id: uuid.UUID,
    person_id: uuid.UUID,
    position: str,
    score: Decimal | int,
    tested_on: date,
    policy: str,
    by: Actor,
    at: datetime,
) -> uuid.UUID:
    """Ask for the certificate of a passed and finalised test; return its key. Asking again changes nothing.

    `policy` is the version of the pack under which the test was passed. Works in the caller's transaction, from within
    an institution's schema too; what follows happens after commit in the shared one. Refuses an unknown person or
    institution (NotFound), pack or position, and other facts for an attempt that is known (AnotherResult).
    """
    told = {"institution_id": institution_id, "person_id": person_id, "position": position, "tested_on": tested_on}
    told |= {"score": Decimal(score).quantize(Decimal("0.01"))}
    with open_public(), transaction.atomic():
        if (known := Certificate.objects.filter(attempt_id=attempt_id).first()) is not None:
            return _same(known, told)
        _check(position, policy)
        institutions.institution(institution_id)
        holder = people.person(person_id).name
        row = Certificate(
            attempt_id=attempt_id,
            holder=holder,
            policy=policy,
            requested_at=at,
            state=CERTIFICATE.initial,
            state_since=at,
            **told,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # the same request at the same time
            return _same(Certificate.objects.get(attempt_id=attempt_id), told)
        after = audit.values(row, "attempt_id", "position", "score", "tested_on")
        audit.note("certificate.request", row, by=by, at=at, after=after, policy=policy)
        if law.pack(policy).certificates.numbering == "own":
            later("certificates.give_own_number", certificate_id=str(row.pk))
        else:
            send_result(row, at=at)
    return row.pk


def _same(known: Certificate, told: dict[str, Any]) -> uuid.UUID:
    if any(getattr(known, name) != value for name, value in told.items()):
        raise AnotherResult
    return known.pk


def _check(position: str, policy: str) -> None:
    try:
        law.pack(policy).position(position)
    except KeyError:
        raise law.UnknownKey(key=position) from None


def send_result(row: Certificate, *, at: datetime) -> None:
    """Ask the ledger of outside systems, in the open transaction, to report a result until it is answered."""
    exchange.send(
        system=MINISTRY,
        kind=KIND,
        key=str(row.request_id),
        subject=row.pk,
        scope=row.institution.organisation.authority_code,
        title=f"{row.institution.name} · {row.tested_on.isoformat()}",
        as_of=row.requested_at,
        at=at,
    )


def told(subject: uuid.UUID, *, at: datetime) -> dict[str, Any]:
    """Return the report of a result as it is sent; that the document's number was read for it is written down."""
    row = _locked(subject)
    number = identity.reveal_id_number(
        person_id=row.person_id, by=SYSTEM, reason="report of a test result to the ministry's system", at=at
    )
    line = adapters.ResultLine(
        result_id=row.attempt_id,
        position=row.position,
        name=row.holder,
        id_number=number,
        score=row.score,
        institution_credit_code=row.institution.organisation.credit_code,
        tested_on=row.tested_on,
    )
    return adapters.report(line)


def note_sent(*, subject: uuid.UUID, at: datetime) -> None:
    """Write down that the ministry's system has received the report; harmless where more is known already."""
    with transaction.atomic():
        row = _locked(subject)
        if row.state == CertificateState.REQUESTED:
            CERTIFICATE.move(row, "send", by=SYSTEM, at=at, policy=row.policy)


def note_refused(*, subject: uuid.UUID, reason: str, at: datetime) -> None:
    """Take the refusal of a whole report."""
    receive_refusal(certificate_id=subject, reason=reason, at=at)


def take_answer(*, subject: uuid.UUID, answer: Mapping[str, Any], at: datetime) -> bool:
    """Take what the ministry's system says of a result, a number before a refusal; return whether it decides.

    An answer that is late, given twice, given for another result or not to be read changes nothing.
    """
    read = adapters.read(answer)
    if read is None:
        return False
    with transaction.atomic():
        row = _locked(subject)
        numbered = [got for got in read.certificates if got.result_id == row.attempt_id]
        for got in numbered:
            receive_number(certificate_id=row.pk, number=got.number, issued_on=got.issued_on, at=at)
        refused = [no for no in read.refused if no.result_id == row.attempt_id]
        if refused and not numbered:
            receive_refusal(certificate_id=row.pk, reason=refused[0].reason, at=at)
        row.refresh_from_db()
        return bool(numbered or refused) and row.state not in (CertificateState.REQUESTED, CertificateState.SENT)


def _locked(certificate_id: uuid.UUID) -> Certificate:
    rows = Certificate.objects.select_related("institution__organisation").select_for_update(of=("self",))
    row = rows.filter(pk=certificate_id).first()
    if row is None:
        raise NotFound
    return row
