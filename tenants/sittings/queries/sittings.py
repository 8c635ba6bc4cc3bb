"""Sittings, their candidates and the people on duty."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DateTimeField, Q, QuerySet, UUIDField
from django.utils.functional import Promise

from kernel import states, tenancy
from kernel.access import Actor
from kernel.db.statements import Bind, Figure, Statement
from kernel.errors import NotFound
from kernel.pinyin import PinyinKey
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import people as people_queries
from shared.identity.queries.accounts import AccountValue
from shared.institutions.queries import listing as institution_listing_queries
from tenants.rosters.queries import enrolments as enrolment_queries

from .. import rules
from ..models.sittings import Candidacy, Duty, Room, Sitting
from ..states import CHIEF, LIVE, PROCTOR, SITTING, VERBS, DutyRole, SittingState
from ..values.results import Result, results_of


@dataclass(frozen=True, slots=True)
class DutyValue:
    """Somebody on duty."""

    account_id: uuid.UUID
    name: str
    role: str
    role_label: str
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SittingValue:
    """A sitting as other rooms and apps need it."""

    id: uuid.UUID
    number: str
    position: str
    room: str
    place: str
    starts_at: datetime
    ends_at: datetime
    policy: str
    seed: str
    state: str
    state_label: str
    state_since: datetime
    filed_at: datetime | None

    is_checking_in = SITTING.among(SittingState.CHECKIN_OPEN)
    is_running = SITTING.among(SittingState.RUNNING)


@dataclass(frozen=True, slots=True)
class CandidacyValue:
    """A candidate's place, for the apps above."""

    id: uuid.UUID
    sitting_id: uuid.UUID
    name: str
    seat: int | None
    ticket_no: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line of the list of candidates; the result appears once there is one."""

    candidacy_id: uuid.UUID
    attempt_id: uuid.UUID | None
    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    ticket_no: str
    seat: int | None
    name: str
    masked_id: str
    state: str
    state_label: str | Promise
    document: str
    started_at: datetime | None
    finished_at: datetime | None
    finished_by: str
    points: str
    passed: bool | None
    left_why: str


def rooms(*, all_of_them: bool = False) -> "QuerySet[Room]":
    """Return the rooms in use, or all of them."""
    return Room.objects.all() if all_of_them else Room.objects.filter(withdrawn_at=None)


def sittings(by: Actor) -> "QuerySet[Sitting]":
    """Return the sittings somebody may see, with how many candidates each has, newest first."""
    return (
        _seen(Sitting.objects.all(), by)
        .select_related("room")
        .annotate(candidate_count=Count("candidacies", filter=Q(candidacies__left_at=None)))
        .order_by("-starts_at", "-pk")
    )


def sitting(sitting_id: uuid.UUID, by: Actor) -> Sitting:
    """Return a sitting for the desk or for somebody on duty in it; NotFound for anybody else."""
    rows = Sitting.objects.select_related("room").filter(pk=sitting_id)
    row = _seen(rows, by).first()
    if row is None:
        raise NotFound
    return row


def _seen(rows: "QuerySet[Sitting]", by: Actor) -> "QuerySet[Sitting]":
    """Narrow sittings to those an actor may see: the desk all, others those they are on duty in."""
    if by.account_id is None:
        return rows.none()
    return rows if rules.desk(by) else rows.filter(duties__account_id=by.account_id, duties__ended_at=None)


def sitting_value(sitting_id: uuid.UUID, by: Actor) -> SittingValue:
    """Return the same as plain values, for another app."""
    return value(sitting(sitting_id, by))


def value(row: Sitting) -> SittingValue:
    """Return a row's value."""
    return SittingValue(
        row.pk,
        row.number,
        row.position,
        row.room.name,
        row.room.place,
        row.starts_at,
        row.ends_at,
        row.policy,
        row.seed,
        row.state,
        str(row.get_state_display()),
        row.state_since,
        row.filed_at,
    )


