"""Public pages of institutions, and the page on which an authority decides about them."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.shared_pages import everybody
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from shared.policy.queries import editions as policy_editions
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..filters import InstitutionFilter
from ..forms import RulingForm
from ..models import Institution, Organisation
from ..operations import standing
from ..queries import editions as institution_editions
from ..queries import listing as institution_listing_queries
from ..queries import organisations, standings
from ..states import STANDING
from ..tables import JurisdictionTable, PublicTable


@access.public
@require_safe
@everybody(lambda: (*institution_editions.list_rows(), *policy_editions.law_rows()))
def listing(request: Request) -> HttpResponse:
    """Show the public list with its filters."""
    filterset = InstitutionFilter(request.GET, queryset=institution_listing_queries.public_list(), at=request.now)
    table = PublicTable(filterset.qs, at=request.now)
    paged(request, table)
    return page(request, "institutions/list.html", {"filter": filterset, "table": table})


@access.public
@require_safe
@everybody(lambda slug: (*institution_editions.standing_rows(), *policy_editions.law_rows()))
def institution(request: Request, slug: str) -> HttpResponse:
    """Show an institution's public page: how it stands, what for, how it was rated, what was decided about it."""
    row = institution_listing_queries.by_slug(slug)
    context = _organisation_context(request, row.organisation)
    context |= {"institution": row, "positions": _positions(request, row)}
    context["leads"] = rules.leads(request.actor, scope=str(row.organisation_id))
    context["address"] = institution_listing_queries.address_of(row.slug, port=request.get_port()) if row.ready else ""
    return page(request, "institutions/page.html", context)


def _positions(request: Request, row: Institution) -> list[str]:
    names = {p.key: p.label for p in pack_queries.pack_at(request.now).positions}
    return [names.get(key, key) for key in row.positions]


def _organisation_context(request: Request, organisation: Organisation) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "facts": organisations.facts(organisations.value(organisation), request.now),
        "standing": standings.standing_of(organisation),
        "life": standings.life(organisation),
        "rulings": standings.rulings(organisation),
    }


@access.requires(rules.leads)
@require_POST
def enrolment(request: Request, organisation_id: uuid.UUID) -> HttpResponse:
    """Let the principal stop taking new trainees, or take them again."""
    again = request.POST.get("open") == "yes"
    turn = standing.enrol_again if again else standing.stop_enrolling
    turn(organisation_id=organisation_id, by=request.actor, at=request.now)
    messages.success(
        request, _("You take new trainees again.") if again else _("You take no new trainees from now on.")
    )
    return redirect("institutions:page", slug=institution_listing_queries.slug_of(organisation_id))


@access.requires(rules.regulates)
@require_safe
def jurisdiction(request: Request) -> HttpResponse:
    """Show the organisations within the officer's jurisdiction."""
    table = JurisdictionTable(organisations.in_jurisdiction(request.actor))
    paged(request, table)
    return page(request, "institutions/jurisdiction.html", {"table": table})


@access.requires(rules.regulates)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def ruling(request: Request, organisation_id: uuid.UUID) -> HttpResponse:
    """Show an organisation to its authority; POST takes a decision about it."""
    row = organisations.organisation_for(request.actor, organisation_id)
    covered = organisations.covers(request.actor, row.authority_code)
    if request.method == "POST":
        access.demand(request.actor, organisations.covers, row.authority_code)
    moves = list(STANDING.offers(row, request.actor).values()) if covered else []
    form = RulingForm(request.POST or None, moves=moves)
    if submit(
        form,
        lambda: standing.decide(organisation_id=row.pk, **form.cleaned_data, by=request.actor, at=request.now),
        shown=bool(moves),
    ):
        messages.success(request, _("The decision is in force and published."))
        return redirect("institutions:ruling", organisation_id=row.pk)
    context = _organisation_context(request, row) | {"form": form if moves else None}
    return page(request, "institutions/ruling.html", context, status=422 if form.errors else 200)
