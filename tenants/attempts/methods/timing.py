"""The clock of an attempt: the one place where a deadline is computed, and where a save is judged by it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from ..states import AttemptState

# Allowances for the network; no candidate's working time depends on these.
SAVE_GRACE = timedelta(seconds=5)  # a save that left before the deadline may still be on its way
HOLD_GRACE = timedelta(seconds=5)  # likewise after a hold
SWEEP_GRACE = timedelta(seconds=60)  # how long after the deadline the sweeper waits for the candidate's own hand-in


class Timing(NamedTuple):
    """The parts a deadline is made of."""

    state: str
    started_at: datetime | None
    working_time: timedelta
    added_time: timedelta = timedelta()
    held_time: timedelta = timedelta()
    held_since: datetime | None = None


class Verdict(StrEnum):
    """The verdict on a save."""

    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    CLOSED = "closed"
    NOT_STARTED = "not-started"
    HELD = "on-hold"
    BUSY = "busy"


def deadline(timing: Timing, now: datetime) -> datetime | None:
    """Return when working time ends: started + working + added + held; while on hold it moves with the clock.

    None before the start.
    """
    if timing.started_at is None:
        return None
    running_hold = max(now - timing.held_since, timedelta()) if timing.held_since is not None else timedelta()
    return timing.started_at + timing.working_time + timing.added_time + timing.held_time + running_hold


def judge(timing: Timing, now: datetime, *, epoch: int, lease_epoch: int) -> Verdict:
    """Return what becomes of a save that came in at `now` under `epoch`."""
    if epoch != lease_epoch:
        return Verdict.SUPERSEDED
    if timing.state in (AttemptState.PREPARED, AttemptState.CHECKED_IN):
        return Verdict.NOT_STARTED
    ends = deadline(timing, now)
    if timing.state == AttemptState.ON_HOLD and timing.held_since is not None:
        return Verdict.ACCEPTED if now <= timing.held_since + HOLD_GRACE else Verdict.HELD
    if timing.state != AttemptState.STARTED or ends is None or now > ends + SAVE_GRACE:
        return Verdict.CLOSED
    return Verdict.ACCEPTED
