"""Pages of the moves of a sitting, one button each."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import access
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from tenants.attempts.operations import conduct
from tenants.sittings.queries import sittings as sitting_queries

from .. import queries, rules
from ..forms import ClosingForm, ReasonForm


@access.requires(rules.watch)
@require_POST
@once
def opening(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Open check-in, and go to the room."""
    conduct.open_checkin(sitting_id=sitting_id, by=request.actor, at=request.now)
    return redirect("proctoring:room", sitting_id=sitting_id)


@access.requires(rules.watch)
@require_POST
@once
def beginning(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Begin the test, and go to the room."""
    conduct.begin(sitting_id=sitting_id, by=request.actor, at=request.now)
    return redirect("proctoring:room", sitting_id=sitting_id)


@access.requires(rules.watch)
@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Say what ending the test does, counted; POST ends it and goes on to the minutes."""
    row = sitting_queries.sitting_value(sitting_id, request.actor)
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if submit(
        form,
        lambda: conduct.close_sitting(
            sitting_id=sitting_id, by=request.actor, at=request.now, absent=form.cleaned_data["absent"]
        ),
    ):
        messages.success(request, _("The test has ended. Please write and sign the minutes."))
        return redirect("proctoring:minutes", sitting_id=sitting_id)
    context = {"sitting": row, "form": form, "effect": queries.effect_of_closing(row)}
    return page(request, "proctoring/closing.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.watch)
@require_http_methods(["GET", "HEAD", "POST"])
def reopening(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Take the end of the test back, with a reason, while the minutes are not signed."""
    row = sitting_queries.sitting_value(sitting_id, request.actor)
    form = ReasonForm(request.POST or None)
    if submit(
        form,
        lambda: conduct.reopen(
            sitting_id=sitting_id, why=form.cleaned_data["reason"], by=request.actor, at=request.now
        ),
    ):
        messages.success(request, _("The test goes on; whoever had not started may start."))
        return redirect("proctoring:room", sitting_id=sitting_id)
    context = {"sitting": row, "form": form, "effect": queries.effect_of_closing(row)}
    return page(request, "proctoring/reopening.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
def finalisation(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Say for how many certificates are asked; POST confirms the results."""
    row = sitting_queries.sitting_value(sitting_id, request.actor)
    if request.method == "POST":
        conduct.finalise(sitting_id=sitting_id, by=request.actor, at=request.now)
        messages.success(request, _("Results are confirmed; certificates are asked for at the ministry's system."))
        return redirect("sittings:sitting", sitting_id=sitting_id)
    context = {"sitting": row, "effect": queries.effect_of_closing(row), "form": forms.Form()}
    return page(request, "proctoring/finalisation.html", context)


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
def cancellation(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Cancel the sitting, with a reason."""
    row = sitting_queries.sitting_value(sitting_id, request.actor)
    form = ReasonForm(request.POST or None)
    if submit(
        form,
        lambda: conduct.cancel_sitting(
            sitting_id=sitting_id, why=form.cleaned_data["reason"], by=request.actor, at=request.now
        ),
    ):
        messages.success(request, _("The sitting is cancelled."))
        return redirect("sittings:sitting", sitting_id=sitting_id)
    context = {"sitting": row, "form": form, "effect": queries.effect_of_closing(row)}
    return page(request, "proctoring/cancellation.html", context, status=422 if form.is_bound else 200)
