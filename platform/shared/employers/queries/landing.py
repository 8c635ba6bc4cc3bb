"""An employer's first page: what must be done now."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from kernel.access import Actor
from kernel.clock import legal_day
from kernel.states import Badge
from shared.identity.queries import people as people_queries

from .. import rules
from ..models import Employee, Registration
from ..states import LIVE, REGISTRATION, UNANSWERED, EmployeeState
from ..values import HeldCertificate, certificates_held
from . import people, registrations

Counts = Mapping[str, int]
SOON = timedelta(days=90)
SHOWN = 10
RECENT = timedelta(days=30)
"""How long somebody who did not agree in time stays to be spoken to, unless they are named again."""


@dataclass(frozen=True, slots=True)
class Holder:
    """One of the employer's people with a certificate that needs something soon, or is valid no more."""

    name: str
    certificate: HeldCertificate


@dataclass(frozen=True, slots=True)
class Desk:
    """One employer on its clerk's first page."""

    id: uuid.UUID
    name: str
    credit_code: str
    badge: Badge | None
    """None for an employer that the platform knows without a registration: it registers first."""
    since: datetime | None
    agreed: int
    waiting: int
    unanswered: int
    """How many could not be reached or did not agree in time: to be spoken to by the employer itself."""
    certificates: int
    attention: Sequence[Holder]


def desks(by: Actor, at: datetime) -> list[Desk]:
    """Return the employers for which the actor is a clerk, by name, each with what it has to do."""
    keys = [uuid.UUID(scope) for scope in rules.clerk.scopes(by)]
    registered = registrations.of_employers(keys)
    counts = _counts(keys, at)
    values = people_queries.employers_of(by)
    return [_desk(one, registered.get(one.id), counts.get(one.id, {}), at) for one in values]


def _counts(keys: list[uuid.UUID], at: datetime) -> dict[uuid.UUID, Counts]:
    live = Employee.objects.filter(
        employer_id=OuterRef("employer_id"), id_blind=OuterRef("id_blind"), state__in=LIVE
    ).order_by()
    rows = Employee.objects.filter(employer_id__in=keys).alias(again=Exists(live)).order_by().values("employer_id")
    waiting = Q(state__in=UNANSWERED)
    over = Q(state=EmployeeState.LAPSED, state_since__gte=at - RECENT, again=False)
    counted = rows.annotate(waiting=Count("pk", filter=waiting), unanswered=Count("pk", filter=over))
    return {row["employer_id"]: {"waiting": row["waiting"], "unanswered": row["unanswered"]} for row in counted}


def _desk(one: people_queries.EmployerValue, row: Registration | None, count: Counts, at: datetime) -> Desk:
    agreed = people.agreed(one.id) if row is not None else []
    held = certificates([person.person_id for person in agreed], at)
    names = {person.person_id: person.name for person in agreed}
    soon = legal_day(at) + SOON
    attention = [c for c in held if not c.valid or (c.renew_by is not None and c.renew_by <= soon)]
    attention.sort(key=lambda c: (c.valid, c.renew_by or soon))
    return Desk(
        id=one.id,
        name=one.name,
        credit_code=one.credit_code,
        badge=REGISTRATION.badge(row) if row is not None else None,
        since=row.state_since if row is not None else None,
        agreed=len(agreed),
        waiting=count.get("waiting", 0),
        unanswered=count.get("unanswered", 0),
        certificates=len(held),
        attention=[Holder(names[c.person_id], c) for c in attention[:SHOWN]],
    )


def certificates(person_ids: Sequence[uuid.UUID], at: datetime) -> list[HeldCertificate]:
    """Return the certificates of people who agreed that their employer sees them, asked of the app that holds them."""
    held = certificates_held.get()
    return list(held(person_ids, at)) if held is not None and person_ids else []
