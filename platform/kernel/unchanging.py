"""Answers that hold for a piece of work: asked once, where nobody changes in its midst what they are about."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_answers: ContextVar[dict[Any, Any] | None] = ContextVar("nuoxing_answers", default=None)


@contextmanager
def unchanged() -> Iterator[None]:
    """Ask each `asked_once` function once for the same arguments: for work in whose midst no law is loaded, no ceiling
    entered, and no institution changes its standing.
    """
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def asked_once(function: Callable[P, T]) -> Callable[P, T]:
    """Within `unchanged`, keep what a query with hashable arguments returns; elsewhere it is asked each time."""

    @wraps(function)
    def ask(*args: P.args, **kwargs: P.kwargs) -> T:
        answers = _answers.get()
        if answers is None:
            return function(*args, **kwargs)
        key = (function, args, tuple(kwargs.items()))
        if key not in answers:
            answers[key] = function(*args, **kwargs)
        answer: T = answers[key]
        return answer

    return ask
