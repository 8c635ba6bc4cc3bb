"""The calendar of the province: a year at a look, its official plan, single days."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import access
from kernel.clock import legal_day
from kernel.conflicts import ChangedMeanwhile
from kernel.web.forms import submit
from kernel.web.http import Request, page
from shared.policy.operations import calendar
from shared.policy.queries import years
from shared.policy.states import Day

from .. import rules
from ..forms.calendar import ClearForm, DayForm, PlanForm


@access.requires(rules.enters_calendar)
@require_safe
def calendar_year(request: Request, year: int | None = None) -> HttpResponse:
    """Show a year, this one if none is named."""
    return page(request, "lawbook/calendar.html", _shown(request, year or legal_day(request.now).year))


def _shown(request: Request, year: int, **forms: Form) -> dict[str, Any]:
    if not years.has_calendar(year):
        raise Http404
    entered = years.entered_days(year)
    return {
        "year": years.year_of(year, request.now),
        "years": years.years_known(legal_day(request.now).year),
        "entered": [(day, ClearForm(stored=years.stored_days([day]))) for day in entered],
        "plan_form": PlanForm(stored=years.stored_plan(entered)),
        "day_form": DayForm(stored=years.stored_days(entered)),
    } | forms


@access.requires(rules.enters_calendar)
@require_POST
def plans(request: Request, year: int) -> HttpResponse:
    """Enter the year's plan."""
    form = PlanForm(request.POST, request.FILES, stored=years.stored_plan(years.entered_days(year)))
    if form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("source", "text", "made_from")}
        if submit(form, lambda: calendar.enter_plan(year=year, **data, by=request.actor, at=request.now)):
            messages.success(request, _("The plan has been entered; open terms are counted again."))
            return redirect("lawbook:calendar-year", year=year)
    return page(request, "lawbook/calendar.html", _shown(request, year, plan_form=form), status=422)


@access.requires(rules.enters_calendar)
@require_POST
def days(request: Request, year: int) -> HttpResponse:
    """Say something of one day."""
    form = DayForm(request.POST, stored=years.stored_days(years.entered_days(year)))
    if form.is_valid():
        data = form.cleaned_data
        if submit(
            form,
            lambda: calendar.set_day(
                day=data["day"],
                working=data["kind"] == Day.WORK,
                source=data["source"],
                made_from=data["made_from"],
                by=request.actor,
                at=request.now,
            ),
        ):
            messages.success(request, _("The day has been entered; open terms are counted again."))
            return redirect(reverse("lawbook:calendar-year", args=[data["day"].year]))
    return page(request, "lawbook/calendar.html", _shown(request, year, day_form=form), status=422)


@access.requires(rules.enters_calendar)
@require_POST
def clearing(request: Request, year: int, month: int, day: int) -> HttpResponse:
    """Take back what was said of a day."""
    form = ClearForm(request.POST, stored={})
    try:
        which = date(year, month, day)
    except (ValueError, OverflowError):
        raise Http404 from None
    if form.is_valid():
        try:
            calendar.clear_day(day=which, **form.cleaned_data, by=request.actor, at=request.now)
        except ChangedMeanwhile as refusal:  # the page that follows shows what is said of the day now
            messages.error(request, str(refusal.title))
        else:
            messages.success(request, _("The day is again as the calendar says."))
    else:
        messages.error(request, _("Say why it no longer holds."))
    return redirect("lawbook:calendar-year", year=year)
