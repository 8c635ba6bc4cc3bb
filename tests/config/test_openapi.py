"""The description of the API, as a caller of each kind of host reads it: every operation that is there, no other."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import JsonResponse
from django.urls import get_resolver
from django.urls.resolvers import URLResolver
from rest_framework.views import APIView

from support.http.addresses import methods_of
from tenants.attempts.gateway import app as gateway

HOSTS = {"": "config.urls_public", "alpha": "config.urls_tenant"}


def _urls(entries: Any, before: str = "/") -> Iterator[tuple[str, Any]]:
    for entry in entries:
        here = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _urls(entry.url_patterns, here)
        else:
            yield here, entry.callback


def _path(pattern: str) -> str:
    """Return a URL pattern as OpenAPI writes paths."""
    pattern = re.sub(r"\(\?P<(\w+)>[^()]*(\([^()]*\)[^()]*)*\)", r"{\1}", pattern.replace("/^", "/").rstrip("$"))
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern)


def _answers_in_json(view: Any) -> bool:
    """Say whether a view is one for machines, by its class or by what it says that it returns."""
    owner = getattr(view, "view_class", None) or getattr(view, "cls", None)
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    declared = getattr(view, "__annotations__", {}).get("return")
    return (isinstance(owner, type) and issubclass(owner, APIView)) or declared is JsonResponse


def _operations(urlconf: str) -> set[tuple[str, str]]:
    """Return every operation for machines that a host's addresses hold."""
    return {
        (_path(pattern), method.lower())
        for pattern, view in _urls(get_resolver(urlconf).url_patterns)
        if _answers_in_json(view) or pattern.startswith(("/api/", "/live/"))
        for method in methods_of(view)
    } - {("/healthz", "post")}  # whoever only wants to know whether we live may ask as they like


def _described(visit: Any, slug: str) -> dict[str, Any]:
    answer = visit(slug).get("/api/v1/openapi.json", headers={"accept": "application/json"})
    described: dict[str, Any] = answer.json()
    return described


def _of_the_gateway() -> set[tuple[str, str]]:
    return {(f"/live/attempts/{{attempt}}/{end}", method.lower()) for end, method in gateway._METHODS.items()}


@pytest.mark.parametrize("slug", HOSTS)
def test_each_host_describes_every_operation_that_it_answers_and_no_other(
    institutions: Any, visit: Any, slug: str
) -> None:
    described = {(path, method) for path, item in _described(visit, slug)["paths"].items() for method in item}
    beside_django = _of_the_gateway() if slug else set()
    assert described == _operations(HOSTS[slug]) | beside_django


def test_the_hosts_are_told_apart(institutions: Any, visit: Any) -> None:
    platform, institution = set(_described(visit, "")["paths"]), set(_described(visit, "alpha")["paths"])
    assert {"/api/v1/certificates/{token}/", "/api/v1/institutions/", "/stripe/webhook/"} <= platform - institution
    assert {
        "/live/study/{session_id}/heartbeats/",
        "/live/attempts/{attempt}/answers/",
        "/staff/sittings/{sitting_id}/room.json",
        "/staff/candidacies/{candidacy_id}/{verb}/",
    } <= institution - platform


@pytest.mark.parametrize("slug", HOSTS)
def test_every_operation_says_what_it_does_what_it_answers_and_how_it_refuses(
    institutions: Any, visit: Any, slug: str
) -> None:
    described = _described(visit, slug)
    for path, item in described["paths"].items():
        for method, operation in item.items():
            where = f"{method} {path}"
            assert operation.get("description"), where
            succeeded = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            assert succeeded, where
            assert all("content" in answer for s, answer in operation["responses"].items() if s in ("200", "201"))
            assert "application/problem+json" in operation["responses"]["default"]["content"], where
    ids = [operation["operationId"] for item in described["paths"].values() for operation in item.values()]
    assert len(set(ids)) == len(ids)


def test_an_operation_says_what_its_caller_brings(institutions: Any, visit: Any) -> None:
    platform, institution = _described(visit, "")["paths"], _described(visit, "alpha")["paths"]
    assert "security" not in platform["/api/v1/institutions/"]["get"]
    assert platform["/api/v1/me/"]["get"]["security"] == [{"session": []}, {"token": []}]
    commands = institution["/staff/sittings/{sitting_id}/commands/"]["post"]
    assert commands["security"] == [{"session": [], "csrf": []}, {"token": []}]
    assert institution["/live/attempts/{attempt}/answers/"]["post"]["security"] == [{"attemptToken": []}]


def test_an_operation_that_knows_keys_of_repetition_names_the_header(institutions: Any, visit: Any) -> None:
    operation = _described(visit, "")["paths"]["/api/v1/commitments/{commitment_id}/upload/"]["post"]
    assert "Idempotency-Key" in [p["name"] for p in operation["parameters"] if p["in"] == "header"]
