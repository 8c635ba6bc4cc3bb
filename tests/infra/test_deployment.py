"""A deployment while a test is sat: no answer that was acknowledged is lost, and every schema is migrated."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection

from infra.bench import deployment, fixtures
from kernel import tenancy
from kernel.db.schemas import building, plans
from shared.institutions.models import Domain, Institution, Organisation
from support import databases
from support.next_release import migrations_of_sittings


@pytest.fixture
def schools(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Institution]]:
    """Three institutions with schemas, committed; gone afterwards."""
    with django_db_blocker.unblock():
        tenancy.enter(None)
        rows = fixtures.institutions(3)
        try:
            for row in rows:
                building.build_schema(row.schema_name)
            yield rows
        finally:
            tenancy.enter(None)
            for row in rows:
                building.drop_schema(row.schema_name)
            with tenancy.as_owner():
                Domain.objects.filter(tenant__in=rows).delete()
                Institution.objects.filter(pk__in=[row.pk for row in rows]).delete()
                Organisation.objects.filter(pk__in=[row.organisation_id for row in rows]).delete()
            connection.close()


@pytest.fixture
def next_release(settings: Any) -> Iterator[None]:
    """The code with one migration more."""
    with migrations_of_sittings(settings):
        yield


def test_the_database_of_these_tests_is_reached_by_its_address(public_db: None) -> None:
    assert databases.url().startswith("postgresql://")
    assert str(connection.settings_dict["NAME"]) in databases.url()


def test_a_deployment_during_a_test_loses_no_answer(
    schools: list[Institution], next_release: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("EACH", 8), ("EVERY", 0.3), ("SECONDS", 5.0)):
        monkeypatch.setattr(deployment, name, value)
    monkeypatch.setenv("DATABASE_URL", databases.url())
    database: Any = SimpleNamespace(url=databases.url(), host=configured.NUOXING_HOST, logs=tmp_path)
    first, *others = [row.schema_name for row in schools]
    figures = {one.name: one.value for one in deployment.during_a_test(database, [first], others, 7)}
    assert (figures["deployment_lost"], figures["deployment_failed"], figures["deployment_schemas"]) == (0, 0, 3)
    assert figures["deployment_acknowledged"] > 0
    assert set(plans.fingerprints([first, *others]).values()) == {plans.target_fingerprint()}
