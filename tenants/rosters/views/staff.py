"""The staff's home, the list of enrolments, one enrolment, the counter."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.clock import legal_day
from kernel.errors import Refusal
from kernel.offers import Subject, offered
from kernel.tables import CountedRows, OpeningRows, opening_order, paged
from kernel.web.forms import ReasonForm, submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from shared.identity.operations import people
from shared.policy.queries import packs as pack_queries
from shared.records import queries as record_queries
from tenants.courses.queries import catalogue

from .. import rules
from ..filters import EnrolmentFilter
from ..forms import CounterForm
from ..operations import applications, counter
from ..operations import privacy as roster_privacy
from ..queries import enrolments as enrolment_queries
from ..queries import life as roster_life
from ..tables import EnrolmentTable


@access.requires(rules.desk)
@require_safe
def enrolments(request: Request) -> HttpResponse:
    """List the enrolments."""
    filterset = EnrolmentFilter(request.GET, queryset=enrolment_queries.enrolment_list(), request=request)
    if request.GET:
        rows = CountedRows(enrolment_queries.with_shown(filterset.qs), counted=filterset.qs)
    else:
        rows = OpeningRows(filterset.qs, enrolment_queries.OPENING)
    table = EnrolmentTable(rows, order_by=opening_order(request, "-applied_at"))
    paged(request, table)
    return page(request, "rosters/enrolments.html", {"table": table, "filter": filterset})


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def counter_application(request: Request) -> HttpResponse:
    """Take an application from somebody at the counter."""
    classes = catalogue.enrolling_classes(legal_day(request.now))
    form = CounterForm(
        request.POST or None, request.FILES or None, pack=pack_queries.pack_at(request.now), classes=classes
    )
    if success := submit(
        form,
        lambda: counter.apply_at_counter(
            class_id=uuid.UUID(form.cleaned_data["training_class"]),
            person=form.person(),
            declaration=form.declaration(),
            evidence=form.cleaned_data["evidence"],
            by=request.actor,
            at=request.now,
        ),
    ):
        messages.success(request, _("The application has been decided."))
        return redirect("rosters:enrolment", enrolment_id=success.result.pk)
    context = {"form": form, "classes": classes}
    return page(request, "rosters/counter.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.desk)
@require_safe
def enrolment(request: Request, enrolment_id: uuid.UUID) -> HttpResponse:
    """Show one enrolment with its decision, what can be done, and its life."""
    return _enrolment(request, enrolment_id, ReasonForm())


def _enrolment(request: Request, enrolment_id: uuid.UUID, form: ReasonForm) -> HttpResponse:
    row = enrolment_queries.row(enrolment_id)
    context = {
        "enrolment": enrolment_queries.value(row),
        "facts": enrolment_queries.declared(row, request.now),
        "training_class": catalogue.training_class(row.training_class_id),
        "evidence": record_queries.signed_path(row.evidence) if row.evidence else "",
        "papers_due": row.papers_due,
        "history": roster_life.life(row),
        "offered": offered("rosters.enrolment", Subject(row.pk, row.state)),
        "may_decide": rules.principal(request.actor),
        "may_reveal": people.may_reveal(row.person_id, request.actor),
        "form": form,
    }
    return page(request, "rosters/enrolment.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.principal)
@require_POST
@once
def decision(request: Request, enrolment_id: uuid.UUID) -> HttpResponse:
    """Let a refused applicant in by decision."""
    shown = enrolment_queries.enrolment(enrolment_id).may_be_admitted
    form = ReasonForm(request.POST)
    if submit(
        form,
        lambda: applications.admit_by_decision(
            enrolment_id=enrolment_id, why=form.cleaned_data["why"], by=request.actor, at=request.now
        ),
        shown=shown,
    ):
        messages.success(request, _("Admitted by decision; the reason is kept with the enrolment."))
        return redirect("rosters:enrolment", enrolment_id=enrolment_id)
    return _enrolment(request, enrolment_id, form)


@access.requires(rules.desk)
@require_POST
@once
def originals(request: Request, enrolment_id: uuid.UUID) -> HttpResponse:
    """Note that the originals were seen at the counter."""
    enrolment_queries.row(enrolment_id)  # the page that is led back to
    try:
        roster_privacy.note_evidence_seen(
            enrolment_id=enrolment_id, what=request.POST.get("what", ""), by=request.actor, at=request.now
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted in the life of the enrolment."))
    return redirect("rosters:enrolment", enrolment_id=enrolment_id)
