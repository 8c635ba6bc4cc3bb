"""A year of the calendar as the authority sees it: every day, what was entered, and on which document's ground."""

import calendar
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.utils.formats import date_format

from ..models import CalendarDay, CalendarPlan
from ..values import workdays
from ..values.workdays import NO_HOLIDAYS, PLAN_YEARS
from .calendar import overrides_between
from .packs import NoPolicy, pack_at

Kind = Literal["work", "off", "made-up", "holiday"]


@dataclass(frozen=True, slots=True)
class DayValue:
    """One day of the year view: worked or off, with or against the week; `entered` by a document of ours."""

    date: date
    kind: Kind
    provisional: bool
    entered: str

    @property
    def tones(self) -> str:
        """Return the classes that show it."""
        marks = [self.kind, *(["guessed"] if self.provisional else []), *(["entered"] if self.entered else [])]
        return " ".join(f"nx-day-{mark}" for mark in marks)


@dataclass(frozen=True, slots=True)
class MonthValue:
    """A month in weeks from Monday; None where a week begins or ends in another month."""

    label: str
    weeks: tuple[tuple[DayValue | None, ...], ...]
    working: int


@dataclass(frozen=True, slots=True)
class YearValue:
    """A year, and whether any of it rests on a plan that is not out yet."""

    year: int
    months: tuple[MonthValue, ...]
    provisional: bool
    plan: str

    @property
    def working(self) -> int:
        """Return the year's working days."""
        return sum(month.working for month in self.months)


@dataclass(frozen=True, slots=True)
class EnteredDay:
    """Something that was said of a day: in force until it was superseded, if it was."""

    date: date
    kind: str
    kind_label: str
    source: str
    plan_id: uuid.UUID | None
    entered_at: datetime
    superseded_at: datetime | None

    @property
    def single(self) -> bool:
        """Say whether it was said of this day alone, and holds."""
        return self.plan_id is None and self.superseded_at is None


def has_calendar(year: int) -> bool:
    """Say whether the calendar holds a year."""
    return year in PLAN_YEARS


def year_of(year: int, at: datetime, known_at: datetime | None = None) -> YearValue:
    """Return a year by the calendar of now, or as it was known at a moment."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    overrides = overrides_between(first - timedelta(days=1), last, known_at)
    try:
        holidays = pack_at(at).holidays
    except NoPolicy:
        holidays = NO_HOLIDAYS
    days: dict[date, DayValue] = {}
    for day in workdays.days_between(first - timedelta(days=1), last):
        works, uncertain = workdays.is_working(day, overrides.kinds, holidays, overrides.planned)
        days[day] = DayValue(day, _kind(day, works), uncertain, overrides.sources.get(day, ""))
    months = tuple(_month(year, number, days) for number in range(1, 13))
    plan = (
        CalendarPlan.objects.filter(year=year).order_by("-entered_at", "-id").values_list("source", flat=True).first()
    )
    return YearValue(year, months, any(day.provisional for day in days.values()), plan or "")


def _kind(day: date, works: bool) -> Kind:
    weekend = day.weekday() >= 5
    if works:
        return "made-up" if weekend else "work"
    return "off" if weekend else "holiday"


def _month(year: int, number: int, days: dict[date, DayValue]) -> MonthValue:
    weeks = calendar.Calendar(firstweekday=0).monthdatescalendar(year, number)
    rows = tuple(tuple(days[day] if day.month == number else None for day in week) for week in weeks)
    working = sum(day.kind in ("work", "made-up") for week in rows for day in week if day is not None)
    return MonthValue(date_format(date(year, number, 1), "F"), rows, working)


def entered_days(year: int) -> Sequence[EnteredDay]:
    """Return everything that was ever said of the days of a year, by date, the latest last."""
    rows = CalendarDay.objects.filter(date__year=year).order_by("date", "entered_at", "id")
    return [
        EnteredDay(
            row.date, row.kind, row.get_kind_display(), row.source, row.plan_id, row.entered_at, row.superseded_at
        )
        for row in rows
    ]


def stored_days(entered: Sequence[EnteredDay]) -> dict[str, list[str]]:
    """Return what is said of days now, by day: kind and document, as a page's stamps have it."""
    return {day.date.isoformat(): [day.kind, day.source] for day in entered if day.superseded_at is None}


def stored_plan(entered: Sequence[EnteredDay]) -> dict[str, list[list[str]]]:
    """Return all that is said of a year's days now, which a plan takes the place of at once."""
    return {"text": [[day, *said] for day, said in stored_days(entered).items()]}


def years_known(at_year: int) -> list[int]:
    """Return the years that the calendar page offers: from two back to two ahead, and those with a plan."""
    planned = set(CalendarPlan.objects.values_list("year", flat=True))
    return sorted(planned | set(range(at_year - 2, at_year + 3)))
