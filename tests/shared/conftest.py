"""Clients that act as whoever a test says (signing in is identity's own story), and questions counted."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext

from kernel import access


@pytest.fixture
def acting(monkeypatch: pytest.MonkeyPatch, visit: Callable[..., Any]) -> Callable[[access.Actor], Any]:
    """Return a client of the platform's host that acts as the given person."""

    def load(request: HttpRequest) -> access.Actor:
        actor: access.Actor = request.META.get("nuoxing.actor", access.ANONYMOUS)
        return actor

    monkeypatch.setattr("kernel.middleware.import_string", lambda _path: load)

    def make(actor: access.Actor) -> Any:
        client = visit()
        client.defaults["nuoxing.actor"] = actor
        return client

    return make


@pytest.fixture
def asked() -> Callable[[int], AbstractContextManager[None]]:
    """Assert how many questions the database is asked; opening a schema is none."""

    @contextmanager
    def count(number: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        questions = [query["sql"] for query in captured if not query["sql"].startswith("SET search_path")]
        assert len(questions) == number, questions

    return count
