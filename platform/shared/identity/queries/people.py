"""People as others may see them: masked."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from kernel import clock, folding, tenancy
from kernel.access import Actor
from kernel.crypto import blind
from kernel.errors import NotFound
from kernel.idnumbers import mask_name, resident_id

from .. import methods, rules
from ..models.accounts import Account
from ..models.claims import ActiveEnrolment
from ..models.people import Employer, Person
from ..states import DocumentType


@dataclass(frozen=True, slots=True)
class PersonValue:
    """A person; the document's number and the mobile are masked, `shown_name` is for public pages."""

    id: uuid.UUID
    name: str
    masked_id: str
    sex: str
    born: date | None
    id_type: str = DocumentType.RESIDENT
    masked_mobile: str = ""

    @property
    def public_name(self) -> str:
        """Return the name as public pages show it."""
        return mask_name(self.name)


def value(row: Person) -> PersonValue:
    """Return a row's value."""
    mobile = str(row.mobile) if row.mobile else ""
    return PersonValue(row.pk, row.name, str(row.id_number), row.sex, row.born, row.id_type, mobile)


def person(person_id: uuid.UUID) -> PersonValue:
    """Return a person; refuses (NotFound) an unknown one."""
    row = Person.objects.filter(pk=person_id).first()
    if row is None:
        raise NotFound
    return value(row)


def persons(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, PersonValue]:
    """Return people by their keys, in one query; unknown keys are left out."""
    return {row.pk: value(row) for row in Person.objects.filter(pk__in=set(person_ids))}


def person_by_id_number(number: str, id_type: str = DocumentType.RESIDENT) -> PersonValue | None:
    """Return the person with exactly this document number, if there is one."""
    text = methods.blind_text(id_type, folding.number(number))
    row = Person.objects.filter(id_blind=blind(text)).first()
    return value(row) if row else None


def persons_by_numbers(documents: Iterable[tuple[str, str]]) -> dict[tuple[str, str], PersonValue]:
    """Return the people with exactly these documents (kind, number), in one query however many."""
    blinds = {
        blind(methods.blind_text(id_type, folding.number(number))): (id_type, number) for id_type, number in documents
    }
    rows = Person.objects.filter(id_blind__in=blinds)
    return {blinds[bytes(row.id_blind)]: value(row) for row in rows}


def person_of(account_id: uuid.UUID) -> PersonValue | None:
    """Return the person behind an account, if it has given its person."""
    account = Account.objects.select_related("person").filter(pk=account_id).first()
    return value(account.person) if account and account.person else None


@dataclass(frozen=True, slots=True)
class Document:
    """A document's number, read and checked, and the key under which its person is found."""

    id_type: str
    number: str
    blind: bytes


def document(id_type: str, number: str, at: datetime) -> Document:
    """Return what is written on a document; refuses (Invalid) a number that no such document has. It says nothing of
    whether anybody here has it.
    """
    if id_type in (DocumentType.RESIDENT, DocumentType.PERMANENT_RESIDENCE):
        text = resident_id(number, on=clock.legal_day(at)).number
    else:
        text = methods.document_number(id_type, number)
    return Document(id_type, text, blind(methods.blind_text(id_type, text)))


def reachable(documents: Collection[bytes]) -> dict[bytes, PersonValue]:
    """Return by the key of their document the people among some who have an account that is open."""
    rows = Person.objects.filter(id_blind__in=list(documents), account__closed_at=None, account__isnull=False)
    return {row.id_blind: value(row) for row in rows}


def documents_with_accounts() -> "QuerySet[Person, Any]":
    """Return the keys of the documents of all who have an account that is open, as a query to be narrowed."""
    rows = Person.objects.filter(account__isnull=False, account__closed_at=None).order_by()
    return rows.values_list("id_blind", flat=True)


@dataclass(frozen=True, slots=True)
class EmployerValue:
    """A company, as others may know it."""

    id: uuid.UUID
    name: str
    credit_code: str


def employer(employer_id: uuid.UUID) -> EmployerValue:
    """Return an employer; refuses (NotFound) an unknown one. The caller has checked who asks."""
    row = Employer.objects.filter(pk=employer_id).first()
    if row is None:
        raise NotFound
    return EmployerValue(row.pk, row.name, row.credit_code)


def employers_of(actor: Actor) -> list[EmployerValue]:
    """Return the employers for which an actor works as a clerk, by name."""
    keys = [uuid.UUID(scope) for scope in rules.clerk.scopes(actor) if scope]
    return [EmployerValue(row.pk, row.name, row.credit_code) for row in Employer.objects.filter(pk__in=keys)]


def institutions_of(person_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the institutions where a person ever held a place for a position, newest first."""
    rows = ActiveEnrolment.objects.filter(person_id=person_id).order_by("-claimed_at")
    return list(dict.fromkeys(rows.values_list("institution_id", flat=True)))


def learns_at(person_id: uuid.UUID | None, *, institution_id: uuid.UUID | None = None) -> tuple[str, bool]:
    """Return the institution's organisation (of the open one by default, "" in public) and whether this person is or
    was enrolled there.
    """
    institution_id = institution_id or tenancy.current_institution_id()
    if institution_id is None:
        return "", False
    places = tenancy.institution_hosts(institution_ids=[institution_id])
    organisation = str(places[0].organisation_id) if places else ""
    if person_id is None:
        return organisation, False
    return organisation, ActiveEnrolment.objects.filter(person_id=person_id, institution_id=institution_id).exists()
