"""People: entered once by themselves, unique in the province, revealed only with a reason."""

import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, clock, crypto, idnumbers, names, reasons, tenancy
from kernel.access import Actor
from kernel.errors import Invalid, NotFound, Refusal

from .. import methods, rules
from ..models.accounts import Account
from ..models.consents import Consent
from ..models.people import Employer, Person
from ..queries import areas
from ..queries import consents as identity_consent_queries
from ..queries.people import learns_at
from ..states import ConsentChannel, ConsentKind, DocumentType
from . import additions

T = TypeVar("T")


class NumberTaken(Refusal):
    """This document belongs to a person of another account; whose is not said."""

    code = "id-number-taken"
    message = _(
        "This document number is used by another account. If it is yours, you have an account already: sign in with it,"
        " or ask for help on the page “Lost your phone, or is your name wrong?”; a counter will see your document."
    )


class MobileNotProven(Refusal):
    """No code proved that the account's holder has this mobile number."""

    code = "mobile-not-proven"
    status = 422
    message = _("First prove your mobile number by a code: enter it under “Mobile number” of your account.")


class PersonOfClosedAccount(Refusal):
    """The document's person closed their account: a counter connects them with another when it has seen it."""

    code = "person-of-closed-account"
    message = _(
        "This document is known from an account that was closed. Show it at the counter of an institution with this"
        " account's mobile number: the counter connects your details with this account, and nothing is lost."
    )


class AlreadyComplete(Refusal):
    """The account's person is known; corrections are made at a counter, document in hand."""

    code = "person-complete"
    message = _("Your personal details are complete. To correct them, ask for help; a counter will see your document.")


def complete_person(
    *,
    account_id: uuid.UUID,
    name: str,
    id_type: str,
    id_number: str,
    mobile: str = "",
    by: Actor,
    at: datetime,
    born: date | None = None,
    sex: str = "",
    agreed_to: str = "",
    channel: str = ConsentChannel.ONLINE,
) -> uuid.UUID:
    """Make the person behind one's own account, with both consents: to the privacy notice of version `agreed_to`
    (by default that in force), and to the processing of the document's number; `channel` says how they were given.

    The mobile number is the account's own, which a code proved; another is the platform's alone to enter. Birthday and
    sex come from a resident's number; for other documents they are given. Refuses (MobileNotProven) without a proven
    number, what cannot be right at its field (Invalid), a document of another account (NumberTaken) or of one that was
    closed (PersonOfClosedAccount), an account with its person (AlreadyComplete), and anybody else's account (Denied).
    """
    access.demand(by, rules.may_complete, account_id)
    mobile = mobile if by.system else _proven_mobile(account_id, mobile)
    person = person_row(name=name, id_type=id_type, id_number=id_number, mobile=mobile, born=born, sex=sex, at=at)
    with transaction.atomic():
        with tenancy.open_public():  # an account that is there is no institution's to change
            account = Account.objects.select_for_update().filter(pk=account_id).first()
            if account is None:
                raise NotFound
            if account.person_id is not None:
                raise AlreadyComplete
            _save_person(person)
            account.person, account.name = person, person.name
            account.save(update_fields=["person", "name"])
            version = agreed_to or identity_consent_queries.version_in_force(ConsentKind.PRIVACY_NOTICE, at)
            additions.add_consents(consent_rows(account, version, channel, by=by, at=at))
        audit.note("person.complete", person, by=by, at=at, after={"id_type": person.id_type, "consent": version})
    return person.pk


def _proven_mobile(account_id: uuid.UUID, mobile: str) -> str:
    """Return the account's mobile number that a code proved; refuses (NotAMobile, MobileNotProven) any other."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise NotFound
    entered = at_field("mobile", lambda: idnumbers.mobile(mobile)) if mobile else ""
    if account.mobile is None or account.mobile_verified_at is None:
        raise MobileNotProven(field="mobile")
    proven = str(account.mobile.reveal())
    if entered not in ("", proven):
        raise MobileNotProven(field="mobile")
    return proven


def _save_person(person: Person) -> None:
    try:
        with transaction.atomic():
            additions.add_people(people=[person])
    except IntegrityError:
        if Person.objects.filter(id_blind=person.id_blind, account=None).exists():
            raise PersonOfClosedAccount(field="id_number") from None
        raise NumberTaken(field="id_number") from None


def consent_rows(account: Account, version: str, channel: str, *, by: Actor, at: datetime) -> list[Consent]:
    """Return both consents that processing a person's details needs, not saved."""
    return [
        Consent(account=account, kind=kind, version=version, given_at=at, given_by=by.account_id, channel=channel)
        for kind in (ConsentKind.PRIVACY_NOTICE, ConsentKind.ID_NUMBER)
    ]


