"""Rates: so often in so many seconds, as people write them. Pure, for the environment reads them too."""

from dataclasses import dataclass

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many times in so many seconds."""

    most: int
    seconds: int


def read(text: str) -> Rate:
    """Return the rate of a text like "20/m" or "5/30s"; ValueError for another."""
    most, _slash, duration = text.strip().partition("/")
    if duration[-1:] not in UNITS or int(most) < 1:
        raise ValueError(f"{text!r} is no rate such as 20/m")
    return Rate(int(most), int(duration[:-1] or 1) * UNITS[duration[-1]])


def read_all(text: str) -> tuple[Rate, ...]:
    """Return the rates of a text like "5/h,15/d"; ValueError where one is none."""
    return tuple(read(part) for part in text.split(",") if part.strip())
