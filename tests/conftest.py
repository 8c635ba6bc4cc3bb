"""Fixtures of every test: one database, two institutions, each test in a transaction of its own."""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pypinyin  # noqa: F401  # many listings: read once, and not in a process of its own for each
import pytest
from channels.layers import channel_layers
from django.conf import settings as configured
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation

from kernel import access, tenancy
from kernel.db.schemas import building
from shared.institutions.models import Domain, Institution, Organisation
from shared.institutions.states import Standing
from shared.policy.operations import packs
from shared.policy.queries import authorities
from support import clients, committed, files, questions, tampering
from support.clients import NOW

_tests = count()
hypothesis.settings.register_profile("nuoxing", deadline=None)  # beside other workers an example's time says nothing
hypothesis.settings.load_profile("nuoxing")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep together what shares something (support.spreading)."""
    from support.spreading import Spreading  # a run in one process does without

    return Spreading(config, log)


@pytest.fixture(scope="session", autouse=True)
def _quiet_house() -> Iterator[None]:
    """No broker: tests run the outbox themselves with kernel.later.drain(); hints and files stay with the test."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with override_settings(
        NUOXING_PUBLISH="",
        NUOXING_DEMO=False,
        NUOXING_DEMO_CLOCK=True,
        NUOXING_FAKES_URL="",
        STORAGES=configured.STORAGES | files.STORAGES,
        CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True)
def _isolated_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No leftovers: a page that another test asked for in English must not decide the words of this one."""
    translation.activate(configured.LANGUAGE_CODE)
    files.OwnFolder.place = tmp_path_factory.getbasetemp() / f"files-{next(_tests)}"
    tenancy.clear_host_cache()
    channel_layers.backends.clear()
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
    building.build_schema(f"t_{slug}")


def _missing_database() -> list[Any]:
    """Make the test database where there is none: pytest-django makes none for a run in which no test asks for `db`,
    though those that commit by themselves need one. Return what is to be taken down.
    """
    if str(connection.settings_dict["NAME"]).startswith(TEST_DATABASE_PREFIX):
        return []
    return setup_databases(verbosity=0, interactive=False, aliases={DEFAULT_DB_ALIAS})


@pytest.fixture(scope="session")
def django_db_setup(_quiet_house: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Add to the empty database the policy and two institutions, once for the whole run."""
    Path(configured.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    with django_db_blocker.unblock():
        made = _missing_database()
        tenancy.enter(None)
        packs.load_packs(at=NOW, by=access.SYSTEM)
        packs.load_authorities(at=NOW, by=access.SYSTEM)
        authorities.authorities()  # kept by each process: no test is the one that asks first
        _create_institution("演示培训学校甲", "alpha", "52360100MJ00000184")
        _create_institution("演示培训学校乙", "beta", "91360100MA00000159")
        with tenancy.as_owner():
            tampering.run("DELETE FROM kernel_auditentry", "kernel_auditentry")
            tampering.run("DELETE FROM kernel_outbox", "kernel_outbox")
        committed.furnished()
        tenancy.enter(None)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


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


@pytest.fixture
def visit() -> Callable[..., clients.HostClient]:
    """Return a client at a host: `visit()` is the platform, `visit("alpha")` that institution."""
    return clients.client_at


@pytest.fixture
def acting(settings: Any) -> Callable[..., clients.HostClient]:
    """Return a client that acts as the given person, at a host as `visit` (signing in is identity's own story)."""
    settings.NUOXING_ACTOR_LOADER = clients.LOADER

    def make(
        actor: access.Actor = access.ANONYMOUS, slug: str = "", moment: datetime | None = NOW
    ) -> clients.HostClient:
        return clients.acting_as(clients.client_at(slug, moment), actor)

    return make


@pytest.fixture
def asked() -> Callable[[int], AbstractContextManager[None]]:
    """Assert how many questions the database is asked; opening a schema is none."""
    return questions.asked_exactly


@pytest.fixture
def asks() -> Callable[[Callable[[], Any]], int]:
    """Return how many questions a call asks; opening a schema is none."""
    return lambda call: len(questions.asked_by(call))
