"""An employer's people: its list, who of it agreed now, and who named somebody."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from kernel import access
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.errors import NotFound
from kernel.states import Badge
from shared.identity.queries import people as people_queries

from .. import rules
from ..models import Employee
from ..states import LIVE, UNANSWERED, EmployeeState, shown_badge, shown_state


@dataclass(frozen=True, slots=True)
class ListedEmployee:
    """A row of an employer's list as a clerk sees it: what the clerks wrote, and whether the person agreed; nothing
    else of anybody.
    """

    id: uuid.UUID
    name: str
    masked_id: str
    added_at: datetime
    stands_until: date
    state: str
    badge: Badge
    agreed_at: datetime | None
    ended_at: datetime | None

    @property
    def is_agreed(self) -> bool:
        """Say whether the person agreed, and it stands."""
        return self.state == EmployeeState.AGREED

    @property
    def is_live(self) -> bool:
        """Say whether it can be taken off the list."""
        return self.state in LIVE


@dataclass(frozen=True, slots=True)
class AgreedPerson:
    """Somebody who agreed that an employer sees their name, positions and certificates, and has not ended it."""

    employee_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    masked_id: str
    agreed_at: datetime


@dataclass(frozen=True, slots=True)
class NamedBy:
    """An employer that named the person who asks."""

    id: uuid.UUID
    employer: str
    credit_code: str
    added_at: datetime
    stands_until: date
    agreed_at: datetime | None
    ended_at: datetime | None
    state: str
    badge: Badge
    may_agree: bool
    may_decline: bool
    may_end: bool


def employer_for(by: Actor, employer_id: uuid.UUID) -> people_queries.EmployerValue:
    """Return an employer for which the actor is a clerk; refuses (NotFound) every other."""
    if str(employer_id) not in rules.clerk.scopes(by):
        raise NotFound
    access.demand(by, rules.clerk, scope=str(employer_id))
    return people_queries.employer(employer_id)


def recipient(employer_id: uuid.UUID) -> str:
    """Return what an employer is called in a consent: its name, and its credit code by which it is the same."""
    value = people_queries.employer(employer_id)
    return f"{value.name[:100]} {value.credit_code}"


def listed(employer_id: uuid.UUID) -> QuerySet[Employee]:
    """Return the rows of an employer's list, newest first. The caller has checked who asks, and shows values."""
    return Employee.objects.filter(employer_id=employer_id).order_by("-id")


def value(row: Employee) -> ListedEmployee:
    """Return a row as the employer sees it."""
    return ListedEmployee(
        id=row.pk,
        name=row.name,
        masked_id=str(row.id_number),
        added_at=row.added_at,
        stands_until=row.stands_until,
        state=shown_state(row.state),
        badge=shown_badge(row.state),
        agreed_at=row.agreed_at,
        ended_at=row.ended_at,
    )


def employee_for(by: Actor, employer_id: uuid.UUID, employee_id: uuid.UUID) -> ListedEmployee:
    """Return one row of the list of an employer for which the actor is a clerk; refuses (NotFound) others."""
    employer_for(by, employer_id)
    row = Employee.objects.filter(pk=employee_id, employer_id=employer_id).first()
    if row is None:
        raise NotFound
    return value(row)


def _standing(employer_ids: Collection[uuid.UUID]) -> QuerySet[Employee]:
    """Return who agreed, where the consent stands and the account is open at this moment: asked anew each time, so that
    a consent that was taken back anywhere ends it at once.
    """
    return Employee.objects.filter(
        employer_id__in=employer_ids,
        state=EmployeeState.AGREED,
        consent__withdrawn_at=None,
        consent__account__closed_at=None,
    )


def agreed(employer_id: uuid.UUID, *, person_ids: Collection[uuid.UUID] | None = None) -> list[AgreedPerson]:
    """Return who of an employer has agreed now, of some people only where they are named; the one question that an
    enrolment by the employer, a payment or a list of certificates asks. The caller has checked who asks.
    """
    rows = _standing([employer_id]).order_by("name", "pk")
    if person_ids is not None:
        rows = rows.filter(person_id__in=set(person_ids))
    return [
        AgreedPerson(row.pk, row.person_id, row.name, str(row.id_number), row.agreed_at)
        for row in rows
        if row.person_id is not None and row.agreed_at is not None
    ]


def live_documents(employer_id: uuid.UUID) -> set[bytes]:
    """Return the keys of the documents that stand on an employer's list."""
    rows = Employee.objects.filter(employer_id=employer_id, state__in=LIVE).order_by()
    return {bytes(document) for document in rows.values_list("id_blind", flat=True)}


def to_ask(limit: int) -> list[tuple[uuid.UUID, bytes]]:
    """Return who is named, not asked yet, and has an account by now, oldest first: keys, with their documents'."""
    rows = Employee.objects.filter(
        state=EmployeeState.ASKED, asked_at=None, id_blind__in=people_queries.documents_with_accounts()
    )
    found = rows.order_by("pk").values_list("pk", "id_blind")[:limit]
    return [(key, bytes(document)) for key, document in found]


def over(at: datetime) -> list[uuid.UUID]:
    """Return what nobody agreed to by its last day, in the order in which the rows are locked."""
    rows = Employee.objects.filter(state__in=UNANSWERED, stands_until__lt=legal_day(at)).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def without_consent() -> list[uuid.UUID]:
    """Return what was agreed to and stands on no consent any more, in the same order."""
    rows = Employee.objects.filter(state=EmployeeState.AGREED)
    gone = rows.exclude(consent__withdrawn_at=None, consent__account__closed_at=None).order_by("pk")
    return list(gone.values_list("pk", flat=True))


def named_by(by: Actor) -> list[NamedBy]:
    """Return the employers that named the actor, newest first; nothing before the platform asked."""
    if by.person_id is None:
        return []
    rows = Employee.objects.filter(person_id=by.person_id, asked_at__isnull=False).select_related("employer")
    return [_named_by(row) for row in rows.order_by("-id")]


def named_by_one(by: Actor, employee_id: uuid.UUID) -> NamedBy:
    """Return one of them; refuses (NotFound) what is not the actor's."""
    found = next((one for one in named_by(by) if one.id == employee_id), None)
    if found is None:
        raise NotFound
    return found


def _named_by(row: Employee) -> NamedBy:
    return NamedBy(
        id=row.pk,
        employer=row.employer.name,
        credit_code=row.employer.credit_code,
        added_at=row.added_at,
        stands_until=row.stands_until,
        agreed_at=row.agreed_at,
        ended_at=row.ended_at,
        state=row.state,
        badge=row.badge,
        may_agree=row.may_be_agreed,
        may_decline=row.is_asked,
        may_end=row.is_agreed,
    )
