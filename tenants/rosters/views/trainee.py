"""Pages of a trainee: applying, "my training", one enrolment."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from kernel import access
from kernel.offers import Subject, offered
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from shared.identity.queries import places
from shared.policy.queries import packs as pack_queries
from tenants.courses.queries import catalogue

from ..forms import ApplicationForm
from ..operations import applications
from ..queries import enrolments as enrolment_queries
from ..queries import life as roster_life


@access.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def apply(request: Request, class_id: uuid.UUID) -> HttpResponse:
    """Show the application form of a class; POST decides at once."""
    pack = pack_queries.pack_at(request.now)
    form = ApplicationForm(request.POST or None, request.FILES or None, pack=pack)
    person_id = request.actor.person_id
    if person_id is not None and form.is_valid():
        data = dict(form.cleaned_data)
        data.pop("truthful")
        if success := submit(
            form,
            lambda: applications.apply(
                class_id=class_id, person_id=person_id, **data, by=request.actor, at=request.now
            ),
        ):
            return redirect("rosters:my-enrolment", enrolment_id=success.result.pk)
    training_class = catalogue.training_class(class_id)
    context = {
        "training_class": training_class,
        "closed": applications.enrolment_refusal(training_class, request.now),
        "form": form,
        "pack": pack,
        "matrix": pack.eligibility.matrix_lines(),
        "person_missing": person_id is None,
        "details_url": places.details_url(request.host, request.path),
    }
    return page(request, "rosters/apply.html", context, status=422 if form.is_bound else 200)


@access.signed_in
@require_safe
def enrolment(request: Request, enrolment_id: uuid.UUID) -> HttpResponse:
    """Show an enrolment to its person: the decision with every reason, the next step, its life."""
    row = enrolment_queries.enrolment_for(enrolment_id, by=request.actor)
    context = {
        "enrolment": enrolment_queries.value(row),
        "training_class": catalogue.training_class(row.training_class_id),
        "history": roster_life.life(row),
        "offered": offered("rosters.my-enrolment", Subject(row.pk, row.state)),
        "steps": enrolment_queries.steps(row),
    }
    return page(request, "rosters/my_enrolment.html", context)
