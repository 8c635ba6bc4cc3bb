"""The set-wise migration: one plan replayed in many schemas, each whole or not at all, and none waited for."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent, indent
from threading import Barrier, Event
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel import tenancy
from kernel.db.schemas import building, catalogue, migrating, plans
from kernel.db.schemas.migrating import Migrator
from support.next_release import MODULE, bring

MORE = """
from django.db import migrations, models
from {today} import LAST
class Migration(migrations.Migration):
    dependencies = [("sittings", LAST)]
    operations = [
{steps}
    ]
"""
PATIENT = (0.1,) * 600
"""However slow the other side is on this machine, it is waited for: a minute is no limit but of a test that hangs."""


@pytest.fixture
def three(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """Three schemas that are up to date with today's code, committed; gone afterwards."""
    names = ["m_1", "m_2", "m_3"]
    with django_db_blocker.unblock():
        tenancy.enter(None)
        try:
            for name in names:
                building.build_schema(name)
            yield names
        finally:
            for name in [*names, "m_4"]:
                building.drop_schema(name)
            connection.close()


@pytest.fixture
def deploy(
    three: list[str], settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., None]]:
    """Bring the next release's code: `deploy()` the real migration, `deploy(steps)` one of these steps."""
    monkeypatch.syspath_prepend(str(tmp_path))
    number = 0

    def come(steps: str = "") -> None:
        nonlocal number
        module = MODULE
        if steps:
            number += 1
            module = f"more_{tmp_path.name.replace('-', '_')}_{number}"
            package = tmp_path / module
            package.mkdir()
            (package / "__init__.py").write_text(
                "from infra.bench.next_release import LAST, today\n__path__ += today.__path__\n", encoding="utf-8"
            )
            text = MORE.format(today=module, steps=indent(dedent(steps), " " * 8))
            (package / "x_more.py").write_text(text, encoding="utf-8")
        bring(settings, sittings=module)

    yield come
    bring(settings)


def _hows(outcomes: list[migrating.Outcome]) -> list[str]:
    return [one.status for one in outcomes]


def test_a_schema_that_does_not_stand_is_named(public_db: None) -> None:
    (outcome,) = Migrator().run(["m_none"])
    assert (outcome.status, outcome.why) == ("failed", "there is no such schema")


@pytest.mark.parametrize("number", [1, 3])
def test_that_nothing_is_to_do_is_found_by_two_queries(three: list[str], number: int) -> None:
    with CaptureQueriesContext(connection) as captured:
        outcomes = Migrator().run(three[:number])
    assert _hows(outcomes) == ["current"] * number
    assert len(captured) == 2


def test_a_real_migration_is_rendered_once_and_replayed_with_the_same_result(
    three: list[str], deploy: Callable[..., None]
) -> None:
    deploy()
    assert _hows(Migrator().run(three[:2])) == ["canary", "replayed"]
    call_command("migrate_schemas", schema_name="m_3", tenant=True, interactive=False, verbosity=0)
    assert catalogue.differences("m_1", "m_3") == []
    assert catalogue.differences("m_2", "m_3") == []
    assert _hows(Migrator().run(three)) == ["current"] * 3
    assert "sittings_remark" in catalogue.tables("m_2")
    building.build_schema("m_4")  # the next release's template makes the same too
    assert [
        line for line in catalogue.differences("m_4", "m_3") if "| candidacy" not in line and "column |" not in line
    ] == []


def test_schemas_at_different_starting_points_each_get_what_they_lack(
    three: list[str], deploy: Callable[..., None]
) -> None:
    deploy()
    assert _hows(Migrator().run(["m_1"])) == ["canary"]
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA m_4")
    assert _hows(Migrator().run([*three, "m_4", "m_none"])) == ["current", "canary", "replayed", "migrated", "failed"]
    assert set(plans.fingerprints([*three, "m_4"]).values()) == {plans.target_fingerprint()}


PYTHON = """
migrations.AddField("room", "floor", models.IntegerField(null=True)),
migrations.RunPython(
    lambda apps, _editor: apps.get_model("sittings", "Room").objects.update(floor=models.F("seats") - 6)
),
"""


def test_what_python_does_to_rows_is_done_in_each_schema(three: list[str], deploy: Callable[..., None]) -> None:
    _room("m_2")
    deploy(PYTHON)
    assert _hows(Migrator().run(three)) == ["migrated"] * 3
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT floor FROM m_2.sittings_room")
        assert cursor.fetchall() == [(1,)]


def _room(schema: str) -> None:
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {schema}.sittings_room (id, name, place, seats) VALUES (gen_random_uuid(), '1', '-', 7)"
        )


FEW_SEATS = """migrations.AddConstraint("room", models.CheckConstraint(condition=models.Q(seats=5), name="five")),"""


