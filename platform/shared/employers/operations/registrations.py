"""Registrations: begun by anybody with an account, the telephone proven by a code, taken back, over without answer.

A registration that is asked for waits for the officer of its seat's area, or for an institution that vouches
(`decisions`); which of these ways are open, and for how long it waits, says the pack.
"""

import uuid
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, idnumbers, reasons
from kernel.access import SYSTEM, Actor
from kernel.clock import legal_day
from kernel.errors import Invalid, NotFound, Refusal
from shared.identity.operations import codes
from shared.policy.queries import authorities
from shared.policy.queries import packs as pack_queries
from shared.policy.values.pack import Pack
from shared.policy.values.shapes.employers import Employers
from shared.records import operations as records

from ..models import Registration
from ..queries import registrations
from ..states import REGISTRATION, State, Way

NAME_MISSING = _("Enter the employer's name as it stands on its licence.")


class RegistrationClosed(Refusal):
    """The policy in force opens no way by which an employer could prove itself."""

    code = "employer-registration-closed"
    message = _("The rules in force do not say how an employer proves itself, so none can be registered.")


class EmployerRegistered(Refusal):
    """A registration with this credit code waits, or is proven."""

    code = "employer-registered"
    message = _(
        "An employer with this credit code is registered, or waits to be. If you work for it, ask its clerk to invite"
        " you; if somebody used your code, tell the housing authority of its city."
    )


class LetterRequired(Invalid):
    """The only way that is open needs the letter."""

    code = "employer-letter-required"
    message = _("Upload the stamped letter: without it nobody can prove that you act for the employer.")


class CodeSpent(Refusal):
    """The code is too old, or was tried too often."""

    code = "telephone-code-spent"
    message = _("This code counts no longer: it is too old, or was tried too often. Have a new one sent.")


class EmployerNotProven(Refusal):
    """The employer has not been proven, or its registration was ended."""

    code = "employer-not-proven"
    message = _("This employer is not registered, or not any more. Register it; then you can go on.")


def begin(
    *,
    name: str,
    credit_code: str,
    division_code: str,
    telephone: str,
    letter: "UploadedFile[bytes] | bytes | None",
    letter_name: str = "",
    by: Actor,
    at: datetime,
) -> uuid.UUID:
    """Begin the registration of an employer with `by` as its clerk to be, and send a code to its telephone; return the
    registration's key. It waits for the code (`prove_telephone`).

    Refuses (RegistrationClosed) where the pack opens no way, a false credit code, number or letter at its field
    (Invalid, FileRefused), an unknown division (DivisionUnknown), a code that is registered or waits
    (EmployerRegistered), and too many codes (TooManyMessages).
    """
    account = access.account_of(by)
    pack = pack_queries.pack_at(at)
    employers = rules_of(pack)
    if letter is None and tuple(employers.ways) == (Way.LETTER,):
        raise LetterRequired(field="letter")
    number = _credit_code(credit_code)
    row = Registration(
        name=reasons.require_text(name, field="name", message=NAME_MISSING, longest=120),
        credit_code=number,
        division_code=division_code,
        authority_code=authorities.office_of(division_code).code,
        applied_by=account,
        applied_name=by.name[:80],
        applied_at=at,
        stands_until=legal_day(at) + timedelta(days=employers.waiting_days),
        policy=pack.version,
        state=REGISTRATION.initial,
        state_since=at,
    )
    if registrations.is_held(number):
        raise EmployerRegistered(field="credit_code")
    with transaction.atomic():
        if letter is not None:
            row.letter_id = _store_letter(letter, letter_name, by=by, at=at)
        _send_code(row, telephone, at=at)
        row.save(force_insert=True)
        facts = audit.values(row, "name", "credit_code", "division_code", "authority_code", "letter_id")
        audit.note("employer_registration.begin", row, by=by, at=at, after=facts, policy=pack.version)
    return row.pk


def rules_of(pack: Pack) -> Employers:
    """Return what a pack says of employers; refuses (RegistrationClosed) where it says nothing."""
    if pack.employers is None:
        raise RegistrationClosed
    return pack.employers


