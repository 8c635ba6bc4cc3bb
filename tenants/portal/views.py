"""The homes of trainees and staff."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kernel import access
from kernel.web.http import Request, page
from shared.identity.queries import places
from tenants.rosters.queries import enrolments as enrolment_queries

from . import queries, rules


@access.requires(rules.any_staff)
@require_safe
def staff(request: Request) -> HttpResponse:
    """Show staff what to do now, then figures."""
    context = {"todos": queries.staff_todos(request.actor, request.now), "figures": queries.figures(request.now)}
    return page(request, "tenant_portal/staff.html", context)


@access.signed_in
@require_safe
def my(request: Request) -> HttpResponse:
    """Show a trainee what to do now, and the state of each enrolment."""
    person_id = request.actor.person_id
    context = {
        "todos": queries.trainee_todos(request.actor, request.now),
        "trainings": enrolment_queries.trainings_of(person_id, request.now) if person_id else [],
        "person_missing": person_id is None,
        "details_url": places.details_url(request.host, request.path),
    }
    return page(request, "tenant_portal/my.html", context)
