"""Working days by the Chinese calendar: make-up weekends count, bridging days do not; an unknown year is no error.

The State Council publishes a year's plan in the November before. What lies beyond the known plans is judged by weekday
and the holidays that the law names, and the answer says that it is provisional.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal

import chinese_calendar

DayKind = Literal["off", "work"]
Overrides = Mapping[date, DayKind]

PLAN_YEARS = range(2004, 2101)
"""The years that may have a plan: those that the package knows, and as far ahead as anybody plans."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holidays:
    """The days off that the law itself names: by month and day for every year, by date where the almanac decides.

    With `in_lieu` a working day after them is off for each that falls on a Saturday or Sunday.
    """

    fixed: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    dated: frozenset[date] = field(default_factory=frozenset)
    in_lieu: bool = False

    def __contains__(self, day: date) -> bool:
        """Say whether this day is off by the law."""
        return self.names(day) or (self.in_lieu and day in _days_in_lieu(self, day.year))

    def names(self, day: date) -> bool:
        """Say whether the law names this day."""
        return (day.month, day.day) in self.fixed or day in self.dated


@lru_cache(maxsize=64)
def _days_in_lieu(holidays: Holidays, year: int) -> frozenset[date]:
    """Return the days off in lieu of a year's holidays at a weekend: for each the next that is not off anyway."""
    taken: set[date] = set()
    for holiday in days_between(date(year - 1, 12, 31), date(year, 12, 31)):
        if not holidays.names(holiday) or holiday.weekday() < 5:
            continue
        day = holiday
        while day.weekday() >= 5 or holidays.names(day) or day in taken:
            day += _DAY
        taken.add(day)
    return frozenset(taken)


NO_HOLIDAYS = Holidays()


@dataclass(frozen=True, slots=True)
class Published:
    """The State Council's plans as far as the package knows them: the years, and all their working days."""

    first: date
    last: date
    working: frozenset[date]


@cache
def published() -> Published:
    """Return the published plans, built once from the package's tables: its `is_workday` scans them at each call."""
    off, made_up = chinese_calendar.holidays, chinese_calendar.workdays
    first, last = date(min(off).year, 1, 1), date(max(off).year, 12, 31)
    every = (first + _DAY * n for n in range((last - first).days + 1))
    return Published(first, last, frozenset(d for d in every if d in made_up or (d.weekday() < 5 and d not in off)))


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """Where a term ends: its date, the days counted, and whether any of it rests on a plan not yet published."""

    date: dt.date
    provisional: bool
    counted: tuple[dt.date, ...]

    @property
    def made_up(self) -> tuple[dt.date, ...]:
        """Return the Saturdays and Sundays among the days counted: working days that make up for a bridge."""
        return tuple(day for day in self.counted if day.weekday() >= 5)


def is_working(
    day: date, overrides: Overrides, holidays: Holidays = NO_HOLIDAYS, planned: Collection[int] = ()
) -> tuple[bool, bool]:
    """Return whether work is done on `day`, and whether that is provisional. An override is always certain, and so is a
    day of a `planned` year: one whose official plan was entered, so that what it does not name is as the week says.
    """
    if (kind := overrides.get(day)) is not None:
        return kind == "work", False
    plans = published()
    if plans.first <= day <= plans.last:
        return day in plans.working, False
    if day.year in planned:
        return day.weekday() < 5, False
    return day.weekday() < 5 and day not in holidays, True


def add_working_days(
    start: date,
    number: int,
    overrides: Overrides,
    *,
    holidays: Holidays = NO_HOLIDAYS,
    planned: Collection[int] = (),
) -> WorkingDay:
    """Return the working day on which a term of `number` working days from `start` ends, at its 24:00.

    The day of the event is not counted (Civil Code 201). Refuses a negative number.
    """
    if number < 0:
        raise ValueError("a term cannot be negative")
    day, provisional = start, False
    counted: list[date] = []
    while len(counted) < number:
        day += _DAY
        works, uncertain = is_working(day, overrides, holidays, planned)
        provisional = provisional or uncertain
        if works:
            counted.append(day)
    return WorkingDay(day, provisional, tuple(counted))


def working_days_left(
    today: date, due: date, overrides: Overrides, *, holidays: Holidays = NO_HOLIDAYS, planned: Collection[int] = ()
) -> int:
    """Return how many working days remain after `today` up to and with `due`; negative by as many as it is overdue."""
    if due < today:
        return -working_days_left(due, today, overrides, holidays=holidays, planned=planned)
    return sum(is_working(day, overrides, holidays, planned)[0] for day in days_between(today, due))


def days_between(after: date, until: date) -> Iterator[date]:
    """Yield the days after one up to and with another."""
    return (after + _DAY * n for n in range(1, (until - after).days + 1))
