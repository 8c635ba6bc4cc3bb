"""Every address resolves to a view that declares who may see it."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver

from kernel import access
from kernel.roles import AUTHORITY_ROLES, STAFF_ROLES, Role
from kernel.web.middleware import package_rule

URLCONFS = [settings.PUBLIC_SCHEMA_URLCONF, settings.ROOT_URLCONF]


def walk(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every route with its view."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from walk(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


@pytest.mark.parametrize("urlconf", URLCONFS)
def test_every_view_declares_its_rule(urlconf: str) -> None:
    bare = [
        route
        for route, view in walk(import_module(urlconf).urlpatterns)
        if access.rule_of(view) is None and package_rule(view) is None
    ]
    assert bare == []


def test_every_regulators_view_demands_the_regulator() -> None:
    officers = {*AUTHORITY_ROLES, Role.PLATFORM_OPERATOR}
    open_ones = []
    for route, view in walk(import_module(settings.PUBLIC_SCHEMA_URLCONF).urlpatterns):
        if not route.startswith(("authority/", "operator/", "api/v1/operator/")):
            continue
        rule = access.rule_of(view)
        roles = {r for p in (rule.rules if rule else ()) for r in getattr(p, "roles", ())}
        if rule is None or rule.public or not roles or not roles <= officers:
            open_ones.append(route)
    assert open_ones == []


def test_every_staff_view_demands_a_role_of_the_institution() -> None:
    staff = set(STAFF_ROLES)
    open_ones = []
    for route, view in walk(import_module(settings.ROOT_URLCONF).urlpatterns):
        if not route.startswith("staff/"):
            continue
        rule = access.rule_of(view)
        roles = {r for p in (rule.rules if rule else ()) for r in getattr(p, "roles", ())}
        if rule is None or rule.public or not roles or not roles <= staff:
            open_ones.append(route)
    assert open_ones == []


def test_an_undeclared_view_is_refused() -> None:
    def bare(request: object) -> None:
        """Declare nothing."""

    assert access.rule_of(bare) is None
    assert package_rule(bare) is None


def test_head_is_answered_wherever_get_is() -> None:
    sources = [*Path("platform").rglob("*.py"), *Path("tenants").rglob("*.py")]
    refusing = ("require_GET", 'require_http_methods(["GET", "POST"])')
    assert [str(file) for file in sources if any(words in file.read_text() for words in refusing)] == []
