"""Two ways to a test world: in a transaction that is rolled back, or committed for the live side and cleaned away."""

import importlib.util
import logging
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import connection

from kernel import tenancy


def _room(name: str) -> ModuleType:
    """Load a module that lies beside this file, under a name of its own (there is no __init__.py in tests)."""
    if (known := sys.modules.get(f"exams_{name}")) is not None:
        return known
    spec = importlib.util.spec_from_file_location(f"exams_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"exams_{name}"] = module
    spec.loader.exec_module(module)
    return module


world_module = _room("world")
_room("wire")


@pytest.fixture(autouse=True)
def _hints_stay_in_the_process(settings: Any) -> None:
    """The layer over PostgreSQL listens at the real database; its own tests are the kernel's."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    logging.getLogger("httpx").setLevel(logging.WARNING)


@pytest.fixture
def world(alpha: Any, at: datetime) -> Any:
    """The first institution, with three people ready for the test."""
    world_module.fill_bank(at)
    return world_module.build(alpha, at, people=3)


_KEPT = ("django_", "auth_", "institutions_", "policy_", "identity_consenttext")


def _clean() -> None:
    """Empty every table that the live tests may have filled."""
    tenancy.enter(None)
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 't_alpha', 't_beta')"
        )
        names = [f'"{schema}"."{table}"' for schema, table in cursor.fetchall() if not table.startswith(_KEPT)]
        cursor.execute(f"TRUNCATE {', '.join(names)}")


@pytest.fixture
def live(db: None, django_db_setup: None, django_db_blocker: Any, at: datetime) -> Iterator[Callable[..., Any]]:
    """Build committed worlds: `live("alpha", people=5)`. Everything is emptied afterwards.

    A module that uses it has a `db` fixture of its own that opens no transaction.
    """
    from shared.institutions.models import Institution

    with django_db_blocker.unblock():
        assert not connection.in_atomic_block, "this module needs its own `db` fixture"
        tenancy.enter(None)
        world_module.fill_bank(at)

        def make(slug: str = "alpha", **how: Any) -> Any:
            institution = Institution.objects.get(slug=slug)
            with tenancy.open_institution(institution):
                return world_module.build(institution, at, **how)

        yield make
        _clean()
        connection.close()
