"""Processes that are really killed: codes come before bulk messages, nothing is lost, and nothing is sent twice but
what an outside system had taken a moment before the kill.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from infra.bench import killing
from infra.bench.killing import Gateway, Worker
from infra.stack.database import install_queue
from infra.stack.paths import ROOT
from kernel import access, audit, clock, seals, tenancy
from kernel.later import Priority
from kernel.models import AuditHead, Heartbeat, Outbox
from shared.identity import adapters as identity_adapters
from shared.notices import operations as notices
from shared.notices.models import Message
from support import committed, databases

pytestmark = [pytest.mark.long, pytest.mark.stack]

BULK = 200
PATIENCE_SECONDS = 120.0
END_SESSIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'killed'"
)
AT_ONCE = 2
"""Threads or processes of a worker: so many messages are in its hands when it is killed."""


@pytest.fixture
def gateway(django_db_setup: None, django_db_blocker: Any) -> Iterator[Gateway]:
    """A gateway, and the test's database with a broker in it, committed; all gone afterwards."""
    with committed.committing(django_db_blocker), killing.gateway(0.02) as made:
        install_queue(databases.url())
        try:
            yield made
        finally:
            with psycopg.connect(databases.url(), autocommit=True) as login:
                login.execute(END_SESSIONS)
                login.execute("DROP SCHEMA pgmq CASCADE")


@pytest.fixture(params=["embedded", "deployed"])
def worker(gateway: Gateway, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Worker]:
    """A worker on that database, as `up` starts it and as a server has it; it is not started yet."""
    env = {**os.environ, "DATABASE_URL": databases.url(), "NUOXING_FAKES_URL": gateway.url, "PGAPPNAME": "killed"}
    made = Worker(tmp_path, env, deployed=request.param == "deployed")
    yield made
    made.end()


def _ask_bulk() -> None:
    context = {"role": "教师", "at": "演示培训学校甲", "url": "-"}
    with transaction.atomic():
        for n in range(BULK):
            notices.send(
                to=f"137{n:08d}", template="identity.invitation", context=context, at=clock.real_now(),
                priority=Priority.BULK,
            )  # fmt: skip


def _ask_code(number: str) -> None:
    with transaction.atomic():
        identity_adapters.queue_message(number, "identity.code", code="123456")


def _wait(is_so: Any) -> None:
    assert killing.wait_until(is_so, seconds=PATIENCE_SECONDS)


def test_the_database_of_these_tests_is_reached_by_its_address(public_db: None) -> None:
    assert str(connection.settings_dict["NAME"]) in databases.url()


def test_codes_come_first_and_nothing_is_lost_while_the_worker_is_killed(worker: Worker, gateway: Gateway) -> None:
    _ask_bulk()
    worker.start()
    before: dict[str, int] = {}
    while worker.kills < 6:  # each time it has shown that it works, whatever it has in hand
        count = len(gateway.arrivals)
        _wait(lambda: len(gateway.arrivals) >= count + 12)  # noqa: B023  # called before the next
        number = f"139{worker.kills:08d}"
        before[number] = len(gateway.arrivals)
        _ask_code(number)
        worker.kill()
    _wait(lambda: Message.objects.filter(state="sent").count() == BULK + len(before))

    assert {one.to for one in gateway.arrivals} == {*before, *(f"137{n:08d}" for n in range(BULK))}
    order = [one.to for one in gateway.arrivals]
    for number, count in before.items():  # what was in hand, once more after the kill, and one more for each thread
        assert order.index(number) - count <= 3 * AT_ONCE
    assert gateway.sent_again() <= AT_ONCE * worker.kills
    assert len({one.key for one in gateway.arrivals}) == Message.objects.count()
    assert not Outbox.objects.filter(done_at=None).exclude(task="kernel.seal").exists()
    assert Outbox.objects.filter(task="notices.deliver", attempts=1).count() == BULK + len(before)


def test_a_gateway_that_comes_back_gets_everything_at_once(worker: Worker, gateway: Gateway) -> None:
    gateway.is_up = False
    _ask_bulk()
    worker.start()
    _wait(lambda: Outbox.objects.filter(waits_for="sms").count() >= BULK - 3)
    assert gateway.refused < 20
    gateway.is_up = True
    _wait(lambda: Message.objects.filter(state="sent").count() == BULK)
    assert gateway.sent_again() == 0


ASK_AND_DIE = """
import os, django
django.setup()
from django.db import transaction
from shared.identity import adapters
with transaction.atomic():
    transaction.on_commit(lambda: os._exit(9))
    adapters.queue_message("13900000009", "identity.code", code="123456")
"""


def test_what_a_web_process_asked_for_before_it_was_killed_is_done(worker: Worker, gateway: Gateway) -> None:
    """Killed after the commit and before it wakes anybody: the first hook of the commit ends the process."""
    worker.start()
    env = {**os.environ, "DATABASE_URL": databases.url(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    ended = subprocess.run([sys.executable, "-c", ASK_AND_DIE], cwd=ROOT, env=env, check=False)
    assert ended.returncode == 9
    _wait(lambda: gateway.arrived("13900000009"))


def test_a_killed_sealer_and_a_killed_beat_are_followed_by_others(gateway: Gateway, tmp_path: Path) -> None:
    env = {**os.environ, "DATABASE_URL": databases.url(), "NUOXING_FAKES_URL": gateway.url, "PGAPPNAME": "killed"}
    worker = Worker(tmp_path, env)
    worker.start()
    try:
        for n in range(3):
            with tenancy.as_owner():
                Heartbeat.objects.all().delete()
            for _n in range(40):
                row = Outbox(task="x", schema="public")
                with transaction.atomic():
                    audit.note(f"test.{n}", row, by=access.SYSTEM, at=clock.real_now())
            _wait(lambda: Heartbeat.objects.filter(name="beat").exists())
            worker.kill()
        table = audit.table_of("kernel")
        _wait(lambda: not table.objects.filter(seal_no=None).exists())
    finally:
        worker.end()
    assert AuditHead.objects.filter(schema="public").exists()
    assert list(seals.verify_heads()) == []
    sealed = table.objects.filter(seal_no__isnull=False).order_by("seal_no")
    assert seals.verify(sealed, seals.filed_heads("public")).faults == []
    tenancy.enter(None)
