"""Every write of REST takes an Idempotency-Key, and of two requests at once under one key the second waits."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import JsonResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from kernel.access import Actor
from kernel.fields import uuid7
from kernel.models import IdempotencyKey, ReachedLimit
from kernel.web import repeats
from support import clients, committed
from support.races import race

ONE = Actor(uuid7(), None, "演示甲", 2)
NOT_KEPT = {"PeriodicTask": "runs tasks, each in a transaction of its own and done once by itself; adds nothing"}


def _views(patterns: Any) -> Iterator[Any]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _views(one.url_patterns)
        elif isinstance(one, URLPattern) and (view := getattr(one.callback, "cls", None)) is not None:
            yield view


def test_every_write_of_rest_takes_a_key() -> None:
    writes = {
        view.__name__: getattr(view, verb)
        for conf in ("config.urls_public", "config.urls_tenant")
        for view in _views(get_resolver(conf).url_patterns)
        for verb in ("post", "put", "patch", "delete")
        if hasattr(view, verb)
    }
    assert {name for name, method in writes.items() if not getattr(method, "takes_keys", False)} == set(NOT_KEPT)
    assert len(writes) > len(NOT_KEPT)


@pytest.fixture
def emptied(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with committed.committing(django_db_blocker):
        yield


def test_of_two_requests_at_once_under_one_key_one_is_done_and_both_are_answered(emptied: None) -> None:
    @repeats.once
    def add(_request: Any) -> JsonResponse:
        row = ReachedLimit.objects.create(name=uuid7().hex, day=clients.NOW.date(), last_at=clients.NOW)
        return JsonResponse({"made": row.name})

    answers = []

    def send() -> None:
        request: Any = RequestFactory().post("/x/", b"{}", "application/json", headers={"Idempotency-Key": "one"})
        request.actor = ONE
        answers.append(add(request).content)

    assert race(send, send) == ["done", "done"]
    assert answers[0] == answers[1]
    assert (ReachedLimit.objects.count(), IdempotencyKey.objects.count()) == (1, 1)


def test_a_key_of_somebody_else_is_another(db: None) -> None:
    @repeats.once
    def add(request: Any) -> JsonResponse:
        return JsonResponse({"to": request.actor.name})

    def send(who: Actor) -> bytes:
        request: Any = RequestFactory().post("/x/", b"{}", "application/json", headers={"Idempotency-Key": "one"})
        request.actor = who
        return bytes(add(request).content)

    other = Actor(uuid7(), None, "演示乙", 2)
    assert send(ONE) != send(other)
    assert send(ONE) == send(ONE)
