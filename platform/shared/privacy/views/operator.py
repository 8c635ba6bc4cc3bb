"""The operator's pages: the register, its export, texts, deletions, holds, assessments, incidents."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel import access
from kernel.errors import Refusal
from kernel.forms import RefusableForm
from kernel.http import Request, page
from kernel.tables import paged
from shared.identity import operations as identity_operations
from shared.identity import queries as identity

from .. import documents, forms, operations, queries, rules, tables

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LOOKS = 1000


@access.requires(rules.handler)
@require_GET
def register(request: Request) -> HttpResponse:
    """Show the records of processing: what, why, on what ground, how long, shown how, to whom."""
    context = {
        "holdings": queries.holdings(request.now),
        "handlers": queries.parties("handlers"),
        "recipients": queries.parties("recipients"),
        "plain": queries.plain_rules(),
        "entrustings": queries.entrustings(),
        "assessments": queries.assessments(),
    }
    return page(request, "privacy/register.html", context)


@access.requires(rules.handler)
@require_GET
def export(request: Request) -> HttpResponse:
    """Send the records of processing as a sheet."""
    book = documents.register_sheet(
        queries.holdings(request.now), queries.parties("recipients"), queries.entrustings(), queries.assessments()
    )
    response = HttpResponse(book, content_type=SHEET)
    response["Content-Disposition"] = f'attachment; filename="personal-data-{request.now:%Y%m%d}.xlsx"'
    return response


def _enter_record(
    request: Request, form: RefusableForm, template: str, enter: Callable[[], object], context: dict[str, object]
) -> HttpResponseBase:
    """Enter what a valid form holds and come back; else show it with what is wrong."""
    if form.is_valid():
        try:
            enter()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Entered."))
            return redirect(request.path)
    return page(request, template, context | {"form": form}, status=422 if form.errors else 200)


@access.requires(rules.handler)
@require_http_methods(["GET", "POST"])
def assessments(request: Request) -> HttpResponseBase:
    """List the impact assessments; enter one."""
    form = forms.AssessmentForm(request.POST or None)
    context = {"assessments": queries.assessments(), "today": request.now.date()}
    enter = lambda: operations.enter_assessment(by=request.actor, at=request.now, **form.cleaned_data)  # noqa: E731
    return _enter_record(request, form, "privacy/assessments.html", enter, context)


@access.requires(rules.handler)
@require_http_methods(["GET", "POST"])
def entrustings(request: Request) -> HttpResponseBase:
    """List the entrusted parties; enter one."""
    form = forms.EntrustingForm(request.POST or None)
    enter = lambda: operations.enter_entrusting(by=request.actor, at=request.now, **form.cleaned_data)  # noqa: E731
    return _enter_record(request, form, "privacy/entrustings.html", enter, {"entrustings": queries.entrustings()})


@access.requires(rules.handler)
@require_http_methods(["GET", "POST"])
def texts(request: Request) -> HttpResponseBase:
    """List the versions of the notice and of the consents; publish one."""
    form = forms.TextForm(request.POST or None, initial={"in_force_from": request.now})

    def enter() -> None:
        identity_operations.publish_text(
            kind=form.cleaned_data["kind"],
            version=form.cleaned_data["version"],
            in_force_from=form.cleaned_data["in_force_from"],
            words=form.words(),
            by=request.actor,
            at=request.now,
        )

    return _enter_record(request, form, "privacy/texts.html", enter, {"texts": identity.texts()})


@access.requires(rules.handler)
@never_cache
@require_GET
def deletions(request: Request) -> HttpResponse:
    """Show the deleting jobs with their terms, what is due now in the shared part, the log, and the holds."""
    return page(request, "privacy/deletions.html", _deletions(request) | {"form": forms.HoldForm()})


def _deletions(request: Request) -> dict[str, Any]:
    return {
        "jobs": operations.preview(at=request.now),
        "log": paged(request, tables.DeletionTable(queries.deletions())),
        "holds": queries.holds(),
    }


@access.requires(rules.handler)
@require_POST
def begin(request: Request) -> HttpResponse:
    """Ask for a run of all deleting jobs now."""
    count = operations.start_deletion_jobs()
    messages.success(request, _("%(n)s tasks have been asked for.") % {"n": count})
    return redirect("privacy:deletions")


@access.requires(rules.handler)
@require_POST
def holds(request: Request) -> HttpResponse:
    """Place a hold."""
    form = forms.HoldForm(request.POST)
    if form.is_valid():
        try:
            operations.place_hold(by=request.actor, at=request.now, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("privacy:deletions")
    return page(request, "privacy/deletions.html", _deletions(request) | {"form": form}, status=422)


@access.requires(rules.handler)
@require_POST
def lifting(request: Request, hold_id: uuid.UUID) -> HttpResponse:
    """Lift a hold."""
    operations.lift_hold(hold_id=hold_id, by=request.actor, at=request.now)
    return redirect("privacy:deletions")


@access.requires(rules.handler)
@never_cache
@require_GET
def reveals(request: Request) -> HttpResponse:
    """Show who looked at whole document numbers, and why."""
    table = paged(request, tables.RevealTable(queries.reveals(limit=MOST_LOOKS)))
    return page(request, "privacy/reveals_desk.html", {"table": table})


@access.requires(rules.handler)
@never_cache
@require_GET
def breaches(request: Request) -> HttpResponse:
    """List the incidents."""
    table = paged(request, tables.BreachTable(queries.breaches(request.actor)))
    return page(request, "privacy/breaches.html", {"table": table})


STEPS: dict[str, type[RefusableForm]] = {
    "classify": forms.ClassifyForm,
    "note": forms.EntryForm,
    "tell": forms.TellForm,
    "contain": forms.WhyForm,
    "close": forms.WhyForm,
    "dismiss": forms.WhyForm,
}


@access.requires(rules.handler)
@never_cache
@require_http_methods(["GET", "POST"])
def breach(request: Request, breach_id: uuid.UUID) -> HttpResponseBase:
    """Show an incident with its clocks and timeline; POST takes one step."""
    act = request.POST.get("act", "")
    steps: dict[str, RefusableForm] = {
        name: form(request.POST if name == act else None, prefix=name, initial={"happened_at": request.now})
        for name, form in STEPS.items()
    }
    form = steps.get(act)
    if form is not None and form.is_valid():
        try:
            operations.step_breach(
                breach_id=breach_id, step=act, data=form.cleaned_data, by=request.actor, at=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Entered."))
            return redirect(request.path)
    context = {"breach": queries.breach(breach_id, request.actor), "steps": steps, "now": request.now, "act": act}
    return page(request, "privacy/breach.html", context, status=422 if form is not None and form.errors else 200)
