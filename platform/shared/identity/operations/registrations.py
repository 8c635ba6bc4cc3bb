"""Registrations: people who are not known yet, made with account and consents by a counter, one by one or many."""

import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from kernel import access, audit, tenancy
from kernel.access import Actor
from kernel.db.violations import constraint_of
from kernel.errors import Refusal

from .. import rules
from ..models.accounts import Account
from ..models.people import Person
from ..queries import consents as identity_consent_queries
from ..states import ConsentChannel, ConsentKind, DocumentType
from . import additions
from .accounts import IdentifierTaken, account_row
from .people import NumberTaken, consent_rows, person_row


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is entered of somebody who is not known yet: from the document, or as an outside system sent it."""

    name: str
    id_number: str
    mobile: str
    id_type: str = DocumentType.RESIDENT
    born: date | None = None
    sex: str = ""


def register_people(
    entries: Sequence[NewPerson], *, by: Actor, at: datetime, channel: str = ConsentChannel.COUNTER
) -> list[uuid.UUID]:
    """Make people with their accounts and both consents in one statement, however many; return their keys in order.

    What people agreed to elsewhere ("online") an institution has no right to add: the platform does, on its word. An
    account is found by the mobile number; its owner sets a password by a code sent there. The first entry that
    cannot be kept refuses all: what cannot be right at its field (Invalid), a document of another account
    (NumberTaken), a mobile number that is taken (IdentifierTaken). Refuses (Denied) whoever is no counter.
    """
    access.demand(by, rules.registers)
    version = identity_consent_queries.version_in_force(ConsentKind.PRIVACY_NOTICE, at)
    rows = [_rows(entry, at) for entry in entries]
    people, accounts = [person for person, _a in rows], [account for _p, account in rows]
    consents = [row for account in accounts for row in consent_rows(account, version, channel, by=by, at=at)]
    with transaction.atomic(), audit.together():
        try:
            with transaction.atomic(), _side_of(channel):
                additions.add_people(people=people, accounts=accounts, consents=consents)
        except IntegrityError as fault:
            raise _taken(fault) from None
        for person, account in rows:
            facts = {"id_type": person.id_type, "consent": version}
            audit.note("account.register", account, by=by, at=at, after={"name": account.name})
            audit.note("person.complete", person, by=by, at=at, after=facts)
    return [person.pk for person in people]


def _side_of(channel: str) -> AbstractContextManager[None]:
    return nullcontext() if channel == ConsentChannel.COUNTER else tenancy.open_public()


def _rows(entry: NewPerson, at: datetime) -> tuple[Person, Account]:
    """Return person and account of an entry, not saved."""
    person = person_row(
        name=entry.name,
        id_type=entry.id_type,
        id_number=entry.id_number,
        mobile=entry.mobile,
        born=entry.born,
        sex=entry.sex,
        at=at,
    )
    account, _no_email = account_row(identifier=entry.mobile, name=person.name, verified=False, at=at)
    account.person = person
    return person, account


def _taken(fault: IntegrityError) -> Refusal:
    """Return the refusal of what is there already, by the constraint that says so."""
    constraint = constraint_of(fault)
    if "id_blind" in constraint:
        return NumberTaken(field="id_number")
    if "mobile_blind" in constraint:
        return IdentifierTaken(field="mobile")
    raise fault
