"""Reads of the live room: messages for consoles, incidents, minutes."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import states
from kernel.access import Actor
from kernel.clock import CHINA
from kernel.errors import NotFound
from tenants.attempts.queries import room
from tenants.attempts.states import AttemptState, Ending, FinishedBy
from tenants.sittings.queries import events as event_queries
from tenants.sittings.queries import sittings as sitting_queries
from tenants.sittings.queries.events import EventValue
from tenants.sittings.queries.sittings import Candidate, DutyValue, SittingValue
from tenants.sittings.states import EventKind

from . import methods
from .models import CANDIDATE, Command, Incident, Minutes
from .states import VERBS, IncidentState

OF_ALL_SEATS = (EventKind.BEGUN, EventKind.CLOSED, EventKind.REOPENED, EventKind.CHECKIN_OPEN)
MOST_EVENTS = 200  # beyond it a snapshot says more with less


@dataclass(frozen=True, slots=True)
class MinutesView:
    """Signed minutes, with whether they are still what was signed."""

    text: str
    facts: dict[str, Any]
    signed_at: datetime
    signed_by_name: str
    digest: str
    intact: bool


def incidents(sitting_id: uuid.UUID) -> "QuerySet[Incident]":
    """Return the incidents of a sitting, the open ones first, newest first."""
    return Incident.objects.filter(sitting_id=sitting_id).annotate(**CANDIDATE).order_by("-state", "-reported_at")


def incident(incident_id: uuid.UUID, by: Actor) -> Incident:
    """Return an incident of a sitting that this person may see; NotFound for anybody else."""
    row = Incident.objects.annotate(**CANDIDATE, sitting_number=F("sitting__number")).filter(pk=incident_id).first()
    if row is None:
        raise NotFound
    sitting_queries.sitting_value(row.sitting_id, by)
    return row


@dataclass(frozen=True, slots=True)
class Effect:
    """What an act on a whole sitting touches: how many are where, and from when it can be ended although some wait."""

    candidates: int
    handed_in: int
    writing: int
    waiting: int
    not_here: int
    passed: int
    closes_from: datetime

    @property
    def absent(self) -> int:
        """Return how many have not started."""
        return self.waiting + self.not_here


def effect_of_closing(sitting: SittingValue) -> Effect:
    """Return what ending, reopening, confirming or cancelling a sitting touches now."""
    people = sitting_queries.candidates(sitting.id)
    count = Counter(candidate.state for candidate in people)
    return Effect(
        candidates=len(people),
        handed_in=count[AttemptState.SCORED] + count[AttemptState.CONFIRMED],
        writing=count[AttemptState.STARTED] + count[AttemptState.ON_HOLD],
        waiting=count[AttemptState.CHECKED_IN],
        not_here=count[AttemptState.PREPARED] + count[AttemptState.ABSENT],
        passed=sum(candidate.passed is True for candidate in people),
        closes_from=room.closes_from(sitting),
    )


def life(row: Incident) -> list[states.LifeStep]:
    """Return an incident's life line with every note in words (components/life_line.html)."""
    return states.timeline(row, VERBS)


def minutes(sitting_id: uuid.UUID) -> MinutesView | None:
    """Return the signed minutes of a sitting, None while they are open."""
    row = Minutes.objects.filter(sitting_id=sitting_id).first()
    if row is None:
        return None
    intact = methods.minutes_digest(row.text, row.facts) == row.digest
    return MinutesView(row.text, row.facts, row.signed_at, row.signed_by_name, row.digest, intact)


def facts(sitting: SittingValue) -> dict[str, Any]:
    """Return the facts of minutes: counts, times, people on duty, incidents, commands."""
    listed = sitting_queries.candidates(sitting.id)
    people = [candidate for candidate in listed if not candidate.left_why]
    states = [candidate.state for candidate in people]
    present = [s for s in states if s not in (AttemptState.PREPARED, AttemptState.ABSENT)]
    times = {
        event.kind: event.at for event in event_queries.events_of_kind(sitting.id, [EventKind.BEGUN, EventKind.CLOSED])
    }
    commands = Command.objects.filter(candidacy__sitting_id=sitting.id).values("verb").annotate(n=Count("pk"))
    return {
        "number": sitting.number,
        "position": sitting.position,
        "room": f"{sitting.room} · {sitting.place}",
        "begun_at": _iso(times.get(EventKind.BEGUN)),
        "closed_at": _iso(times.get(EventKind.CLOSED)),
        "expected": len(people),
        "present": len(present),
        "absent": [
            f"{candidate.ticket_no} {candidate.name}" for candidate in people if candidate.state == AttemptState.ABSENT
        ],
        "annulled": [
            f"{candidate.ticket_no} {candidate.name}"
            for candidate in people
            if candidate.state == AttemptState.ANNULLED
        ],
        "taken_off": [
            f"{candidate.ticket_no} {candidate.name}: {candidate.left_why}"
            for candidate in listed
            if candidate.left_why
        ],
        "on_duty": [_duty_facts(duty) for duty in sitting_queries.duties(sitting.id)],
        "commands": {row["verb"]: row["n"] for row in commands.order_by("verb")},
        "interventions": _interventions(sitting.id, people),
        "incidents": [_incident_facts(row) for row in incidents(sitting.id)],
    }


