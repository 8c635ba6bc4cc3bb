"""Fixtures of every test: one database, two institutions, each test in a transaction of its own."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pypinyin  # noqa: F401  # many listings: read once, and not in a process of its own for each
import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client

from kernel import access, clock, schemas, tenancy
from shared.institutions.models import Domain, Institution, Organisation
from shared.institutions.states import Standing
from shared.policy import operations as policy_operations
from shared.records.models import AuditEntry, Outbox

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=clock.CHINA)


@pytest.fixture(autouse=True)
def _isolated_settings(settings: Any, tmp_path: Path) -> Iterator[None]:
    """No broker, no leftovers: tests run the outbox themselves with kernel.later.drain()."""
    settings.NUOXING_PUBLISH = ""
    settings.NUOXING_DEMO = False
    settings.NUOXING_DEMO_CLOCK = True
    settings.NUOXING_FAKES_URL = ""
    settings.STORAGES = settings.STORAGES | {
        name: {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / name}}
        for name in ("default", "public")
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    tenancy.clear_host_cache()
    yield
    if connection.connection is not None and not connection.in_atomic_block:
        tenancy.enter(None)


def _create_institution(name: str, slug: str, code: str) -> None:
    organisation = Organisation.objects.create(
        name=name,
        credit_code=code,
        category="social",
        division_code="360102",
        authority_code="360100",
        address="演示路1号",
        legal_rep="演示甲",
        contact="演示乙",
        contact_mobile="13800000000",
        registered_at=NOW,
        registered_by="00000000-0000-7000-8000-000000000001",
        state=Standing.LISTED,
        state_since=NOW,
    )
    institution = Institution.objects.create(
        organisation=organisation, schema_name=f"t_{slug}", slug=slug, name=name, listed_at=NOW, ready=True
    )
    Domain.objects.create(tenant=institution, domain=f"{slug}.nuoxing.localhost", is_primary=True)
    schemas.build_schema(f"t_{slug}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Add to the empty database the policy and two institutions, once for the whole run."""
    Path(configured.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    configured.NUOXING_PUBLISH = ""  # else the set-up knocks at a broker, whose pools are left to the collector
    with django_db_blocker.unblock():
        tenancy.enter(None)
        policy_operations.load_packs(at=NOW, by=access.SYSTEM)
        policy_operations.load_authorities(at=NOW, by=access.SYSTEM)
        _create_institution("演示培训学校甲", "alpha", "52360100MJ00000184")
        _create_institution("演示培训学校乙", "beta", "91360100MA00000159")
        with tenancy.as_owner():
            AuditEntry.objects.all().delete()
            Outbox.objects.all().delete()
        tenancy.enter(None)


@pytest.fixture
def at() -> datetime:
    """A working Monday morning in China."""
    return NOW


@pytest.fixture
def institutions(db: None) -> tuple[Any, Any]:
    """Two listed institutions with schemas of their own."""
    tenancy.enter(None)
    return Institution.objects.get(slug="alpha"), Institution.objects.get(slug="beta")


@pytest.fixture
def public_db(db: None) -> None:
    """The shared schema, open."""
    tenancy.enter(None)


@pytest.fixture
def alpha(institutions: tuple[Any, Any]) -> Iterator[Any]:
    """The first institution, with its schema open."""
    with tenancy.open_institution(institutions[0]):
        yield institutions[0]


@pytest.fixture
def beta(institutions: tuple[Any, Any]) -> Any:
    """The second institution (its schema is not opened)."""
    return institutions[1]


@pytest.fixture
def as_actor() -> Callable[..., access.Actor]:
    """Make an actor: `as_actor("registrar", scope=...)`; a name and ids can be given."""

    def make(
        *roles: str,
        scope: str = "",
        name: str = "演示员",
        account_id: Any = None,
        person_id: Any = None,
        level: int = 2,
    ) -> access.Actor:
        grants = frozenset(access.Grant(role, scope) for role in roles)
        return access.Actor(account_id or uuid.uuid4(), person_id, name, level, grants)

    return make


class HostClient(Client):
    """Django's client, at a host, at a time."""

    def __init__(self, host: str, moment: datetime | None = NOW) -> None:
        """Fix the host and the time that every request carries."""
        extra = {"HTTP_NUOXING_NOW": moment.isoformat()} if moment else {}
        super().__init__(SERVER_NAME=host, SERVER_PORT="8000", HTTP_HOST=f"{host}:8000", **extra)


@pytest.fixture
def visit() -> Callable[..., HostClient]:
    """Return a client at a host: `visit()` is the platform, `visit("alpha")` that institution."""

    def make(slug: str = "", moment: datetime | None = NOW) -> HostClient:
        return HostClient(f"{slug}.nuoxing.localhost" if slug else "nuoxing.localhost", moment)

    return make
