"""Two ways to a test world: in a transaction that is rolled back, or committed for the live side and cleaned away."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from kernel import tenancy

_spec = importlib.util.spec_from_file_location("exams_world", Path(__file__).with_name("world.py"))
assert _spec is not None
assert _spec.loader is not None
world_module = importlib.util.module_from_spec(_spec)
sys.modules["exams_world"] = world_module
_spec.loader.exec_module(world_module)


@pytest.fixture
def world(alpha: Any, at: datetime) -> Any:
    """The first institution, with three people ready for the test."""
    world_module.fill_bank(at)
    return world_module.build(alpha, at, people=3)


_KEPT = ("django_", "auth_", "institutions_", "policy_")


def _clean() -> None:
    """Empty every table that the live tests may have filled."""
    tenancy.enter(None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 't_alpha', 't_beta')"
        )
        names = [f'"{schema}"."{table}"' for schema, table in cursor.fetchall() if not table.startswith(_KEPT)]
        cursor.execute(f"TRUNCATE {', '.join(names)}")


@pytest.fixture
def live(django_db_setup: None, django_db_blocker: Any, at: datetime) -> Iterator[Callable[..., Any]]:
    """Build committed worlds: `live("alpha", people=5)`. Everything is emptied afterwards."""
    from shared.institutions.models import Institution

    with django_db_blocker.unblock():
        tenancy.enter(None)
        world_module.fill_bank(at)

        def make(slug: str = "alpha", **how: Any) -> Any:
            institution = Institution.objects.get(slug=slug)
            with tenancy.open_institution(institution):
                return world_module.build(institution, at, **how)

        try:
            yield make
        finally:
            _clean()
            connection.close()