def life(row: Sitting) -> list[states.LifeStep]:
    """Return a sitting's life line with every note in words (components/life_line.html)."""
    return states.timeline(row, VERBS)


def duty_of(sitting_id: uuid.UUID, by: Actor) -> str:
    """Return what somebody is in a sitting: "chief", "proctor", or "" where they are not on duty."""
    if by.account_id is None:
        return ""
    rows = Duty.objects.filter(sitting_id=sitting_id, account_id=by.account_id, ended_at=None)
    return rows.values_list("role", flat=True).first() or ""


def duties(sitting_id: uuid.UUID) -> list[DutyValue]:
    """Return who is and was on duty, the chief first, then by name; whoever was replaced at the end."""
    rows = Duty.objects.filter(sitting_id=sitting_id).order_by(PinyinKey("name", person=True), "pk")
    values = [DutyValue(row.account_id, row.name, row.role, str(row.get_role_display()), row.ended_at) for row in rows]
    return sorted(values, key=lambda duty: (duty.ended_at is not None, duty.role != DutyRole.CHIEF))


def people_for_duty(at: datetime) -> tuple[list[AccountValue], list[AccountValue]]:
    """Return who may be chief proctor and who may be proctor in this institution."""
    institution_id = tenancy.institution_id()
    scope = str(institution_listing_queries.institution(institution_id).organisation_id)
    chiefs = account_queries.holders(CHIEF, scope, at=at)
    return chiefs, list({a.id: a for a in [*account_queries.holders(PROCTOR, scope, at=at), *chiefs]}.values())


def candidacy(candidacy_id: uuid.UUID) -> CandidacyValue:
    """Return a candidacy; NotFound where there is none. Whoever acts on it is checked by the operation."""
    row = Candidacy.objects.filter(pk=candidacy_id).first()
    if row is None:
        raise NotFound
    return _candidacy_value(row)


def candidacies(sitting_id: uuid.UUID) -> list[CandidacyValue]:
    """Return who is to sit in a sitting, by seat; not who was taken off. Whoever asks is checked by the caller."""
    rows = Candidacy.objects.filter(sitting_id=sitting_id, left_at=None)
    return [_candidacy_value(row) for row in rows.order_by("seat", "pk")]


