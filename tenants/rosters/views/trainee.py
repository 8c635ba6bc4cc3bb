"""Pages of a trainee: applying, "my training", one enrolment."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from kernel import access
from kernel.errors import Refusal
from kernel.http import Request, page
from shared.policy import queries as policy
from tenants.courses import queries as courses

from .. import operations, queries
from ..forms import ApplicationForm


@access.signed_in
@require_GET
def my(request: Request) -> HttpResponse:
    """Show a trainee what to do now, and the state of each enrolment."""
    person_id = request.actor.person_id
    context = {
        "todos": queries.trainee_todos(request.actor, request.now),
        "trainings": queries.trainings_of(person_id, request.now) if person_id else [],
        "person_missing": person_id is None,
    }
    return page(request, "rosters/my.html", context)


@access.signed_in
@require_http_methods(["GET", "POST"])
def apply(request: Request, class_id: uuid.UUID) -> HttpResponse:
    """Show the application form of a class; POST decides at once."""
    pack = policy.pack_at(request.now)
    form = ApplicationForm(request.POST or None, request.FILES or None, pack=pack)
    if request.method == "POST" and request.actor.person_id and form.is_valid():
        data = dict(form.cleaned_data)
        data.pop("truthful")
        try:
            row = operations.apply(
                class_id=class_id, person_id=request.actor.person_id, **data, by=request.actor, at=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("rosters:my-enrolment", enrolment_id=row.pk)
    context = {
        "training_class": courses.training_class(class_id),
        "form": form,
        "pack": pack,
        "matrix": pack.eligibility.matrix_lines(),
        "person_missing": request.actor.person_id is None,
    }
    return page(request, "rosters/apply.html", context, status=422 if form.is_bound else 200)


@access.signed_in
@require_GET
def enrolment(request: Request, enrolment_id: uuid.UUID) -> HttpResponse:
    """Show an enrolment to its person: the decision with every reason, the next step, its life."""
    row = queries.enrolment_for(enrolment_id, by=request.actor)
    context = {
        "enrolment": queries.value(row),
        "training_class": courses.training_class(row.training_class_id),
        "history": queries.life(row),
        "steps": queries.steps(row),
    }
    return page(request, "rosters/my_enrolment.html", context)
