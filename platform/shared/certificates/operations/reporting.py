"""Reports of passed tests to the ministry's system, repeated until a number comes (policy part 1.3)."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kernel import audit
from kernel.access import SYSTEM, Actor
from kernel.db.violations import constraint_of
from kernel.errors import NotFound, Refusal
from kernel.later import later
from kernel.tenancy import open_public
from shared.exchange.operations import messages as exchange_messages
from shared.exchange.states import MINISTRY
from shared.identity.operations import people
from shared.identity.queries import people as people_queries
from shared.institutions.queries import listing as institution_listing_queries
from shared.policy.queries import packs as pack_queries

from .. import adapters
from ..models import LIVE, PLACE, Certificate
from ..states import CERTIFICATE, CertificateState
from .issuing import receive_number, receive_refusal

KIND = "result"


class AnotherResult(Refusal):
    """A certificate was asked for already for this attempt, with other facts."""

    code = "another-result"
    message = _("A certificate was asked for already for this test, with another person, position or score.")


class AlreadyCertified(Refusal):
    """The person has a certificate of this position that is valid or on its way."""

    code = "already-certified"
    message = _("There is a certificate of this person for this position already, valid or on its way: %(number)s.")


def request_certificate(
    *,
    institution_id: uuid.UUID,
    attempt_id: uuid.UUID,
    person_id: uuid.UUID,
    position: str,
    score: Decimal | int,
    tested_on: date,
    policy_version: str,
    by: Actor,
    at: datetime,
) -> uuid.UUID:
    """Ask for the certificate of a passed and finalised test; return its key. Asking again changes nothing.

    `policy` is the version of the pack under which the test was passed. Works in the caller's transaction, from within
    an institution's schema too; what follows happens after commit in the shared one. Refuses an unknown person or
    institution (NotFound), pack or position, other facts for an attempt that is known (AnotherResult), and a second
    certificate of a person and position (AlreadyCertified): the database holds that there is one at most.
    """
    facts = {"institution_id": institution_id, "person_id": person_id, "position": position, "tested_on": tested_on}
    facts |= {"score": Decimal(score).quantize(Decimal("0.01"))}
    with open_public(), transaction.atomic():
        if (known := Certificate.objects.filter(attempt_id=attempt_id).first()) is not None:
            return _check_same(known, facts)
        _check(position, policy_version)
        institution_listing_queries.institution(institution_id)
        holder = people_queries.person(person_id).name
        row = Certificate(
            attempt_id=attempt_id,
            holder=holder,
            policy=policy_version,
            requested_at=at,
            state=CERTIFICATE.initial,
            state_since=at,
            **facts,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as fault:
            if constraint_of(fault) == "certificates_one_live":
                refuse_second(person_id, position)
            return _check_same(Certificate.objects.get(attempt_id=attempt_id), facts)  # the same at the same time
        after = audit.values(row, "attempt_id", "position", "score", "tested_on")
        audit.note("certificate.request", row, by=by, at=at, after=after, policy=policy_version)
        ask_for_number(row, at=at)
    return row.pk


def refuse_second(person_id: uuid.UUID, position: str, *, exclude: uuid.UUID | None = None) -> None:
    """Refuse (AlreadyCertified) where a person has another certificate of a position, valid or on its way."""
    rows = Certificate.objects.filter(person_id=person_id, position=position, state__in=LIVE)
    if (row := next((row for row in rows if row.pk != exclude), None)) is not None:
        raise AlreadyCertified(number=str(row))


def ask_for_number(row: Certificate, *, at: datetime) -> None:
    """Ask, in the open transaction, for a certificate's number: of whoever gives numbers by its policy."""
    if pack_queries.pack(row.policy).certificates.numbering == "own":
        later("certificates.assign_own_number", certificate_id=str(row.pk))
    else:
        send_result(row, at=at)


def _check_same(known: Certificate, facts: dict[str, Any]) -> uuid.UUID:
    if any(getattr(known, name) != value for name, value in facts.items()):
        raise AnotherResult
    return known.pk


def _check(position: str, policy_version: str) -> None:
    try:
        pack_queries.pack(policy_version).position(position)
    except KeyError:
        raise pack_queries.UnknownKey(key=position) from None


def send_result(row: Certificate, *, at: datetime) -> None:
    """Ask the ledger of outside systems, in the open transaction, to report a result until it is answered."""
    place = institution_listing_queries.institution(row.institution_id)
    exchange_messages.send(
        system=MINISTRY,
        kind=KIND,
        key=str(row.request_id),
        subject=row.pk,
        scope=place.authority_code,
        title=f"{place.name} · {row.tested_on.isoformat()}",
        as_of=row.requested_at,
        at=at,
    )


def compose_report(subject: uuid.UUID, *, at: datetime) -> dict[str, Any]:
    """Return the report of a result as it is sent, with name and number as the register has them now; that the number
    was read for it is written down.
    """
    row = _lock_certificate(subject)
    number = people.reveal_id_number(
        person_id=row.person_id,
        by=SYSTEM,
        reason=gettext_noop("report of a test result to the ministry's system"),
        at=at,
    )
    line = adapters.ResultLine(
        result_id=row.attempt_id,
        position=row.position,
        name=people_queries.person(row.person_id).name,
        id_number=number,
        score=row.score,
        institution_credit_code=row.credit_code,
        tested_on=row.tested_on,
    )
    return adapters.report(line)


def note_sent(*, subject: uuid.UUID, at: datetime) -> None:
    """Write down that the ministry's system has received the report; harmless where more is known already."""
    with transaction.atomic():
        row = _lock_certificate(subject)
        if row.state == CertificateState.REQUESTED:
            CERTIFICATE.move(row, "send", by=SYSTEM, at=at, policy=row.policy)


def note_refused(*, subject: uuid.UUID, reason: str, at: datetime) -> None:
    """Take the refusal of a whole report."""
    receive_refusal(certificate_id=subject, reason=reason, at=at)


def take_answer(*, subject: uuid.UUID, answer: Mapping[str, Any], at: datetime) -> bool:
    """Take what the ministry's system says of a result, a number before a refusal; return whether it decides.

    An answer that is late, given twice, given for another result or not to be read changes nothing.
    """
    parsed = adapters.parse_answer(answer)
    if parsed is None:
        return False
    with transaction.atomic():
        row = _lock_certificate(subject)
        numbered = [number for number in parsed.certificates if number.result_id == row.attempt_id]
        for number in numbered:
            receive_number(certificate_id=row.pk, number=number.number, issued_on=number.issued_on, at=at)
        refused = [refusal for refusal in parsed.refused if refusal.result_id == row.attempt_id]
        if refused and not numbered:
            receive_refusal(certificate_id=row.pk, reason=refused[0].reason, at=at)
        row.refresh_from_db()
        return bool(numbered or refused) and row.state not in (CertificateState.REQUESTED, CertificateState.SENT)


def _lock_certificate(certificate_id: uuid.UUID) -> Certificate:
    rows = Certificate.objects.annotate(**PLACE).select_for_update(of=("self",))
    row = rows.filter(pk=certificate_id).first()
    if row is None:
        raise NotFound
    return row