def enrolment_ids(sitting_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the enrolments of a sitting's candidates, those taken off as well."""
    return list(Candidacy.objects.filter(sitting_id=sitting_id).values_list("enrolment_id", flat=True))


def _candidacy_value(row: Candidacy) -> CandidacyValue:
    return CandidacyValue(row.pk, row.sitting_id, row.name, row.seat, row.ticket_no)


def ticket(candidacy_id: uuid.UUID, person_id: uuid.UUID | None) -> tuple[Candidacy, people_queries.PersonValue]:
    """Return a person's own place in a filed sitting, for the ticket; NotFound for anybody else's and before filing."""
    if person_id is None:
        raise NotFound
    rows = Candidacy.objects.select_related("sitting__room").exclude(sitting__state=SittingState.DRAFT)
    row = rows.filter(pk=candidacy_id, person_id=person_id).first()
    if row is None:
        raise NotFound
    return row, people_queries.person(person_id)


def candidates(sitting_id: uuid.UUID) -> list[Candidate]:
    """Return the candidates of a sitting by seat, with masked numbers; scores only once the sitting is closed."""
    rows = list(Candidacy.objects.filter(sitting_id=sitting_id).select_related("sitting").order_by("seat", "ticket_no"))
    people = people_queries.persons(row.person_id for row in rows)
    results = results_of([row.pk for row in rows])
    return [_candidate(row, people.get(row.person_id), results[row.pk]) for row in rows]


def passed_but_not_ready(row: Sitting) -> list[enrolment_queries.Readiness]:
    """Return who has passed a test whose results wait to be confirmed, and is not ready for a certificate any more."""
    if row.state not in (SittingState.CLOSED, SittingState.MINUTES_SIGNED):
        return []
    rows = {place.pk: place.enrolment_id for place in row.candidacies.all()}
    passed = [rows[key] for key, result in results_of(list(rows)).items() if result.passed]
    return [value for value in enrolment_queries.ready_for_test(passed).values() if not value.ready]


def _candidate(row: Candidacy, person: people_queries.PersonValue | None, result: Result) -> Candidate:
    visible = row.sitting.state not in LIVE
    return Candidate(
        candidacy_id=row.pk,
        attempt_id=result.attempt_id,
        enrolment_id=row.enrolment_id,
        person_id=row.person_id,
        ticket_no=row.ticket_no,
        seat=row.seat,
        name=row.name,
        masked_id=person.masked_id if person else "",
        state=result.state,
        state_label=row.left_why or result.state_label,
        document=result.document,
        started_at=result.started_at,
        finished_at=result.finished_at,
        finished_by=result.finished_by,
        points=result.points if visible else "",
        passed=result.passed if visible else None,
        left_why=row.left_why,
    )


def ready_enrolments(position: str) -> list[tuple[uuid.UUID, enrolment_queries.Readiness]]:
    """Return whose test of this position is still ahead, with whether and why not they are ready. The ready ones come
    first, each part by name.

    Left out: who has passed, and who is a candidate of an open sitting.
    """
    readiness = enrolment_queries.ready_for_test(enrolment_queries.confirmed_ids(position))
    ended = (SittingState.CANCELLED, SittingState.FINALISED)
    earlier = list(Candidacy.objects.filter(enrolment_id__in=readiness).select_related("sitting"))
    results = results_of([row.pk for row in earlier])
    busy = {
        row.enrolment_id
        for row in earlier
        if results[row.pk].passed
        or (row.left_at is None and row.sitting.state not in ended and not results[row.pk].lapsed)
    }
    ahead = [(key, value) for key, value in readiness.items() if key not in busy]
    return sorted(ahead, key=lambda pair: not pair[1].ready)


def _today(rows: "QuerySet[Sitting]") -> "QuerySet[Sitting]":
    begins = Q(starts_at__lte=Bind("soon", DateTimeField())) | ~Q(state=SittingState.FILED)
    return rows.exclude(state__in=SITTING.final()).filter(begins).select_related("room").order_by("starts_at")


_TODAY = Statement(lambda: _today(Sitting.objects.all()))
_ON_DUTY = Statement(
    lambda: _today(Sitting.objects.filter(duties__account_id=Bind("account", UUIDField()), duties__ended_at=None))
)


def any_waiting(by: Actor, at: datetime) -> list[Figure]:
    """Return what to ask before `waiting`: whether an actor sees a sitting that is not over and begins soon."""
    if by.account_id is None:
        return []
    soon = at + timedelta(hours=1)
    return [_TODAY.exists(soon=soon) if rules.desk(by) else _ON_DUTY.exists(soon=soon, account=by.account_id)]


def waiting(by: Actor, at: datetime) -> list[tuple[Sitting, str]]:
    """Return the sittings that need this person now, with the name of the next move, oldest first."""
    if by.account_id is None:
        return []
    soon = at + timedelta(hours=1)
    rows = _TODAY.fetch(soon=soon) if rules.desk(by) else _ON_DUTY.fetch(soon=soon, account=by.account_id)
    result = []
    for row in rows:
        moves = [move.name for move in SITTING.offers(row, by).values() if move.expected]
        if moves:
            result.append((row, moves[0]))
    return result


def filed_values(sitting_id: uuid.UUID) -> dict[str, list[str]]:
    """Return what somebody who files a sitting has seen of it, as pages carry it: who its candidates are."""
    keys = Candidacy.objects.filter(sitting_id=sitting_id).order_by("ticket_no")
    return {"candidates": [f"{row.ticket_no} {row.enrolment_id}" for row in keys.only("ticket_no", "enrolment_id")]}
