"""Tries of a task: what became of the earlier tries of the task that runs now.

A task that calls what knows no keys of repetition asks here whether it may have called before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Earlier:
    """Tries whose worker died, and tries that ended in a fault, the commit's among them."""

    lost: int = 0
    failed: int = 0


NONE = Earlier()
_earlier: ContextVar[Earlier] = ContextVar("nuoxing_earlier_tries", default=NONE)


def earlier() -> Earlier:
    """Return what became of the earlier tries of the task that runs now; none outside of one."""
    return _earlier.get()


@contextmanager
def of(row: Any) -> Iterator[None]:
    """Let the task of an outbox row know of its earlier tries."""
    token = _earlier.set(Earlier(row.lost_attempts, row.attempts))
    try:
        yield
    finally:
        _earlier.reset(token)
