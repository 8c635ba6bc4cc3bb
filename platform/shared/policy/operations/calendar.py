"""Correct the calendar day by day, and enter a year's official plan.

`made_from` are the stamps of what the page showed (kernel.conflicts): what another officer entered meanwhile is not
replaced unseen (ChangedMeanwhile).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, conflicts, reasons
from kernel.access import Actor
from kernel.conflicts import Stamps
from kernel.errors import Invalid, NotFound

from .. import rules
from ..methods.plans import PlanUnreadable, read_plan
from ..models import CalendarDay, CalendarPlan
from ..queries import years
from ..values.workdays import PLAN_YEARS

FAULTS = {
    "shape": _("line %(line)s: a day, or a first and a last day, and then off or work"),
    "date": _("line %(line)s: there is no such day"),
    "order": _("line %(line)s: the last day lies before the first"),
    "long": _("line %(line)s: more than 31 days in one line"),
    "year": _("line %(line)s: the day is not of this year"),
    "twice": _("line %(line)s: a day that stands further up already"),
    "empty": _("there is no day in it"),
}


class PlanFaulty(Invalid):
    """The plan cannot be read; the words name each line."""

    code = "plan-faulty"
    message = _("The plan cannot be read. %(faults)s.")


class SourceNeeded(Invalid):
    """A day is off or worked because a document says so."""

    code = "source-needed"
    message = _("Name the document that says so.")


class NoCalendarYear(Invalid):
    """The calendar does not hold the year."""

    code = "no-calendar-year"
    message = _("The calendar holds the years %(first)s to %(last)s.")


def set_day(*, day: date, working: bool, source: str, made_from: Stamps | None = None, by: Actor, at: datetime) -> None:
    """Say that `day` is worked or off, whatever the calendar package says; `source` is the document that says so.

    What was said before of this day stays on record as superseded. Refuses who is not an officer of the province, a day
    without a document (SourceNeeded), and one of a year that can have no plan (NoCalendarYear).
    """
    access.demand(by, rules.enters_calendar, scope=settings.NUOXING_JURISDICTION)
    if not source.strip():
        raise SourceNeeded(field="source")
    _require_year(day.year, field="day")
    entered = {day.isoformat(): [_kind(working), source.strip()[:120]]}
    with transaction.atomic():
        stored = _stored(day)
        conflicts.changes(seen=_seen(made_from, stored), stored=stored, entered=entered)
        _supersede([day], at)
        row = CalendarDay.objects.create(
            date=day, kind=_kind(working), source=source.strip()[:120], entered_at=at, entered_by=by.account_id
        )
        audit.note("policy.day", row, by=by, at=at, after=audit.values(row, "date", "kind", "source"))


def clear_day(*, day: date, why: str, made_from: Stamps | None = None, by: Actor, at: datetime) -> None:
    """Take back what was said of a day: it is again as the calendar says. Refuses (NotFound) a day of which nothing was
    said, and one that a year's plan says (enter the plan anew); (ReasonRequired) to do it without a reason.
    """
    access.demand(by, rules.enters_calendar, scope=settings.NUOXING_JURISDICTION)
    why = reasons.require(why)
    with transaction.atomic():
        row = CalendarDay.objects.select_for_update().filter(date=day, superseded_at=None, plan=None).first()
        if row is None:
            raise NotFound
        conflicts.require_unchanged(seen=made_from, stored=_stored(day))
        row.superseded_at = at
        row.save(update_fields=["superseded_at"])
        audit.note("policy.day_cleared", row, by=by, at=at, before=audit.values(row, "date", "kind", "source"), why=why)


def enter_plan(*, year: int, text: str, source: str, made_from: Stamps | None = None, by: Actor, at: datetime) -> None:
    """Enter a year's official plan from its lines (methods.plans); with it the year's days are certain.

    It takes the place of an earlier plan of the year and of what was said of its days one by one. Refuses who is not an
    officer of the province with a second factor, a text that is no plan (PlanFaulty, every line), a plan without its
    document (SourceNeeded), and a year that the calendar does not hold (NoCalendarYear).
    """
    access.demand(by, rules.enters_calendar, scope=settings.NUOXING_JURISDICTION)
    if not source.strip():
        raise SourceNeeded(field="source")
    _require_year(year, field="text")
    days = _readable(text, year)
    with transaction.atomic():
        _in_force(date__year=year)
        conflicts.require_unchanged(seen=made_from, stored=years.stored_plan(years.entered_days(year)))
        plan = CalendarPlan.objects.create(
            year=year, source=source.strip()[:120], entered_at=at, entered_by=by.account_id
        )
        _supersede(days, at)
        CalendarDay.objects.filter(plan__year=year, superseded_at=None).update(superseded_at=at)
        CalendarDay.objects.bulk_create(
            CalendarDay(
                date=day, kind=_kind(working), source=plan.source, plan=plan, entered_at=at, entered_by=by.account_id
            )
            for day, working in days.items()
        )
        after = {"year": year, "source": plan.source, "days": {d.isoformat(): _kind(w) for d, w in days.items()}}
        audit.note("policy.plan", plan, by=by, at=at, after=after)


def _require_year(year: int, *, field: str) -> None:
    if year not in PLAN_YEARS:
        raise NoCalendarYear(field=field, first=PLAN_YEARS[0], last=PLAN_YEARS[-1])


def _readable(text: str, year: int) -> dict[date, bool]:
    try:
        return dict(read_plan(text, year))
    except PlanUnreadable as sentences:
        faults = [str(FAULTS[fault.what]) % {"line": fault.line} for fault in sentences.faults]
        raise PlanFaulty(field="text", faults="; ".join(faults)) from None


def _kind(working: bool) -> str:
    return "work" if working else "off"


def _in_force(**which: Any) -> list[CalendarDay]:
    return list(CalendarDay.objects.select_for_update().filter(superseded_at=None, **which).order_by("pk"))


def _stored(day: date) -> dict[str, Any]:
    """Return what is said of a day now, None where nothing is."""
    rows = _in_force(date=day)
    return {day.isoformat(): [rows[0].kind, rows[0].source] if rows else None}


def _seen(made_from: Stamps | None, stored: Mapping[str, Any]) -> Stamps | None:
    """Return the stamps of a page, which has none for a day of which nothing was said."""
    if made_from is None:
        return None
    return {day: made_from.get(day, conflicts.stamp(None)) for day in stored}


def _supersede(days: Iterable[date], at: datetime) -> None:
    for row in _in_force(date__in=list(days)):
        row.superseded_at = at
        row.save(update_fields=["superseded_at"])
