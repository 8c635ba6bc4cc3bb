"""Incidents, minutes and the attendance sheet."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import access
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from shared.policy.queries import packs as pack_queries
from tenants.sittings.operations import duties
from tenants.sittings.queries import sittings as sitting_queries

from .. import operations, queries, rules
from ..forms import IncidentForm, MinutesForm, OutcomeForm


@access.requires(rules.staff)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def incidents(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """List the incidents of a sitting; POST reports one."""
    sitting = sitting_queries.sitting_value(sitting_id, request.actor)
    form = IncidentForm(request.POST or None, candidates=sitting_queries.candidates(sitting_id))
    if submit(
        form,
        lambda: operations.report_incident(sitting_id=sitting_id, **form.values(), by=request.actor, at=request.now),
    ):
        messages.success(request, _("The incident is on record, and the authority is informed."))
        return redirect("proctoring:incidents", sitting_id=sitting_id)
    context = {
        "sitting": sitting,
        "form": form,
        "incidents": queries.incidents(sitting_id),
        "duty": sitting_queries.duty_of(sitting_id, request.actor),
    }
    return page(request, "proctoring/incidents.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.staff)
@require_http_methods(["GET", "HEAD", "POST"])
def incident(request: Request, incident_id: uuid.UUID) -> HttpResponse:
    """Show an incident; POST closes it."""
    row = queries.incident(incident_id, request.actor)
    form = OutcomeForm(request.POST or None)
    if submit(
        form,
        lambda: operations.close_incident(
            incident_id=incident_id, **form.cleaned_data, by=request.actor, at=request.now
        ),
    ):
        messages.success(request, _("The incident is closed."))
        return redirect("proctoring:incidents", sitting_id=row.sitting_id)
    context = {
        "incident": row,
        "form": form,
        "chief": sitting_queries.duty_of(row.sitting_id, request.actor) == "chief",
        "history": queries.life(row),
    }
    return page(request, "proctoring/incident.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.staff)
@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Show the minutes; the chief proctor signs them here."""
    sitting = sitting_queries.sitting_value(sitting_id, request.actor)
    if request.method == "POST":  # before what is wrong in the form is told
        duties.require_duty(sitting_id, request.actor, chief=True)
    signed = queries.minutes(sitting_id)
    facts = signed.facts if signed else queries.facts(sitting)
    form = MinutesForm(request.POST or None, stored=facts)
    if submit(
        form,
        lambda: operations.sign_minutes(
            sitting_id=sitting_id,
            text=form.cleaned_data["text"],
            made_from=form.cleaned_data["made_from"],
            by=request.actor,
            at=request.now,
        ),
    ):
        messages.success(request, _("The minutes are signed. The desk can confirm the results."))
        return redirect("proctoring:minutes", sitting_id=sitting_id)
    context = {
        "sitting": sitting,
        "signed": signed,
        "facts": facts,
        "interventions": queries.interventions_in_words(facts),
        "form": form,
        "may_sign": sitting_queries.duty_of(sitting_id, request.actor) == "chief" and sitting.state == "closed",
        "position": pack_queries.pack(sitting.policy).position(sitting.position).label,
    }
    return page(request, "proctoring/minutes.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.staff)
@require_safe
def attendance(request: Request, sitting_id: uuid.UUID) -> HttpResponse:
    """Show the attendance sheet, to print and sign."""
    sitting = sitting_queries.sitting_value(sitting_id, request.actor)
    context = {
        "sitting": sitting,
        "position": pack_queries.pack(sitting.policy).position(sitting.position).label,
        "candidates": sitting_queries.candidates(sitting_id),
        "duties": sitting_queries.duties(sitting_id),
    }
    return page(request, "proctoring/attendance.html", context)