def _credit_code(text: str) -> str:
    try:
        return idnumbers.credit_code(text)
    except Invalid as refusal:
        refusal.field = "credit_code"
        raise


def _store_letter(letter: "UploadedFile[bytes] | bytes", name: str, *, by: Actor, at: datetime) -> uuid.UUID:
    try:
        return records.store_file(content=letter, name=name, by=by, at=at, retention="3 years").id
    except records.FileRefused as refusal:
        refusal.field = "letter"
        raise


def _send_code(row: Registration, telephone: str, *, at: datetime) -> None:
    """Send a code and set what is kept of it on a row, which is not saved."""
    sent = codes.send_code(mobile=telephone, field="telephone", at=at)
    row.telephone = sent.mobile  # type: ignore[assignment]  # the field seals it
    row.code_digest, row.code_expires_at, row.code_tries = sent.digest, sent.expires_at, 0


def send_new_code(*, registration_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Send another code to the telephone of one's own registration; the one before counts no longer.

    Refuses (NotFound) anybody else's, (WrongState) one whose telephone is proven, and (TooManyMessages).
    """
    with transaction.atomic():
        row = _own(registration_id, by)
        REGISTRATION.require(row, "ask")
        _send_code(row, row.telephone.reveal(), at=at)
        row.save(update_fields=["telephone", "code_digest", "code_expires_at", "code_tries"])
        audit.note("employer_registration.send_code", row, by=by, at=at)


def prove_telephone(*, registration_id: uuid.UUID, code: str, by: Actor, at: datetime) -> bool:
    """Take the code that came to the employer's telephone; the registration is asked for then. Returns whether it was
    the right one: a wrong one is counted, so it is no refusal that would undo the count.

    Refuses (NotFound) anybody else's registration, (WrongState) one whose telephone is proven, (CodeSpent) a code that
    counts no longer, and (EmployerRegistered) where another of the same credit code was asked for meanwhile.
    """
    with transaction.atomic():
        row = _own(registration_id, by)
        REGISTRATION.require(row, "ask")
        if row.code_tries >= codes.MOST_TRIES or at >= row.code_expires_at:
            raise CodeSpent(field="code")
        sent = codes.SentCode(row.telephone.reveal(), bytes(row.code_digest), row.code_expires_at)
        if not codes.is_right(sent, code, at=at):
            row.code_tries += 1
            row.save(update_fields=["code_tries"])
            return False
        waiting_days = rules_of(pack_queries.pack(row.policy)).waiting_days
        try:
            with transaction.atomic():
                stands_until = legal_day(at) + timedelta(days=waiting_days)
                REGISTRATION.move(row, "ask", by=by, at=at, locked=True, proven_at=at, stands_until=stands_until)
        except IntegrityError:
            raise EmployerRegistered(field="code") from None
    return True


def withdraw(*, registration_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take one's own registration back; refuses (NotFound) anybody else's and (WrongState) one that is decided."""
    with transaction.atomic():
        row = _own(registration_id, by)
        REGISTRATION.move(row, "withdraw", by=by, at=at, locked=True)


def lapse(*, at: datetime) -> int:
    """End the registrations for which nobody decided, or proved the telephone, in the days that the pack gave; return
    how many.
    """
    return sum(_lapse(key, at) for key in registrations.over(at))


def _lapse(registration_id: uuid.UUID, at: datetime) -> int:
    with transaction.atomic():
        row = Registration.objects.select_for_update().get(pk=registration_id)
        if not row.is_waiting or row.stands_until >= legal_day(at):
            return 0
        REGISTRATION.move(row, "lapse", by=SYSTEM, at=at, locked=True)
    return 1


def _own(registration_id: uuid.UUID, by: Actor) -> Registration:
    """Return the locked row of a registration that the actor began."""
    row = Registration.objects.select_for_update().filter(pk=registration_id).first()
    if row is None or not access.is_self(by, row.applied_by):
        raise NotFound
    return row


def proven(employer_id: uuid.UUID) -> Registration:
    """Return the locked row of the registration under which an employer acts; refuses (EmployerNotProven) none."""
    row = Registration.objects.select_for_update().filter(employer_id=employer_id, state=State.PROVED).first()
    if row is None:
        raise EmployerNotProven
    return row
