"""Public pages of institutions, and the page on which an authority decides about them."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from kernel import access
from kernel.errors import Refusal
from kernel.http import Request, page
from kernel.shared_pages import everybody
from shared.policy import queries as policy

from .. import operations, queries, rules
from ..filters import InstitutionFilter
from ..forms import RulingForm
from ..models import Institution, Organisation
from ..states import STANDING
from ..tables import JurisdictionTable, PublicTable

PER_PAGE = {"per_page": 50}


@access.public
@require_GET
@everybody(lambda: (*queries.list_rows(), *policy.law_rows()))
def home(request: Request) -> HttpResponse:
    """Show the citizen's home: find an institution, and the ways to everything public."""
    filterset = InstitutionFilter(request.GET, queryset=queries.public_list(), at=request.now)
    table = PublicTable(queries.by_rating(filterset.qs)[:10], at=request.now, orderable=False)
    return page(
        request, "institutions/home.html", {"filter": filterset, "table": table, "count": queries.listed_count()}
    )


@access.public
@require_GET
@everybody(lambda: (*queries.list_rows(), *policy.law_rows()))
def listing(request: Request) -> HttpResponse:
    """Show the public list with its filters."""
    filterset = InstitutionFilter(request.GET, queryset=queries.public_list(), at=request.now)
    table = PublicTable(filterset.qs, at=request.now)
    RequestConfig(request, paginate=PER_PAGE).configure(table)
    return page(request, "institutions/list.html", {"filter": filterset, "table": table})


@access.public
@require_GET
@everybody(lambda slug: (*queries.standing_rows(), *policy.law_rows()))
def institution(request: Request, slug: str) -> HttpResponse:
    """Show an institution's public page: how it stands, what for, how it was rated, what was decided about it."""
    row = queries.by_slug(slug)
    context = _organisation_context(request, row.organisation)
    context |= {"institution": row, "positions": _positions(request, row)}
    context["leads"] = rules.is_principal(request.actor, row.organisation_id)
    context["address"] = queries.address_of(row.slug, port=request.get_port()) if row.ready else ""
    return page(request, "institutions/page.html", context)


def _positions(request: Request, row: Institution) -> list[str]:
    names = {p.key: p.label for p in policy.pack_at(request.now).positions}
    return [names.get(key, key) for key in row.positions]


def _organisation_context(request: Request, organisation: Organisation) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "facts": queries.facts(organisation, request.now),
        "standing": queries.standing_of(organisation),
        "life": queries.life(organisation),
        "rulings": queries.rulings(organisation),
    }


@access.requires(rules.leads)
@require_POST
def enrolment(request: Request, organisation_id: uuid.UUID) -> HttpResponse:
    """Let the principal stop taking new trainees, or take them again."""
    again = request.POST.get("open") == "yes"
    turn = operations.enrol_again if again else operations.stop_enrolling
    turn(organisation_id=organisation_id, by=request.actor, at=request.now)
    messages.success(
        request, _("You take new trainees again.") if again else _("You take no new trainees from now on.")
    )
    return redirect("institutions:page", slug=queries.slug_of(organisation_id))


@access.requires(rules.regulates)
@require_GET
def jurisdiction(request: Request) -> HttpResponse:
    """Show the organisations within the officer's jurisdiction."""
    table = JurisdictionTable(queries.in_jurisdiction(request.actor))
    RequestConfig(request, paginate=PER_PAGE).configure(table)
    return page(request, "institutions/jurisdiction.html", {"table": table})


@access.requires(rules.regulates)
@require_http_methods(["GET", "POST"])
def ruling(request: Request, organisation_id: uuid.UUID) -> HttpResponse:
    """Show an organisation to its authority; POST takes a decision about it."""
    row = queries.organisation_for(request.actor, organisation_id)
    covered = queries.covers(request.actor, row.authority_code)
    moves = STANDING.open_moves(row, request.actor) if covered else []
    form = RulingForm(request.POST or None, moves=moves)
    if form.is_valid():
        try:
            operations.decide(organisation_id=row.pk, **form.cleaned_data, by=request.actor, at=request.now)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The decision is in force and published."))
            return redirect("institutions:ruling", organisation_id=row.pk)
    context = _organisation_context(request, row) | {"form": form if moves else None}
    return page(request, "institutions/ruling.html", context, status=422 if form.errors else 200)
