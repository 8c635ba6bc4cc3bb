"""How many questions the database is asked; opening a schema is none."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

OPENING = "SET search_path"


def asked_by(call: Callable[[], Any]) -> list[str]:
    """Return the questions of a call."""
    with CaptureQueriesContext(connection) as captured:
        call()
    return _of(captured)


@contextmanager
def asked_exactly(number: int) -> Iterator[None]:
    """Hold that a block asks so many."""
    with CaptureQueriesContext(connection) as captured:
        yield
    questions = _of(captured)
    assert len(questions) == number, questions


def _of(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured if not query["sql"].startswith(OPENING)]
