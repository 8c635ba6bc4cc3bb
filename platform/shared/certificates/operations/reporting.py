"""A passed test is reported to the ministry's system, and its number is asked for until it comes (policy part 1.3)."""

import logging
import uuid
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
from shared.identity import operations as identity
from shared.identity import queries as people
from shared.institutions import queries as institutions
from shared.policy import queries as law

from .. import adapters, methods, queries
from ..models import Certificate
from ..states import CERTIFICATE, CertificateState
from .issuing import receive_number, receive_refusal

log = logging.getLogger(__name__)


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
            poll_at=at + methods.REPORT_AGAIN_AFTER,
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
        later("certificates.send_result", certificate_id=str(row.pk))
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


def send_result(*, certificate_id: uuid.UUID, at: datetime, real: datetime) -> None:
    """Report one result to the ministry's system; harmless to repeat. Raises Unreachable: to be tried again."""
    with transaction.atomic():
        row = _locked(certificate_id)
        if row.state != CertificateState.REQUESTED:
            return
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
        try:
            adapters.report(request_id=row.request_id, results=[line], at=at)
        except adapters.NotAccepted as no:
            receive_refusal(certificate_id=row.pk, reason=str(no), at=at)
            return
        CERTIFICATE.move(row, "send", by=SYSTEM, at=at, policy=row.policy, polls=0, poll_at=real + methods.FIRST_WAIT)
        later("certificates.collect", certificate_id=str(row.pk))


def collect(*, certificate_id: uuid.UUID, at: datetime) -> bool:
    """Ask once for a number and take what is answered; return whether anything was decided.

    An answer that is late, given twice or given for another result changes nothing. Where the other side does not
    answer, the clockwork asks again (`ask_again`), ever later.
    """
    with transaction.atomic():
        row = _locked(certificate_id)
        if row.state not in (CertificateState.REQUESTED, CertificateState.SENT):
            return False
        try:
            answer = adapters.answer(request_id=row.request_id)
        except adapters.Unreachable as fault:
            log.warning("no answer about certificate %s: %s", row.pk, fault)
            return False
        except adapters.NotAccepted as no:
            receive_refusal(certificate_id=row.pk, reason=str(no), at=at)
            return True
        return answer is not None and _take(row, answer, at=at)


def _take(row: Certificate, answer: adapters.Answer, *, at: datetime) -> bool:
    """Take what an answer says of this result, a number before a refusal; return whether it says anything."""
    numbered = [got for got in answer.certificates if got.result_id == row.attempt_id]
    for got in numbered:
        receive_number(certificate_id=row.pk, number=got.number, issued_on=got.issued_on, at=at)
    refused = [no for no in answer.refused if no.result_id == row.attempt_id]
    if refused and not numbered:
        receive_refusal(certificate_id=row.pk, reason=refused[0].reason, at=at)
    return bool(numbered or refused)


def ask_again(*, at: datetime, real: datetime, everything: bool) -> int:
    """Queue a question, or a report that never left, for what waits; each after a longer pause. Return how many.

    `everything` asks without regard to pauses (a clockwork run by hand).
    """
    with transaction.atomic():
        rows = queries.waiting(real=real, all_=everything)
        for row in rows:
            sent = row.state == CertificateState.SENT
            row.polls = min(row.polls + 1, 1000)
            row.poll_at = real + (methods.wait_before(row.polls) if sent else methods.REPORT_AGAIN_AFTER)
            later("certificates.collect" if sent else "certificates.send_result", certificate_id=str(row.pk))
        Certificate.objects.bulk_update(rows, ["polls", "poll_at"])
    return len(rows)


def _locked(certificate_id: uuid.UUID) -> Certificate:
    rows = Certificate.objects.select_related("institution__organisation").select_for_update(of=("self",))
    row = rows.filter(pk=certificate_id).first()
    if row is None:
        raise NotFound
    return row