NOTED = (
    EventKind.CHECKIN_UNDONE,
    EventKind.HELD,
    EventKind.RESUMED,
    EventKind.TIME_GRANTED,
    EventKind.FINISHED,
    EventKind.ANNULLED,
    EventKind.REOPENED,
    EventKind.CHIEF_REPLACED,
)
"""What those on duty did to the course of the test, each with its time, its candidate and its reason."""


def _noted_kind(event: EventValue) -> str:
    """Return as what minutes note an event: an end or an annulment first stands as a hold in the room."""
    if ending := event.data.get("ending"):
        return f"ordered-{ending}"
    if event.data.get("taken_back"):
        return "taken-back"
    return "moved" if event.data.get("moved") else event.kind


def _interventions(sitting_id: uuid.UUID, people: Sequence[Candidate]) -> list[dict[str, Any]]:
    tickets = {candidate.candidacy_id: f"{candidate.ticket_no} {candidate.name}" for candidate in people}
    rows = event_queries.events_of_kind(sitting_id, NOTED)
    return [
        {
            "kind": _noted_kind(event),
            "at": event.at.isoformat(),
            "candidate": tickets.get(event.candidacy_id, "") if event.candidacy_id else "",
            "minutes": event.data.get("minutes", 0),
            "name": event.data.get("name", ""),
            "why": event.data.get("why", ""),
        }
        for event in rows
        if event.kind != EventKind.FINISHED or event.data.get("by") == FinishedBy.PROCTOR
    ]


def _duty_facts(duty: DutyValue) -> str:
    until = f" (–{duty.ended_at.astimezone(CHINA):%Y-%m-%d %H:%M})" if duty.ended_at else ""
    return f"{duty.role_label}: {duty.name}{until}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _incident_facts(row: Incident) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "impactful": row.impactful,
        "words": row.words,
        "state": row.state,
        "outcome": row.outcome,
        "ticket": row.ticket_no or "",
    }


def interventions_in_words(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what was done to the course of a test, as minutes hold it, with its kind in words and its time."""
    noted_as = {
        "moved": _("Went on at another computer"),
        "ordered-end": _("Ordered to end this test"),
        "ordered-annul": _("Ordered to annul this test"),
        "taken-back": _("Took that order back"),
    }
    return [
        line
        | {
            "label": noted_as.get(line["kind"]) or EventKind(line["kind"]).label,
            "at": datetime.fromisoformat(line["at"]),
        }
        for line in facts.get("interventions", ())  # minutes of before have none
    ]


def snapshot(sitting_id: uuid.UUID, by: Actor, *, at: datetime) -> dict[str, Any] | None:
    """Return the whole room for somebody on duty in it, None for anybody else."""
    duty = sitting_queries.duty_of(sitting_id, by)
    if not duty:
        return None
    sitting = sitting_queries.sitting_value(sitting_id, by)
    view = room.room(sitting_id, duty=duty, at=at)
    rows = [methods.seat_message(seat, duty=duty, wants=_("wants to go on at another computer")) for seat in view.seats]
    title = f"{sitting.number} · {sitting.room}"
    return methods.snapshot(view.n, rows, _incidents(sitting_id), title=title, state=sitting.state, now=at)


def news(sitting_id: uuid.UUID, by: Actor, *, after: int, at: datetime) -> dict[str, Any] | None:
    """Return what happened after event `after`: events, or a snapshot where those are too many.

    An empty message ({}) where nothing did; None for somebody who is not on duty.
    """
    duty = sitting_queries.duty_of(sitting_id, by)
    if not duty:
        return None
    events = event_queries.events_after(sitting_id, after, limit=MOST_EVENTS + 1)
    if not events:
        return {}
    if len(events) > MOST_EVENTS:
        return snapshot(sitting_id, by, at=at)
    return _events(sitting_id, events, duty, at)


def _events(sitting_id: uuid.UUID, events: Sequence[EventValue], duty: str, at: datetime) -> dict[str, Any]:
    everybody = any(
        event.kind in (EventKind.BEGUN, EventKind.CLOSED, EventKind.REOPENED, EventKind.CHECKIN_OPEN)
        for event in events
    )
    touched = {key for event in events for key in event.touched}
    seats = room.seats(sitting_id, duty=duty, at=at, only=None if everybody else touched)
    rows = [methods.seat_message(seat, duty=duty, wants=_("wants to go on at another computer")) for seat in seats]
    messages = [methods.event_message(event, _event_words(event)) for event in events]
    changed = any(event.kind in (EventKind.INCIDENT, EventKind.INCIDENT_RESOLVED) for event in events)
    return methods.events(messages, rows, _incidents(sitting_id) if changed else [])


def _event_words(event: EventValue) -> str:
    """Return what happened, in words; of a test that the chief is ending, that this can be taken back still."""
    if ending := event.data.get("ending"):
        return str(_("%(what)s; it can be taken back for two minutes")) % {"what": Ending(ending).label}
    return str(EventKind(event.kind).label)


def _incidents(sitting_id: uuid.UUID) -> list[dict[str, Any]]:
    return [
        {
            "id": str(row.pk),
            "label": str(row.get_kind_display()),
            "words": row.words,
            "at": row.reported_at.isoformat(),
            "candidacy": str(row.candidacy_id) if row.candidacy_id else None,
            "open": row.state == IncidentState.OPEN,
            "url": reverse("proctoring:incident", args=[row.pk]),
        }
        for row in incidents(sitting_id)
    ]
