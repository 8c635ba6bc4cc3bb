"""People at a counter, document in hand: new ones, ones whose account was closed, ones who share a telephone.

Whoever shares a telephone has an account without a way in until a number of their own is entered, at any counter. An
account that they began themselves, under the same name and with a number that was proven, is connected instead.
"""

import dataclasses
import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from kernel import access, audit, crypto, idnumbers, names, tenancy
from kernel.access import Actor
from kernel.errors import NotFound

from .. import adapters, rules
from ..models.accounts import Account
from ..models.people import Person
from ..queries import consents as identity_consent_queries
from ..queries.accounts import find
from ..states import ConsentChannel, ConsentKind
from . import additions
from .accounts import IdentifierTaken, account_row
from .people import NumberTaken, at_field, consent_rows, person_row
from .registrations import NewPerson, register_people


def register_walk_in(entry: NewPerson, *, by: Actor, at: datetime, channel: str = ConsentChannel.COUNTER) -> uuid.UUID:
    """Make somebody known whose document is known of nobody; return their key. Refuses as `register_people` does, but
    for a telephone that somebody else uses too.
    """
    access.demand(by, rules.registers)
    mobile = at_field("mobile", lambda: idnumbers.mobile(entry.mobile))
    with transaction.atomic():
        with tenancy.open_public():  # an account that is there is no institution's to see or change
            owner = find(mobile)
        if owner is None:
            return register_people([entry], by=by, at=at, channel=channel)[0]
        person = person_row(**dataclasses.asdict(entry), at=at)
        with tenancy.open_public():
            account = _account_of(person, owner, at=at)
            _add(person, account)
        _record(person, account, channel=channel, by=by, at=at)
    return person.pk


def ensure_account(
    *, person_id: uuid.UUID, mobile: str, by: Actor, at: datetime, channel: str = ConsentChannel.COUNTER
) -> None:
    """Give somebody who is known an account, if theirs was closed; and an account without a way in this number.

    Whoever has an account with a way in keeps it as it is. Refuses (Denied) whoever is no counter, (NotAMobile).
    """
    access.demand(by, rules.registers)
    digits = at_field("mobile", lambda: idnumbers.mobile(mobile))
    with transaction.atomic():
        with tenancy.open_public():
            person = Person.objects.select_for_update().filter(pk=person_id).first()
            if person is None:
                raise NotFound
            account = Account.objects.select_for_update().filter(person=person).first()
            if account is not None and account.masked_identifier:
                return
            owner = find(digits)
            if account is not None and owner is None:
                adapters.AccountAdapter().set_phone(account, digits, False)
                return
            if account is not None and not _began(owner, person):
                return
            if account is not None:  # nobody could ever sign in to it
                account.person, account.closed_at = None, at
                account.save(update_fields=["person", "closed_at"])
            account = _account_of(person, owner, at=at, mobile=digits)
            person.mobile, person.mobile_blind = digits, crypto.blind(digits)  # type: ignore[assignment]  # the field seals it
            person.save(update_fields=["mobile", "mobile_blind"])
            _add(None, account)
        _record(person, account, channel=channel, by=by, at=at)


def _began(owner: Account | None, person: Person) -> bool:
    """Say whether this is the account that the person began: its number proven, its name theirs, nobody's yet."""
    if owner is None or owner.person_id is not None or owner.mobile_verified_at is None:
        return False
    return names.same(owner.name, person.name)


def _account_of(person: Person, owner: Account | None, *, at: datetime, mobile: str = "") -> Account:
    """Return the account of a person: the one they began, else a new one, without a way in where the telephone is
    another's.
    """
    if owner is not None and _began(owner, person):
        owner.person = person
        return owner
    if owner is None:
        account, _no_email = account_row(identifier=mobile, name=person.name, verified=False, at=at)
    else:
        account = Account(name=person.name, made_at=at, language=adapters.language())
        account.set_unusable_password()
    account.person = person
    return account


def _add(person: Person | None, account: Account) -> None:
    """Save a person, unless they are there, and their account; refuses (NumberTaken, IdentifierTaken) as they do."""
    people = [person] if person is not None else []
    try:
        with transaction.atomic():
            if account._state.adding:
                additions.add_people(people=people, accounts=[account])
                return
            additions.add_people(people=people)
            account.save(update_fields=["person"])
    except IntegrityError as fault:
        raise NumberTaken(field="id_number") if "id_blind" in str(fault) else IdentifierTaken(field="mobile") from None


def _record(person: Person, account: Account, *, channel: str, by: Actor, at: datetime) -> None:
    version = identity_consent_queries.version_in_force(ConsentKind.PRIVACY_NOTICE, at)
    with tenancy.open_public():
        additions.add_consents(consent_rows(account, version, channel, by=by, at=at))
    facts = {"name": account.name, "identifier": account.masked_identifier}
    audit.note("account.register", account, by=by, at=at, after=facts)
    audit.note("person.complete", person, by=by, at=at, after={"id_type": person.id_type, "consent": version})
