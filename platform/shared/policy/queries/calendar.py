"""Working days, by the national calendar under the overrides that the authority entered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from ..models import CalendarDay
from ..values import workdays
from ..values.workdays import NO_HOLIDAYS, DayKind, WorkingDay
from .packs import day_of, pack_at


@dataclass(frozen=True, slots=True)
class TermDay:
    """One day of a running term; `note` says why it is counted or not, where that is not plain."""

    date: date
    counted: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A term, as components/clock.html shows it. `left` is negative by the working days it is overdue, and 0 of a term
    that was `stopped`: what has ended is not counted any more, however long ago it was.
    """

    left: int
    total: int
    due: date
    rule: str
    days: tuple[TermDay, ...]
    provisional: bool
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class CalendarOverrides:
    """What was entered by a moment: overrides with their documents, and the years whose plan is known by them."""

    kinds: dict[date, DayKind]
    planned: frozenset[int]
    sources: dict[date, str]


def overrides_between(after: date, until: date | None = None, at: datetime | None = None) -> CalendarOverrides:
    """Return what is known of the days after one, up to and with another, as of now or of the moment `at`."""
    within = Q(date__gt=after) & (Q() if until is None else Q(date__lte=until))
    rows = CalendarDay.objects.filter(within | Q(plan__isnull=False))
    rows = rows.filter(superseded_at=None) if at is None else rows.filter(_in_force(at))
    days = list(rows.values_list("date", "kind", "source", "plan__year"))
    kinds: dict[str, DayKind] = {"off": "off", "work": "work"}
    return CalendarOverrides(
        {day: kinds[kind] for day, kind, _source, _year in days},
        frozenset(year for *_rest, year in days if year is not None),
        {day: source for day, _kind, source, _year in days},
    )


def _in_force(at: datetime) -> Q:
    return Q(entered_at__lte=at) & (Q(superseded_at=None) | Q(superseded_at__gt=at))


def due_after(start: datetime | date, days: int, known_at: datetime | None = None) -> WorkingDay:
    """Return the working day at whose 24:00 a term of `days` working days from `start` ends; `start` is not counted.

    Where the official calendar is not out yet the answer is marked provisional. `known_at` asks what the answer was by
    the calendar as it stood at that moment.
    """
    return _due(start, days, known_at)[0]


def _due(start: datetime | date, days: int, known_at: datetime | None = None) -> tuple[WorkingDay, CalendarOverrides]:
    day = day_of(start)
    overrides = overrides_between(day, at=known_at)
    due = workdays.add_working_days(day, days, overrides.kinds, planned=overrides.planned)
    if due.provisional:
        holidays = pack_at(start).holidays
        due = workdays.add_working_days(day, days, overrides.kinds, holidays=holidays, planned=overrides.planned)
    return due, overrides


def _left(today: date, due: date, overrides: CalendarOverrides) -> int:
    first, last = sorted((today, due))
    span = workdays.days_between(first, last)
    uncertain = any(workdays.is_working(day, overrides.kinds, planned=overrides.planned)[1] for day in span)
    holidays = pack_at(first).holidays if uncertain else NO_HOLIDAYS
    return workdays.working_days_left(today, due, overrides.kinds, holidays=holidays, planned=overrides.planned)


def working_days_left(today: datetime | date, due: date) -> int:
    """Return how many working days remain after `today` up to and with `due`; negative by as many as it is overdue."""
    day = day_of(today)
    first, last = sorted((day, due))
    return _left(day, due, overrides_between(first, last))


def working_days_left_each(today: datetime | date, dues: Iterable[date]) -> dict[date, int]:
    """Return `working_days_left` for several due days at once, in one query: what a list of clocks needs."""
    day, due_days = day_of(today), set(dues)
    if not due_days:
        return {}
    overrides = overrides_between(min(day, *due_days), max(day, *due_days))
    return {due: _left(day, due, overrides) for due in due_days}


def term(
    start: datetime | date,
    days: int,
    *,
    now: datetime | date,
    rule: str = "",
    stopped: str = "",
    known_at: datetime | None = None,
) -> Term:
    """Return a term as it stands at `now`, with every day that lies in it; by the calendar of now, or of `known_at`."""
    first, today = day_of(start), day_of(now)
    due, overrides = _due(first, days, known_at)
    left = (
        0 if stopped else _left(today, due.date, overrides if today >= first else overrides_between(today, at=known_at))
    )
    counted = frozenset(due.counted)
    term_days = tuple(
        TermDay(day, day in counted, _day_note(day, day in counted, overrides.sources.get(day, "")))
        for day in workdays.days_between(first, due.date)
    )
    return Term(left, days, due.date, rule, term_days, due.provisional, stopped)


def _day_note(day: date, counted: bool, source: str) -> str:
    """Say why a day is counted against the week or not counted on a weekday, and by which document of ours."""
    weekend = day.weekday() >= 5
    if counted != weekend:
        return ""
    words = _("make-up working day") if counted else _("public holiday")
    return f"{words} ({source})" if source else words
