"""Credit of learning time: by the server's clock, each second once, whatever pages report.

A page sends a heartbeat every 15 seconds with the seconds it says were learnt. Credited is the least of what was
claimed, what passed on the server since this session's last heartbeat *and* since this person's time was last counted
(no second counts twice, in whatever windows), one heartbeat's worth, what the lesson and the day still allow. The same
function credits a live heartbeat and recomputes a whole history, so that ledger and raw rows can be compared.
"""

import math
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kernel.clock import legal_day

from .states import ClassState, Stop

HEARTBEAT_SECONDS = 15
"""Interval of reports. A matter of the protocol, not of the law."""

LONGEST_HEARTBEAT = 60
"""The most that one heartbeat is worth: a few lost on a bad line cost nothing, leaving the page open does."""

SLACK = timedelta(seconds=5)
"""A heartbeat that came late on a slow line leaves so much of its time to the next one, which comes early."""


@dataclass(frozen=True, slots=True)
class HeartbeatValue:
    """A heartbeat as the ledger needs it; `began` is its session's beginning."""

    key: int
    session: uuid.UUID
    began: datetime
    participant: uuid.UUID
    lesson: uuid.UUID
    at: datetime
    claimed_seconds: int
    longest: int
    lesson_seconds: int
    day_seconds: int | None


@dataclass(frozen=True, slots=True)
class EnteredHours:
    """Hours that do not come from heartbeats (attendance, corrections), which the day's limit counts as well."""

    key: int
    participant: uuid.UUID
    day: date
    seconds: int


@dataclass(frozen=True, slots=True)
class Credit:
    """The credit of a heartbeat, and why it is not more."""

    seconds: int
    stop: Stop


@dataclass(slots=True)
class CreditState:
    """One person's credit before the next heartbeat: up to when each session's time is credited, and how much by
    participant and lesson, and by day."""

    credited_until: dict[uuid.UUID, datetime] = field(default_factory=dict)
    by_lesson: dict[tuple[uuid.UUID, uuid.UUID], int] = field(default_factory=lambda: defaultdict(int))
    by_day: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    def start(self, heartbeat: HeartbeatValue) -> datetime:
        """Return from when on the time before `heartbeat` is not credited yet, in any of the person's sessions."""
        return max(self.credited_until.values(), default=heartbeat.began)


def credit(state: CreditState, heartbeat: HeartbeatValue) -> Credit:
    """Return what `heartbeat` is worth in its person's credit `state`, which is not changed."""
    own = state.credited_until.get(heartbeat.session, heartbeat.began)
    start = max(own, state.start(heartbeat))
    passed = max(0, math.ceil((heartbeat.at - start).total_seconds()))
    late = Stop.ELSEWHERE if start > own else Stop.AHEAD
    limits = [(heartbeat.claimed_seconds, Stop.NONE), (passed, late), (heartbeat.longest, Stop.SILENT)]
    limits.append(
        (max(0, heartbeat.lesson_seconds - state.by_lesson[heartbeat.participant, heartbeat.lesson]), Stop.LESSON_FULL)
    )
    if heartbeat.day_seconds is not None:
        limits.append((max(0, heartbeat.day_seconds - state.by_day[legal_day(heartbeat.at)]), Stop.DAY_FULL))
    seconds = min(limit for limit, _why in limits)
    # Of several limits that bind alike the last says most: a full lesson or day asks something of the learner.
    why = [why for limit, why in limits if limit == seconds][-1]
    reason_applies = seconds < heartbeat.claimed_seconds or why in (Stop.LESSON_FULL, Stop.DAY_FULL)
    return Credit(seconds, why if reason_applies else Stop.NONE)


def credited_until(state: CreditState, heartbeat: HeartbeatValue, result: Credit) -> datetime:
    """Return up to when the time of `heartbeat`'s session is credited, after `result`."""
    own = state.credited_until.get(heartbeat.session, heartbeat.began)
    start = max(own, state.start(heartbeat))
    return max(own, heartbeat.at - SLACK, start + timedelta(seconds=result.seconds))


def take(state: CreditState, heartbeat: HeartbeatValue, result: Credit) -> None:
    """Add the credit `result` of `heartbeat` to `state`."""
    state.credited_until[heartbeat.session] = credited_until(state, heartbeat, result)
    state.by_lesson[heartbeat.participant, heartbeat.lesson] += result.seconds
    state.by_day[legal_day(heartbeat.at)] += result.seconds


def recompute(rows: Iterable[HeartbeatValue | EnteredHours]) -> Iterator[tuple[HeartbeatValue | EnteredHours, Credit]]:
    """Yield each of one person's raw rows, in the order of their receipt, with what it is worth."""
    state = CreditState()
    for row in rows:
        if isinstance(row, EnteredHours):
            state.by_day[row.day] += row.seconds
            yield row, Credit(row.seconds, Stop.NONE)
            continue
        result = credit(state, row)
        take(state, row, result)
        yield row, result


def fixed_of_class(state: str, seats_taken: int) -> frozenset[str]:
    """Return the fields of a class that cannot be changed any more.

    Its days are what people enrol for, seats what they compete for; where and by whom it is taught may change until it
    is over.
    """
    if state == ClassState.CLOSED:
        return frozenset(["name", "starts_on", "ends_on", "capacity", "place", "teacher", "teacher_name"])
    if state == ClassState.RUNNING:
        return frozenset(["starts_on", "ends_on", "capacity"])
    return frozenset(["starts_on", "ends_on"]) if seats_taken else frozenset()
