"""Retry schedule as data ("1m", "2h"): how long to wait after each fault; at its end a person is asked."""

from collections.abc import Sequence
from datetime import timedelta

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
FIRST_POLL, LONGEST_POLL = timedelta(seconds=2), timedelta(hours=1)


def parse_schedule(schedule: Sequence[str]) -> tuple[timedelta, ...]:
    """Return a schedule's pauses; ValueError for one that is no time."""
    return tuple(_pause(text) for text in schedule)


def _pause(text: str) -> timedelta:
    number, unit = text[:-1], text[-1:]
    if unit not in UNITS or not number.isdigit() or int(number) == 0:
        raise ValueError(f"{text!r} is no pause of a retry schedule: 30s, 5m, 2h, 1d")
    return timedelta(seconds=int(number) * UNITS[unit])


def retry_delay(faults: int, schedule: Sequence[timedelta]) -> timedelta | None:
    """Return how long to wait after so many faults in a row (1, 2, …), None where the schedule has ended."""
    return schedule[faults - 1] if faults <= len(schedule) else None


def poll_delay(polls: int) -> timedelta:
    """Return how long to wait before asking for an answer again: 2 s, 4 s, 8 s … at most an hour."""
    return min(FIRST_POLL * (1 << min(polls, 16)), LONGEST_POLL)
