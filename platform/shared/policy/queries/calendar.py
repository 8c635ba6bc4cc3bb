"""Working days, by the national calendar under the overrides that the authority entered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from ..methods import workdays
from ..methods.workdays import DayKind, WorkingDay
from ..models import CalendarDay
from .packs import day_of, pack_at


@dataclass(frozen=True, slots=True)
class TermDay:
    """One day of a running term; `note` says why it is counted or not, where that is not plain."""

    date: date
    counted: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A running term, as components/clock.html shows it. `left` is negative by the working days it is overdue."""

    left: int
    total: int
    due: date
    rule: str
    days: tuple[TermDay, ...]
    provisional: bool
    stopped: str = ""


def _overrides(after: date, until: date | None = None) -> dict[date, DayKind]:
    rows = CalendarDay.objects.filter(date__gt=after)
    if until is not None:
        rows = rows.filter(date__lte=until)
    kinds: dict[str, DayKind] = {"off": "off", "work": "work"}
    return {day: kinds[kind] for day, kind in rows.values_list("date", "kind")}


def due_after(start: datetime | date, days: int) -> WorkingDay:
    """Return the working day at whose 24:00 a term of `days` working days from `start` ends; `start` is not counted.

    Where the official calendar is not out yet the answer is marked provisional.
    """
    return _due(start, days)[0]


def _due(start: datetime | date, days: int) -> tuple[WorkingDay, dict[date, DayKind]]:
    day = day_of(start)
    overrides = _overrides(day)
    due = workdays.add_working_days(day, days, overrides)
    if due.provisional:
        due = workdays.add_working_days(day, days, overrides, holidays=pack_at(start).holidays)
    return due, overrides


def working_days_left(today: datetime | date, due: date) -> int:
    """Return how many working days remain after `today` up to and with `due`; negative by as many as it is overdue."""
    day = day_of(today)
    first, last = sorted((day, due))
    return workdays.working_days_left(day, due, _overrides(first, last))


def working_days_left_each(today: datetime | date, dues: Iterable[date]) -> dict[date, int]:
    """Return `working_days_left` for several due days at once, in one query: what a list of clocks needs."""
    day, wanted = day_of(today), set(dues)
    if not wanted:
        return {}
    overrides = _overrides(min(day, *wanted), max(day, *wanted))
    return {due: workdays.working_days_left(day, due, overrides) for due in wanted}


def term(start: datetime | date, days: int, *, now: datetime | date, rule: str = "", stopped: str = "") -> Term:
    """Return a term as it stands at `now`, with every day that lies in it."""
    begun, today = day_of(start), day_of(now)
    due, overrides = _due(begun, days)
    left = workdays.working_days_left(today, due.date, overrides if today >= begun else _overrides(today))
    spanned = (begun + timedelta(days=n) for n in range(1, (due.date - begun).days + 1))
    counted = frozenset(due.counted)
    shown = tuple(TermDay(day, day in counted, _day_note(day, day in counted)) for day in spanned)
    return Term(left, days, due.date, rule, shown, due.provisional, stopped)


def _day_note(day: date, counted: bool) -> str:
    if counted:
        return _("make-up working day") if day.weekday() >= 5 else ""
    return "" if day.weekday() >= 5 else _("public holiday")
