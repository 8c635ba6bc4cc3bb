"""The staff's home, the list of enrolments, one enrolment, the counter."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from kernel import access
from kernel.errors import Refusal
from kernel.http import Request, page
from shared.policy import queries as policy
from shared.records import queries as records
from tenants.courses import queries as courses

from .. import operations, queries, rules
from ..filters import EnrolmentFilter
from ..forms import CounterForm, ReasonForm
from ..tables import EnrolmentTable


@access.requires(rules.any_staff)
@require_GET
def home(request: Request) -> HttpResponse:
    """Show staff what to do now, then figures."""
    context = {"todos": queries.staff_todos(request.actor, request.now), "figures": queries.figures()}
    return page(request, "rosters/staff.html", context)


@access.requires(rules.desk)
@require_GET
def enrolments(request: Request) -> HttpResponse:
    """List the enrolments."""
    filterset = EnrolmentFilter(request.GET, queryset=queries.enrolment_lines(), request=request)
    table = EnrolmentTable(filterset.qs, order_by=request.GET.get("sort", "-applied_at"))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    return page(request, "rosters/enrolments.html", {"table": table, "filter": filterset})


@access.requires(rules.desk)
@require_http_methods(["GET", "POST"])
def counter(request: Request) -> HttpResponse:
    """Take an application from somebody at the counter."""
    classes = courses.open_classes()
    form = CounterForm(request.POST or None, request.FILES or None, pack=policy.pack_at(request.now), classes=classes)
    if request.method == "POST" and form.is_valid():
        try:
            row = operations.apply_at_counter(
                class_id=uuid.UUID(form.cleaned_data["training_class"]),
                person=form.person(),
                declaration=form.declaration(),
                evidence=form.cleaned_data["evidence"],
                by=request.actor,
                at=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The application has been decided."))
            return redirect("rosters:enrolment", enrolment_id=row.pk)
    context = {"form": form, "classes": classes}
    return page(request, "rosters/counter.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.desk)
@require_GET
def enrolment(request: Request, enrolment_id: uuid.UUID) -> HttpResponse:
    """Show one enrolment with its decision, what can be done, and its life."""
    return _enrolment(request, enrolment_id, ReasonForm())


def _enrolment(request: Request, enrolment_id: uuid.UUID, form: ReasonForm) -> HttpResponse:
    row = queries.row(enrolment_id)
    context = {
        "enrolment": queries.value(row),
        "facts": queries.declared(row, request.now),
        "training_class": courses.training_class(row.training_class_id),
        "evidence": records.signed_path(row.evidence) if row.evidence else "",
        "history": queries.life(row),
        "may_decide": rules.principal(request.actor, request),
        "form": form,
    }
    return page(request, "rosters/enrolment.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.principal)
@require_POST
def decision(request: Request, enrolment_id: uuid.UUID) -> HttpResponse:
    """Let a refused applicant in by decision."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            operations.admit_by_decision(
                enrolment_id=enrolment_id, why=form.cleaned_data["why"], by=request.actor, at=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Admitted by decision; the reason is kept with the enrolment."))
            return redirect("rosters:enrolment", enrolment_id=enrolment_id)
    return _enrolment(request, enrolment_id, form)


@access.requires(rules.desk)
@require_POST
def originals(request: Request, enrolment_id: uuid.UUID) -> HttpResponse:
    """Note that the originals were seen at the counter."""
    try:
        operations.note_evidence_seen(
            enrolment_id=enrolment_id, what=request.POST.get("what", ""), by=request.actor, at=request.now
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted in the life of the enrolment."))
    return redirect("rosters:enrolment", enrolment_id=enrolment_id)
