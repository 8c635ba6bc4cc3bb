"""How long to wait: a ladder as data ("1m", "2h"), after which a person is asked."""

from collections.abc import Sequence
from datetime import timedelta

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
FIRST_ASK, LONGEST_ASK = timedelta(seconds=2), timedelta(hours=1)


def steps(ladder: Sequence[str]) -> tuple[timedelta, ...]:
    """Return a ladder's pauses; ValueError for a step that is no time."""
    return tuple(_step(text) for text in ladder)


def _step(text: str) -> timedelta:
    number, unit = text[:-1], text[-1:]
    if unit not in UNITS or not number.isdigit() or int(number) == 0:
        raise ValueError(f"{text!r} is no step of a ladder: 30s, 5m, 2h, 1d")
    return timedelta(seconds=int(number) * UNITS[unit])


def after_fault(faults: int, ladder: Sequence[timedelta]) -> timedelta | None:
    """Return how long to wait after so many faults in a row (1, 2, …), None where the ladder has ended."""
    return ladder[faults - 1] if faults <= len(ladder) else None


def before_asking(asks: int) -> timedelta:
    """Return how long to wait before asking for an answer again: 2 s, 4 s, 8 s … at most an hour."""
    return min(FIRST_ASK * (1 << min(asks, 16)), LONGEST_ASK)
