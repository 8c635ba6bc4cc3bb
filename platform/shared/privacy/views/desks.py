"""Corrections and reports of incidents at the authority's desk and at an institution's."""

import uuid

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kernel import access
from kernel.errors import Refusal
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, known_act, page
from kernel.web.repeats import once
from shared.identity.queries import people as people_queries
from shared.records import queries as record_queries

from .. import forms, rules, tables
from ..operations import breaches, erasing
from ..operations import corrections as privacy_corrections
from ..queries import consents as privacy_consents
from ..queries import desks, rights


def _list(request: Request) -> HttpResponseBase:
    table = paged(request, tables.CorrectionTable(rights.correction_values(request.actor, request.now)))
    return page(request, "privacy/corrections_desk.html", {"table": table})


def _case(request: Request, correction_id: uuid.UUID) -> HttpResponseBase:
    """Show a request with its evidence; decide it."""
    row = rights.correction(correction_id, request.actor)
    known_act(request, "accept", "refuse")
    form = forms.DecisionForm(request.POST or None)
    act = request.POST.get("act")
    if submit(
        form,
        lambda: privacy_corrections.decide_correction(
            correction_id=correction_id,
            accept=act == "accept",
            by=request.actor,
            at=request.now,
            **form.cleaned_data,
        ),
    ):
        messages.success(request, _("Decided; the person is notified."))
        return redirect(request.path)
    context = {
        "row": row,
        "wanted": row.wanted.reveal(),
        "person": people_queries.person(row.person_id) if row.person_id else None,
        "evidence": record_queries.signed_path(row.evidence) if row.evidence else "",
        "papers": rights.papers(row.person_id) if row.person_id else [],
        "history": rights.correction_history(row),
        "form": form,
    }
    return page(request, "privacy/correction.html", context, status=422 if form.errors else 200)


@access.requires(rules.officer)
@never_cache
@require_safe
def officer_list(request: Request) -> HttpResponseBase:
    """The authority's list."""
    return _list(request)


@access.requires(rules.officer)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def officer_case(request: Request, correction_id: uuid.UUID) -> HttpResponseBase:
    """One request at the authority's desk."""
    return _case(request, correction_id)


@access.requires(rules.counter)
@never_cache
@require_safe
def staff_list(request: Request) -> HttpResponseBase:
    """An institution's list."""
    return _list(request)


@access.requires(rules.counter)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def staff_case(request: Request, correction_id: uuid.UUID) -> HttpResponseBase:
    """One request at an institution's counter."""
    return _case(request, correction_id)


def _report(request: Request) -> HttpResponseBase:
    """Take the report of an incident; list one's own."""
    form = forms.ReportForm(request.POST or None, initial={"noticed_at": request.now})
    if success := submit(form, lambda: breaches.report_breach(by=request.actor, at=request.now, **form.cleaned_data)):
        messages.success(
            request,
            _("Reported under the number %(number)s; the officers in charge are notified.")
            % {"number": success.result},
        )
        return redirect(request.path)
    own = desks.own_reports(request.actor)
    return page(request, "privacy/report.html", {"form": form, "mine": own}, status=422 if form.errors else 200)


@access.requires(rules.any_staff)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once
def staff_report(request: Request) -> HttpResponseBase:
    """A report from an institution."""
    return _report(request)


@access.requires(rules.any_officer)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once
def officer_report(request: Request) -> HttpResponseBase:
    """A report from an authority or the operator."""
    return _report(request)


@access.requires(rules.counter)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def staff_consents(request: Request, person_id: uuid.UUID) -> HttpResponseBase:
    """A person's consents at the counter: what was signed or taken back on paper is entered here."""
    kinds = privacy_consents.kinds_at_counter(person_id, request.actor, request.now)
    if request.method == "POST":
        try:
            erasing.settle_at_counter(
                person_id=person_id,
                kind=request.POST.get("kind", ""),
                recipient=request.POST.get("recipient", ""),
                consent=request.POST.get("consent", ""),
                by=request.actor,
                at=request.now,
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Entered."))
        return redirect(request.path)
    return page(request, "privacy/consents_desk.html", {"kinds": kinds, "person": people_queries.person(person_id)})