def person_row(
    *, name: str, id_type: str, id_number: str, mobile: str, born: date | None, sex: str, at: datetime
) -> Person:
    """Return a person, not saved, read and checked, each refusal at its field."""
    person = Person(made_at=at)
    person.name = at_field("name", lambda: names.person_name(name))
    person.id_type = at_field("id_type", lambda: DocumentType(id_type))
    if person.id_type in (DocumentType.RESIDENT, DocumentType.PERMANENT_RESIDENCE):
        today = clock.legal_day(at)
        resident = at_field("id_number", lambda: idnumbers.resident_id(id_number, on=today))
        number, person.born, person.sex = resident.number, resident.born, resident.sex
    else:
        number = at_field("id_number", lambda: methods.document_number(person.id_type, id_number))
        if born is None or born >= clock.legal_day(at):
            raise Invalid(_("Enter the date of birth as it stands in the document."), field="born")
        person.born, person.sex = born, sex
    person.id_number, person.id_blind = number, crypto.blind(methods.blind_text(person.id_type, number))
    digits = at_field("mobile", lambda: idnumbers.mobile(mobile))
    person.mobile, person.mobile_blind = digits, crypto.blind(digits)
    return person


def at_field(field: str, parse: Callable[[], T]) -> T:
    """Return what `read` reads; its refusal is shown at the field."""
    try:
        return parse()
    except Invalid as refusal:
        refusal.field = field
        raise
    except ValueError:
        raise Invalid(field=field) from None


def reveal_id_number(*, person_id: uuid.UUID, by: Actor, reason: str, at: datetime) -> str:
    """Return a person's whole document number, and write down who saw it and why.

    Open to officers of the person's area, the operator, the platform itself (the ministry's upload), and the counter
    of an institution where the person is or was enrolled. Refuses (Denied) others, and a reason that is none
    (ReasonRequired, ReasonSaysNothing).
    """
    message = _("Say why you need the full number; it is recorded.")
    why = reasons.require(reason, field="reason", message=message)
    with transaction.atomic():
        person = revealable(person_id=person_id, by=by)
        audit.note("person.reveal-id-number", person, by=by, at=at, why=why)
    return str(person.id_number.reveal())


def revealable(*, person_id: uuid.UUID, by: Actor) -> Person:
    """Return the person whose whole number may be shown to this actor; refuses (NotFound, Denied) as `reveal_id_number`
    does, so that nobody else learns so much as the name.
    """
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound
    demand_reveal(person_id, by)
    return person


def demand_reveal(person_id: uuid.UUID, by: Actor) -> None:
    """Pass where the actor may see a person's whole number; refuses (Denied) as `reveal_id_number` does."""
    organisation, learns = learns_at(person_id)
    access.demand(by, rules.may_reveal, area=_area_for(by, person_id), learns_here=learns, organisation=organisation)


def _area_for(by: Actor, person_id: uuid.UUID) -> frozenset[str]:
    """Return the person's area where it matters: only whoever holds an office is asked for it."""
    return areas.area_of(person_id) if rules.answers_for.scopes(by) else frozenset()


def may_reveal(person_id: uuid.UUID, by: Actor) -> bool:
    """Say whether this actor may see the person's whole number, so that nobody is led to a refusal."""
    organisation, learns = learns_at(person_id)
    return rules.may_reveal(by, area=_area_for(by, person_id), learns_here=learns, organisation=organisation)


def register_employer(*, name: str, credit_code: str, by: Actor, at: datetime) -> uuid.UUID:
    """Register an employer, found again by its credit code and then called as it is called now; refuses (Invalid) a
    false code.
    """
    code, called = idnumbers.credit_code(credit_code), name.strip()[:120]
    with transaction.atomic():
        row, created = Employer.objects.get_or_create(credit_code=code, defaults={"name": called, "registered_at": at})
        if created:
            audit.note("employer.register", row, by=by, at=at, after=audit.values(row, "name", "credit_code"))
        elif row.name != called:
            before = audit.values(row, "name")
            row.name = called
            row.save(update_fields=["name"])
            audit.note("employer.rename", row, by=by, at=at, before=before, after=audit.values(row, "name"))
    return row.pk