@pytest.mark.parametrize("ill", [0, 1])
def test_one_that_fails_is_named_the_others_are_done_and_it_goes_on_where_it_stopped(
    three: list[str], deploy: Callable[..., None], ill: int
) -> None:
    before = plans.fingerprints(three)
    _room(three[ill])
    deploy(FEW_SEATS)
    reported: list[str] = []
    outcomes = Migrator(on_outcome=lambda one: reported.append(one.schema)).run(three)
    well = [name for name in three if name != three[ill]]
    assert _hows(outcomes)[ill] == "failed"
    assert 'check constraint "five"' in outcomes[ill].why
    assert sorted(reported) == three
    after = plans.fingerprints(three)
    assert (after[three[ill]], {after[name] for name in well}) == (before[three[ill]], {plans.target_fingerprint()})
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {three[ill]}.sittings_room")
    assert [one.status for one in Migrator().run(three) if one.schema == three[ill]] == ["canary"]


def test_after_three_refusals_nobody_else_is_tried(three: list[str], deploy: Callable[..., None]) -> None:
    building.build_schema("m_4")
    deploy('migrations.RunSQL("SELECT 1/0"),')
    outcomes = Migrator().run([*three, "m_4"])
    assert _hows(outcomes) == ["failed"] * 4
    assert ["division by zero" in one.why for one in outcomes] == [True] * 3 + [False]
    assert outcomes[3].why == "not tried: 3 schemas like it have refused"


@pytest.mark.parametrize("busy", ["m_1", "m_2"])
def test_a_table_in_use_is_not_waited_for_but_tried_again(
    three: list[str], deploy: Callable[..., None], busy: str
) -> None:
    deploy()
    held, done = Event(), Event()

    def use() -> None:
        try:
            with tenancy.as_owner(), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {busy}.sittings_sittingevent IN ROW EXCLUSIVE MODE")
                held.set()
                done.wait(20)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        using = pool.submit(use)
        held.wait(20)
        impatient = Migrator(lock_ms=50, pauses=()).run(three)
        assert [(one.schema, "lock timeout" in one.why) for one in impatient if one.status == "failed"] == [
            (busy, True)
        ]
        patient = pool_of_one(lambda: Migrator(lock_ms=50, pauses=PATIENT).run(three))
        done.set()
        using.result()
        assert {one.status for one in patient()} <= {"current", "canary", "replayed"}
    assert set(plans.fingerprints(three).values()) == {plans.target_fingerprint()}


def pool_of_one(work: Callable[[], Any]) -> Callable[[], Any]:
    """Begin some work on a connection of its own; return what waits for it."""
    pool = ThreadPoolExecutor(1)

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    begun = pool.submit(run)

    def wait() -> Any:
        result = begun.result(60)
        pool.shutdown()
        return result

    return wait


def test_two_runs_at_once_share_the_work(three: list[str], deploy: Callable[..., None]) -> None:
    deploy()
    barrier = Barrier(2)

    def run() -> list[migrating.Outcome]:
        barrier.wait()
        return Migrator(pauses=PATIENT).run(three)

    both = [wait() for wait in [pool_of_one(run), pool_of_one(run)]]
    hows = [{one.schema: one.status for one in outcomes} for outcomes in both]
    assert [one for outcomes in both for one in outcomes if one.status not in ("current", "canary", "replayed")] == []
    worked = [[name for name, how in one.items() if how != "current"] for one in hows]
    assert sorted(worked[0] + worked[1]) == three
    assert catalogue.differences("m_1", "m_3") == []


KILLED = """
import os, signal, django
from django.conf import settings
settings.MIGRATION_MODULES = {"sittings": "infra.bench.next_release"}
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = os.environ["NUOXING_TEST_DB"]
from kernel.db.schemas.migrating import Migrator
Migrator(on_outcome=lambda one: os.kill(os.getpid(), signal.SIGKILL)).run(["m_1", "m_2", "m_3"])
"""


def test_a_killed_run_is_gone_on_with(three: list[str], deploy: Callable[..., None]) -> None:
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    env["NUOXING_TEST_DB"] = str(connection.settings_dict["NAME"])
    done = subprocess.run([sys.executable, "-c", KILLED], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    deploy()
    assert _hows(Migrator().run(three)) == ["current", "canary", "replayed"]
    assert catalogue.differences("m_1", "m_3") == []


def test_django_tenants_own_command_can_work_by_sets(three: list[str], deploy: Callable[..., None]) -> None:
    _room("m_1")
    deploy(FEW_SEATS)
    with pytest.raises(CommandError, match=r"m_1: .*five"):
        call_command("migrate_schemas", schema_name="m_1", tenant=True, executor="setwise", verbosity=0)
    call_command("migrate_schemas", schema_name="m_2", tenant=True, executor="setwise", verbosity=0)
    assert plans.fingerprints(["m_2"]) == {"m_2": plans.target_fingerprint()}
    assert configured.TENANT_APPS
