"""The code with other migrations than today's, for the length of a block."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kernel.db.schemas import plans

MODULE = "infra.bench.next_release"
"""Today's migrations of sittings, and one more."""


@contextmanager
def migrations_of_sittings(settings: Any, module: str = MODULE) -> Iterator[None]:
    """Let sittings have a module's migrations."""
    try:
        bring(settings, sittings=module)
        yield
    finally:
        bring(settings)


def bring(settings: Any, **modules: str) -> None:
    """Let apps have these modules' migrations from now on."""
    settings.MIGRATION_MODULES = modules
    for known in (plans.migration_loader, plans.target_fingerprint):
        known.cache_clear()
