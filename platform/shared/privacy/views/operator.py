"""The operator's pages: the register, its export, texts, deletions, holds, assessments, incidents."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.tables import paged
from kernel.web.forms import RefusableForm, SharedForm, submit
from kernel.web.http import Request, known_act, page
from kernel.web.repeats import once
from shared.identity.operations import consents as identity_consents
from shared.identity.queries import consents as identity_consent_queries

from .. import documents, forms, rules, tables
from ..operations import breaches, erasing, processing
from ..queries import desks, subject_data
from ..queries import register as privacy_register
from ..states import BREACH

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LOOKS = 1000


@access.requires(rules.handler)
@require_safe
def processing_register(request: Request) -> HttpResponse:
    """Show the records of processing: what, why, on what ground, how long, shown how, to whom."""
    context = {
        "holdings": privacy_register.holdings(request.now),
        "handlers": privacy_register.parties("handlers"),
        "recipients": privacy_register.parties("recipients"),
        "plain": privacy_register.plain_rules(),
        "entrustings": desks.entrustings(),
        "assessments": desks.assessments(),
    }
    return page(request, "privacy/register.html", context)


@access.requires(rules.handler)
@require_safe
def export(request: Request) -> HttpResponse:
    """Send the records of processing as a sheet."""
    book = documents.register_sheet(
        privacy_register.holdings(request.now),
        privacy_register.parties("recipients"),
        desks.entrustings(),
        desks.assessments(),
    )
    response = HttpResponse(book, content_type=SHEET)
    response["Content-Disposition"] = f'attachment; filename="personal-data-{request.now:%Y%m%d}.xlsx"'
    return response


def _enter_record(
    request: Request, form: RefusableForm, template: str, enter: Callable[[], object], context: dict[str, object]
) -> HttpResponseBase:
    """Enter what a valid form holds and come back; else show it with what is wrong."""
    if submit(form, enter):
        messages.success(request, _("Entered."))
        return redirect(request.path)
    return page(request, template, context | {"form": form}, status=422 if form.errors else 200)


@access.requires(rules.handler)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def assessments(request: Request) -> HttpResponseBase:
    """List the impact assessments; enter one."""
    form = forms.AssessmentForm(request.POST or None)
    context = {"assessments": desks.assessments(), "today": request.now.date()}
    enter = lambda: processing.enter_assessment(by=request.actor, at=request.now, **form.cleaned_data)  # noqa: E731
    return _enter_record(request, form, "privacy/assessments.html", enter, context)


@access.requires(rules.handler)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def entrustings(request: Request) -> HttpResponseBase:
    """List the entrusted parties; enter one."""
    form = forms.EntrustingForm(request.POST or None)
    enter = lambda: processing.enter_entrusting(by=request.actor, at=request.now, **form.cleaned_data)  # noqa: E731
    return _enter_record(request, form, "privacy/entrustings.html", enter, {"entrustings": desks.entrustings()})


@access.requires(rules.handler)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def texts(request: Request) -> HttpResponseBase:
    """List the versions of the notice and of the consents; publish one."""
    form = forms.TextForm(request.POST or None, initial={"in_force_from": request.now})

    def enter() -> None:
        identity_consents.publish_text(
            kind=form.cleaned_data["kind"],
            version=form.cleaned_data["version"],
            in_force_from=form.cleaned_data["in_force_from"],
            words=form.words(),
            by=request.actor,
            at=request.now,
        )

    return _enter_record(request, form, "privacy/texts.html", enter, {"texts": identity_consent_queries.texts()})


@access.requires(rules.handler)
@never_cache
@require_safe
def deletions(request: Request) -> HttpResponse:
    """Show the deleting jobs with their terms, what is due now in the shared part, the log, and the holds."""
    return page(request, "privacy/deletions.html", _deletions(request) | {"form": forms.HoldForm()})


def _deletions(request: Request) -> dict[str, Any]:
    return {
        "jobs": erasing.preview(at=request.now),
        "log": paged(request, tables.DeletionTable(desks.deletions())),
        "holds": desks.holds(),
    }


@access.requires(rules.handler)
@require_POST
def begin(request: Request) -> HttpResponse:
    """Ask for a run of all deleting jobs now."""
    count = erasing.start_deletion_jobs()
    messages.success(request, _("%(n)s tasks have been asked for.") % {"n": count})
    return redirect("privacy:deletions")


@access.requires(rules.handler)
@require_POST
@once
def holds(request: Request) -> HttpResponse:
    """Place a hold."""
    form = forms.HoldForm(request.POST)
    if submit(form, lambda: erasing.place_hold(by=request.actor, at=request.now, **form.cleaned_data)):
        return redirect("privacy:deletions")
    return page(request, "privacy/deletions.html", _deletions(request) | {"form": form}, status=422)


@access.requires(rules.handler)
@require_POST
def lifting(request: Request, hold_id: uuid.UUID) -> HttpResponse:
    """Lift a hold."""
    erasing.lift_hold(hold_id=hold_id, by=request.actor, at=request.now)
    return redirect("privacy:deletions")


@access.requires(rules.handler)
@never_cache
@require_safe
def reveals(request: Request) -> HttpResponse:
    """Show who looked at whole document numbers, and why."""
    table = paged(request, tables.RevealTable(subject_data.reveals(limit=MOST_LOOKS)))
    return page(request, "privacy/reveals_desk.html", {"table": table})


@access.requires(rules.handler)
@never_cache
@require_safe
def breach_list(request: Request) -> HttpResponse:
    """List the incidents."""
    table = paged(request, tables.BreachTable(desks.breaches(request.actor)))
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
@require_http_methods(["GET", "HEAD", "POST"])
@once
def breach(request: Request, breach_id: uuid.UUID) -> HttpResponseBase:
    """Show an incident with its clocks and timeline; POST takes one step."""
    known_act(request, *STEPS)
    act = request.POST.get("act", "")
    before = desks.breach(breach_id, request.actor)
    stored: dict[str, Any] = {"stored": desks.stored_of_breach(before.row)}
    steps: dict[str, RefusableForm] = {
        name: form(
            request.POST if name == act else None,
            prefix=name,
            initial={"happened_at": request.now},
            **(stored if issubclass(form, SharedForm) else {}),
        )
        for name, form in STEPS.items()
    }
    form = steps.get(act)
    if form is not None and submit(
        form,
        lambda: breaches.step_breach(
            breach_id=breach_id, step=act, data=form.cleaned_data, by=request.actor, at=request.now
        ),
    ):
        messages.success(request, _("Entered."))
        return redirect(request.path)
    shown = desks.breach(breach_id, request.actor) if act else before
    context = {"breach": shown, "steps": steps, "now": request.now, "act": act}
    if form is not None and act in BREACH.by_name and act not in {move.name for move in shown.moves}:
        # the step was taken by somebody else: what was entered still stands there
        context |= {"refused": form, "refused_title": BREACH.by_name[act].label}
    return page(request, "privacy/breach.html", context, status=422 if form is not None and form.errors else 200)
