"""Spare schemas: kept in a pool, handed out by a rename in the listing's own transaction, and never half."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from kernel import later, tenancy
from kernel.db import roles
from kernel.db.schemas import building, catalogue, plans
from shared.hosting.models import SpareSchema
from shared.hosting.operations import spares as hosting_spares
from shared.institutions.models import Institution
from tenants.courses.models import TrainingClass


@pytest.fixture
def pool(settings: Any, public_db: None, at: datetime) -> list[str]:
    """Two spare schemas."""
    settings.NUOXING_SPARES = 2
    assert hosting_spares.fill_pool(at=at) == 2
    return [row.schema_name for row in SpareSchema.objects.all()]


def test_the_pool_is_filled_once_and_only_up_to_its_size(pool: list[str], at: datetime) -> None:
    assert hosting_spares.fill_pool(at=at) == 0
    assert len(pool) == 2
    assert [building.exists(name) for name in pool] == [True, True]
    assert set(plans.fingerprints(pool).values()) == {plans.target_fingerprint()}
    assert roles.exists(roles.role_of(pool[0]))


def test_listing_hands_out_a_spare_and_the_host_is_open_at_once(pool: list[str], list_it: Any, visit: Any) -> None:
    row = list_it()
    assert (row.ready, row.schema_origin) == (True, "spare")
    assert [building.exists(name) for name in (pool[0], row.schema_name)] == [False, True]
    assert [roles.exists(roles.role_of(name)) for name in (pool[0], row.schema_name)] == [False, True]
    with tenancy.open_institution(row):
        assert TrainingClass.objects.count() == 0
    tenancy.enter(None)
    assert visit(row.slug).get("/healthz").status_code == 200
    assert [spare.schema_name for spare in SpareSchema.objects.all()] == pool[1:]


def test_a_role_that_outlived_its_database_does_not_leave_the_schema_to_nobody(pool: list[str], list_it: Any) -> None:
    roles.create_role("t_nanchangganjiang")
    row = list_it()
    assert catalogue.differences(row.schema_name, "t_alpha") == []
    assert roles.exists(roles.role_of(pool[0])) is False


def test_the_spare_that_was_handed_out_is_replaced_after_commit(pool: list[str], list_it: Any) -> None:
    list_it()
    later.drain()
    assert SpareSchema.objects.count() == 2


def test_a_listing_that_is_taken_back_gives_the_spare_back(pool: list[str], list_it: Any) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _ = 1 // (0 * len(list_it().slug))
    assert Institution.objects.filter(slug="nanchangganjiang").count() == 0
    assert [building.exists(name) for name in (*pool, "t_nanchangganjiang")] == [True, True, False]
    assert SpareSchema.objects.count() == 2


def test_a_spare_of_other_migrations_is_not_handed_out_and_goes_after_an_hour(
    pool: list[str], list_it: Any, at: datetime
) -> None:
    SpareSchema.objects.update(fingerprint="of yesterday")
    row = list_it()
    assert (row.ready, row.schema_origin) == (False, "")
    assert hosting_spares.fill_pool(at=at) == 2
    assert [building.exists(name) for name in pool] == [True, True]
    hosting_spares.fill_pool(at=at + timedelta(hours=2))
    assert [building.exists(name) for name in pool] == [False, False]
    assert SpareSchema.objects.filter(fingerprint=plans.target_fingerprint()).count() == 2


def test_what_was_migrated_is_known_to_be_ready_again(pool: list[str]) -> None:
    SpareSchema.objects.update(fingerprint="of yesterday")
    hosting_spares.refresh_fingerprints()
    assert set(SpareSchema.objects.values_list("fingerprint", flat=True)) == {plans.target_fingerprint()}


def test_with_an_empty_pool_the_listing_stands_and_the_template_makes_the_schema(list_it: Any) -> None:
    row = list_it()
    assert (row.ready, row.schema_origin) == (False, "")
    later.drain()
    row.refresh_from_db()
    assert (row.ready, row.schema_origin) == (True, "template")
    assert catalogue.differences(row.schema_name, "t_alpha") == []


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any, settings: Any, at: datetime) -> Iterator[list[str]]:
    """Two spare schemas that others see too; gone afterwards."""
    with django_db_blocker.unblock():
        tenancy.enter(None)
        settings.NUOXING_SPARES = 2
        try:
            hosting_spares.fill_pool(at=at)
            yield [row.schema_name for row in SpareSchema.objects.all()]
        finally:
            for row in SpareSchema.objects.all():
                building.drop_schema(row.schema_name)
                row.delete()
            for name in ("t_one", "t_two"):
                building.drop_schema(name)
            connection.close()


def test_two_listings_at_the_same_moment_get_two_spares(committed: list[str]) -> None:
    barrier = Barrier(2)

    def take(name: str) -> bool:
        try:
            with transaction.atomic():
                barrier.wait()
                return hosting_spares.claim_spare(name)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(take, ["t_one", "t_two"])) == [True, True]
    assert [building.exists(name) for name in (*committed, "t_one", "t_two")] == [False, False, True, True]
    assert SpareSchema.objects.count() == 0


KILLED = """
import os, signal, django
django.setup()
from django.conf import settings
from django.db import connection, transaction
connection.settings_dict["NAME"] = os.environ["NUOXING_TEST_DB"]
from shared.hosting.operations import spares
with transaction.atomic():
    assert spares.claim_spare("t_one")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_is_killed_in_between_leaves_nothing_half(committed: list[str]) -> None:
    name = str(connection.settings_dict["NAME"])
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "NUOXING_TEST_DB": name}
    process = subprocess.run([sys.executable, "-c", KILLED], env=env, capture_output=True, text=True, check=False)
    assert process.returncode == -signal.SIGKILL, process.stderr
    with transaction.atomic():
        list(SpareSchema.objects.select_for_update())  # waits until the server has undone what the killed one began
        assert hosting_spares.claim_spare("t_two") is True
    assert [building.exists(one) for one in (*committed, "t_one", "t_two")] == [False, True, False, True]
