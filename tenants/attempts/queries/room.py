"""A room for its console: the present seats, and the events by number."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from kernel.roles import Role
from shared.policy.queries import packs as pack_queries
from tenants.sittings.queries import sittings as sitting_queries
from tenants.sittings.queries.events import events_of_kind, head
from tenants.sittings.queries.sittings import CandidacyValue, SittingValue
from tenants.sittings.states import CHIEF, DutyRole, EventKind

from ..methods import timing as timing_methods
from ..models.answers import AnswerLog, Presence
from ..models.attempts import CANDIDATE, Attempt
from ..states import ATTEMPT, WRITING
from .attempts import timing

# The newest choice of each question counts; one that was taken back is no answer.
_ANSWERED = f"""
SELECT attempt_id, count(*) FROM (
  SELECT DISTINCT ON (attempt_id, question) attempt_id, choice FROM {AnswerLog._meta.db_table}
   WHERE attempt_id = ANY(%s) ORDER BY attempt_id, question, seq DESC
) newest WHERE choice <> '' GROUP BY attempt_id
"""  # noqa: S608  # only our own table's name is put in


@dataclass(frozen=True, slots=True)
class SeatView:
    """One seat as it stands; `moves` name moves of its chart, with "resume" where a change of computer waits.

    `ending` says what the chief has ordered and can take back still (by "resume" too), empty where nothing is.
    """

    seat: int | None
    candidacy_id: uuid.UUID
    name: str
    state: str
    state_label: str
    answered: int
    total: int
    last_ping_age: float | None
    deadline: datetime | None
    wants_move: bool
    notice: str
    moves: tuple[str, ...]
    ending: str = ""


@dataclass(frozen=True, slots=True)
class RoomView:
    """The seats as they stood when event `n` was the newest (or later)."""

    n: int
    seats: tuple[SeatView, ...]


def room(sitting_id: uuid.UUID, *, duty: str, at: datetime) -> RoomView:
    """Return all seats of a sitting for somebody with this duty. The number is read first, so nothing is missed."""
    number = head(sitting_id)
    return RoomView(number, tuple(seats(sitting_id, duty=duty, at=at)))


def begun_at(sitting_id: uuid.UUID) -> datetime | None:
    """Return when the chief let the test begin, None before."""
    return next((event.at for event in events_of_kind(sitting_id, [EventKind.BEGUN])), None)


def closes_from(sitting: SittingValue) -> datetime:
    """Return from when a test can be ended although somebody has not started: when nobody is let in any more."""
    begun = begun_at(sitting.id) or sitting.starts_at
    return begun + timedelta(minutes=pack_queries.pack(sitting.policy).sitting.late_entry_minutes)


def seats(
    sitting_id: uuid.UUID, *, duty: str, at: datetime, only: Collection[uuid.UUID] | None = None
) -> list[SeatView]:
    """Return the seats of a sitting (of some candidacies only) as they stand, by seat."""
    rows = Attempt.objects.annotate(**CANDIDATE).filter(sitting_id=sitting_id)
    if only is not None:
        rows = rows.filter(candidacy_id__in=only)
    attempts = list(rows.order_by("candidacy__seat"))
    if not attempts and only is None:
        return [_empty(row) for row in sitting_queries.candidacies(sitting_id)]
    keys = [attempt.pk for attempt in attempts]
    pings = dict(Presence.objects.filter(attempt_id__in=keys).values_list("attempt_id", "pinged_at"))
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERED, [keys])
        answered = dict(cursor.fetchall())
    return [_seat(a, answered.get(a.pk, 0), pings.get(a.pk), duty=duty, at=at) for a in attempts]


def _empty(row: CandidacyValue) -> SeatView:
    """Return the seat of somebody for whom no paper is drawn yet."""
    return SeatView(row.seat, row.id, row.name, "prepared", "", 0, 0, None, None, False, "", ())


def _seat(attempt: Attempt, answered: int, pinged: datetime | None, *, duty: str, at: datetime) -> SeatView:
    wants = attempt.lease_wanted != "" and attempt.state in WRITING
    return SeatView(
        seat=attempt.seat,
        candidacy_id=attempt.candidacy_id,
        name=attempt.name,
        state=attempt.state,
        state_label=str(attempt.get_ending_display() or attempt.get_state_display()),
        answered=answered,
        total=attempt.questions,
        last_ping_age=max((at - pinged).total_seconds(), 0.0) if pinged else None,
        deadline=timing_methods.deadline(timing(attempt), at),
        wants_move=wants,
        notice=attempt.notice,
        moves=tuple(_moves(attempt, duty, wants)),
        ending=str(attempt.get_ending_display()),
    )


def _moves(attempt: Attempt, duty: str, wants: bool) -> list[str]:
    """Return what somebody with this duty may do: the chief everything, a proctor what is not the chief's alone."""
    if not duty:
        return []
    role = CHIEF if duty == DutyRole.CHIEF else Role.PROCTOR
    moves = [move.name for move in ATTEMPT.next_moves(attempt) if role in move.roles]
    if attempt.ending:  # the chief may take back what is ordered, and nobody orders it again
        return ["resume"] if role == CHIEF else []
    return moves + (["resume"] if wants and "resume" not in moves else [])
