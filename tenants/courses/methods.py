"""How learning is credited: by the server's clock, each second once, whatever pages report.

A page sends a heartbeat every 15 seconds with the seconds it says were learnt. Credited is the least of what was
claimed, what passed on the server since this session was last heard of *and* since this person's time was last counted
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

from .states import Stop

BEAT_SECONDS = 15
"""How often a page reports. A matter of the wire, not of the law."""

LONGEST_BEAT = 60
"""What one heartbeat is worth at most: a few lost on a bad line cost nothing, leaving the page open does."""

SLACK = timedelta(seconds=5)
"""A heartbeat that came late on a slow line leaves so much of its time to the next one, which comes early."""


@dataclass(frozen=True, slots=True)
class Beat:
    """A heartbeat as the ledger needs it; `began` is its session's beginning."""

    key: int
    session: uuid.UUID
    began: datetime
    participant: uuid.UUID
    lesson: uuid.UUID
    at: datetime
    claimed: int
    longest: int
    lesson_seconds: int
    day_seconds: int | None


@dataclass(frozen=True, slots=True)
class Fixed:
    """Hours that do not come from heartbeats (attendance, corrections), which the day's limit counts as well."""

    key: int
    participant: uuid.UUID
    day: date
    seconds: int


@dataclass(frozen=True, slots=True)
class Credit:
    """What a heartbeat is worth, and why not more."""

    seconds: int
    stop: Stop


@dataclass(slots=True)
class Standing:
    """What is known of one person before the next heartbeat: up to when each session's time has been looked at, and
    how much is counted by participant and lesson, and by day."""

    looked_at: dict[uuid.UUID, datetime] = field(default_factory=dict)
    by_lesson: dict[tuple[uuid.UUID, uuid.UUID], int] = field(default_factory=lambda: defaultdict(int))
    by_day: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    def start(self, beat: Beat) -> datetime:
        """Return from when on the time before `beat` is not looked at yet, in any of the person's sessions."""
        return max(self.looked_at.values(), default=beat.began)


def credit(standing: Standing, beat: Beat) -> Credit:
    """Return what `beat` is worth given what is known of its person; `standing` is not changed."""
    own = standing.looked_at.get(beat.session, beat.began)
    start = max(own, standing.start(beat))
    passed = max(0, math.ceil((beat.at - start).total_seconds()))
    late = Stop.ELSEWHERE if start > own else Stop.AHEAD
    limits = [(beat.claimed, Stop.NONE), (passed, late), (beat.longest, Stop.SILENT)]
    limits.append((max(0, beat.lesson_seconds - standing.by_lesson[beat.participant, beat.lesson]), Stop.LESSON_FULL))
    if beat.day_seconds is not None:
        limits.append((max(0, beat.day_seconds - standing.by_day[legal_day(beat.at)]), Stop.DAY_FULL))
    seconds = min(limit for limit, _why in limits)
    # Of several limits that bind alike the last says most: a full lesson or day asks something of the learner.
    why = [why for limit, why in limits if limit == seconds][-1]
    told = seconds < beat.claimed or why in (Stop.LESSON_FULL, Stop.DAY_FULL)
    return Credit(seconds, why if told else Stop.NONE)


def looked_at(standing: Standing, beat: Beat, given: Credit) -> datetime:
    """Return up to when the time of `beat`'s session has been looked at, now that `given` was credited."""
    own = standing.looked_at.get(beat.session, beat.began)
    start = max(own, standing.start(beat))
    return max(own, beat.at - SLACK, start + timedelta(seconds=given.seconds))


def take(standing: Standing, beat: Beat, given: Credit) -> None:
    """Note in `standing` that `beat` was credited with `given`."""
    standing.looked_at[beat.session] = looked_at(standing, beat, given)
    standing.by_lesson[beat.participant, beat.lesson] += given.seconds
    standing.by_day[legal_day(beat.at)] += given.seconds


def recompute(rows: Iterable[Beat | Fixed]) -> Iterator[tuple[Beat | Fixed, Credit]]:
    """Yield each of one person's raw rows, in the order the server got them, with what it is worth."""
    standing = Standing()
    for row in rows:
        if isinstance(row, Fixed):
            standing.by_day[row.day] += row.seconds
            yield row, Credit(row.seconds, Stop.NONE)
            continue
        given = credit(standing, row)
        take(standing, row, given)
        yield row, given
