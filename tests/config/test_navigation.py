"""No link of a navigation leads to a refusal or to nothing."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import Resolver404, URLPattern, URLResolver, resolve

from config import navigation
from config.navigation import (
    ACCOUNT,
    CITIZEN,
    DESK,
    EMPLOYER,
    INSTITUTION_PUBLIC,
    OFFICE,
    PERSONAL,
    STAFF,
    TRAINING,
    NavItem,
)
from kernel import access
from kernel.web.middleware import package_rule

PLATFORM = settings.PUBLIC_SCHEMA_URLCONF
INSTITUTION = settings.ROOT_URLCONF
OFFICERS = ["province_officer", "city_officer", "inspector", "platform_operator"]
STAFF_ROLES = ["principal", "registrar", "teacher", "proctor", "chief_proctor", "cashier"]


class _Institution:
    organisation_id = "0190b0a0-0000-7000-8000-000000000001"


def _request(path: str, actor: access.Actor, *, at_institution: bool = False) -> HttpRequest:
    request = RequestFactory().get(path, SERVER_NAME="nuoxing.localhost", SERVER_PORT="8000")
    request.actor = actor
    request.institution = _Institution() if at_institution else None
    request.urlconf = INSTITUTION if at_institution else PLATFORM
    return request


def _urls(links: list[dict[str, Any]]) -> list[str]:
    return [link["url"] for link in links]


def _resolves(item: NavItem, urlconf: str) -> bool:
    try:
        resolve(item.path, PLATFORM if item.at_platform else urlconf)
    except Resolver404:
        return False
    return True


@pytest.mark.parametrize(
    ("items", "urlconf"),
    [
        ((*OFFICE, *EMPLOYER.items), PLATFORM),
        (STAFF.items, INSTITUTION),
        (ACCOUNT.items, PLATFORM),
        ((*CITIZEN, DESK), PLATFORM),
        ((*INSTITUTION_PUBLIC, *TRAINING), INSTITUTION),
        (PERSONAL, INSTITUTION),
    ],
)
def test_every_place_of_a_navigation_is_there(items: tuple[NavItem, ...], urlconf: str) -> None:
    assert [item.path for item in items if not _resolves(item, urlconf)] == []


NOT_PLACES = {
    "operator/exchange/messages/": "a list of the outside systems",
    "operator/exchange/arrivals/": "a list of the outside systems",
    "operator/exchange/discrepancies/": "a list of the outside systems",
    "operator/exchange/comparison/": "an act on the lists of the outside systems",
    "operator/exchange/files/": "reached from the outside systems",
    "operator/personal-data/export.xlsx": "a file, reached from the records of processing",
    "operator/personal-data/assessments/": "a list of the records of processing",
    "operator/personal-data/entrusted/": "a list of the records of processing",
    "operator/personal-data/texts/": "a list of the records of processing",
    "operator/personal-data/reveals/": "a list of the records of processing",
    "operator/personal-data/deletions/": "a list of the records of processing",
    "operator/personal-data/deletions/run/": "an act of the deletions",
    "operator/personal-data/holds/": "an act of the deletions",
    "authority/bank/imports/": "a form, reached from the bank",
    "authority/bank/imports/template.xlsx": "a file, reached from the import into the bank",
    "authority/caps/new/": "a form, reached from the ceilings",
    "authority/policy/drafts/": "an act of the policy desk",
    "authority/policy/imports/": "a form, reached from the policy desk",
    "authority/stars/runs/": "an act of the yearly stars",
    "authority/board/sittings/": "a list of the board",
    "authority/board/incidents/": "a list of the board",
    "authority/board/prices/": "a list of the board",
    "authority/board/classes/": "a list of the board",
    "staff/programmes/new/": "a form, reached from the programmes",
    "staff/classes/new/": "a form, reached from the classes",
    "staff/sittings/new/": "a form, reached from the sittings",
    "staff/enrolments/new/": "a form, reached from the enrolments",
    "staff/rosters/": "reached from the enrolments",
    "staff/rosters/template/": "a file, reached from the rosters",
}


def _routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern)


@pytest.mark.parametrize("urlconf", [PLATFORM, INSTITUTION])
def test_every_page_of_a_console_is_in_its_navigation_or_has_a_reason_not_to_be(urlconf: str) -> None:
    placed = {item.path.removeprefix("/") for item in (*OFFICE, *EMPLOYER.items, *STAFF.items)}
    lost = [
        route
        for route in _routes(import_module(urlconf).urlpatterns)
        if route.startswith(("authority/", "operator/", "employer/", "staff/")) and "<" not in route
        if route not in placed and route not in NOT_PLACES
    ]
    assert lost == []


@pytest.mark.parametrize("role", OFFICERS)
def test_an_officer_is_shown_only_pages_that_let_the_officer_in(role: str, as_actor: Any) -> None:
    actor = as_actor(role, scope="360100")
    request = _request("/authority/", actor)
    links = navigation.links_for(request)["console_nav"]
    for url in _urls(links):
        access.rule_of(resolve(url, PLATFORM).func).check(actor, request)
    assert links != []


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_staff_is_shown_only_pages_that_let_that_role_in(role: str, as_actor: Any) -> None:
    actor = as_actor(role, scope=_Institution.organisation_id)
    request = _request("/staff/", actor, at_institution=True)
    links = navigation.links_for(request)["console_nav"]
    for url in _urls(links):
        access.rule_of(resolve(url, INSTITUTION).func).check(actor, request)
    offered = set(_urls(links))
    hidden = [p.path for p in STAFF.items if p.path not in offered and _resolves(p, INSTITUTION)]
    for path in hidden:
        with pytest.raises(access.Denied):
            access.rule_of(resolve(path, INSTITUTION).func).check(actor, request)


def test_staff_of_another_institution_finds_no_staff_desk_here(as_actor: Any) -> None:
    links = navigation.links_for(_request("/", as_actor("principal", scope="elsewhere"), at_institution=True))
    assert [url for url in _urls(links["main_nav"]) if url.startswith("/staff/")] == []


def test_somebody_unknown_has_the_citizens_links_and_no_console() -> None:
    links = navigation.links_for(_request("/account/login/", access.ANONYMOUS))
    assert _urls(links["main_nav"]) == [item.path for item in CITIZEN]
    assert (links["console_nav"], links["account_nav"]) == ([], [])


def test_a_trainee_at_an_institution_finds_the_training_and_the_account_at_the_platform(as_actor: Any) -> None:
    links = navigation.links_for(_request("/my/", as_actor(level=1), at_institution=True))
    assert "/my/" in _urls(links["main_nav"])
    assert "http://nuoxing.localhost:8000/account/notices/" in _urls(links["account_nav"])


@pytest.mark.parametrize(
    ("path", "active"),
    [
        ("/authority/", {"/authority/": "page"}),
        ("/authority/caps/", {"/authority/caps/": "page"}),
        ("/authority/caps/new/", {"/authority/caps/": "true"}),
        ("/authority/objections/1/", {"/authority/commitments/": "true"}),
        ("/authority/nothing/", {}),
    ],
)
def test_one_place_at_most_is_marked_as_where_one_is(path: str, active: dict[str, str], as_actor: Any) -> None:
    links = navigation.links_for(_request(path, as_actor("province_officer", scope="360000")))["console_nav"]
    assert {link["url"]: link["active"] for link in links if link["active"]} == active


def test_a_page_that_only_wants_the_second_factor_first_is_offered(as_actor: Any) -> None:
    links = navigation.links_for(_request("/account/", as_actor("principal", level=1)))["console_nav"]
    assert "/commitment/" in _urls(links)


def test_a_page_of_a_package_is_offered_to_whoever_is_signed_in(as_actor: Any) -> None:
    view = resolve("/account/2fa/", PLATFORM).func
    assert package_rule(view) is not None
    assert "/account/2fa/" in _urls(navigation.links_for(_request("/account/", as_actor(level=1)))["console_nav"])
