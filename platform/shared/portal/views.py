"""Homes: the first page of citizen, account, employer, authority and operator at the platform's host."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import access, clock
from kernel.shared_pages import everybody
from kernel.web.http import Request, page
from shared.certificates.queries import rows as certificate_rows
from shared.employers.queries import landing as employer_landing
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import consents as identity_consent_queries
from shared.identity.queries import places
from shared.identity.states import ConsentKind
from shared.institutions.filters import InstitutionFilter
from shared.institutions.queries import editions as institution_editions
from shared.institutions.queries import listing as institution_listing_queries
from shared.institutions.tables import PublicTable
from shared.oversight import queries as oversight_queries
from shared.policy.queries import editions as policy_editions
from shared.records import queries as record_queries

from . import queries, rules


@access.requires(rules.clerk)
@never_cache
def employer(request: Request) -> HttpResponse:
    """Show a clerk what each of their employers has to do now."""
    desks = employer_landing.desks(request.actor, request.now)
    context = {"todos": queries.todos(request.actor, request.now), "desks": desks}
    return page(request, "portal/employer.html", context)


@access.signed_in
@never_cache
def account_home(request: Request) -> HttpResponseBase:
    """Lead each role to its first place; show the others what waits for them and where they learn."""
    actor = request.actor
    if destination := request.session.pop("wanted", None):
        return redirect(destination)
    if actor.grants and not actor.is_strong:
        return redirect(f"{reverse('identity:sign-in')}?" + urlencode({"second": "1", "next": request.path}))
    if _must_read_notice(request):
        return redirect("privacy:acknowledgement")
    if first := places.first_place(actor):
        return redirect(first)
    context = {
        "todos": queries.account_todos(actor, request.now),
        "places": places.places_of(actor),
        "certificates": certificate_rows.certificates_of(actor.person_id),
    }
    return page(request, "portal/account_home.html", context)


def _must_read_notice(request: Request) -> bool:
    """Say whether the privacy notice has changed since this account read it, and this session has not asked yet."""
    accepted = identity_consent_queries.accepted_notice(account_queries.own_id(request.actor))
    version = identity_consent_queries.version_in_force(ConsentKind.PRIVACY_NOTICE, request.now)
    return bool(accepted) and accepted != version and request.session.get("notice_shown") != version


@access.public
@require_safe
@everybody(lambda: (*institution_editions.list_rows(), *policy_editions.law_rows()))
def home(request: Request) -> HttpResponse:
    """Show the citizen's home: find an institution, and the ways to everything public."""
    filterset = InstitutionFilter(request.GET, queryset=institution_listing_queries.public_list(), at=request.now)
    table = PublicTable(institution_listing_queries.by_rating(filterset.qs)[:10], at=request.now, orderable=False)
    return page(
        request,
        "portal/home.html",
        {"filter": filterset, "table": table, "count": institution_listing_queries.listed_count()},
    )


@access.requires(rules.regulates)
@require_safe
def authority(request: Request) -> HttpResponse:
    """Show what waits for this officer or inspector, oldest clock first; figures below."""
    todos = queries.authority_todos(request.actor, request.now)
    context = {"todos": todos, "figures": oversight_queries.figures(request.actor, request.now)}
    return page(request, "portal/authority.html", context)


@access.requires(rules.operates)
@require_safe
def operator(request: Request) -> HttpResponse:
    """Show who lives, what waits and what is stuck."""
    todos = queries.todos(request.actor, request.now)
    return page(
        request, "portal/operator.html", {"todos": todos, "health": record_queries.health(real=clock.real_now())}
    )
