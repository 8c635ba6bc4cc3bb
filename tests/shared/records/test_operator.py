"""The operator sees what is stuck and gives it a fresh start."""

import pytest

from kernel import access, clock, later, outside, worker
from kernel.errors import NotFound
from kernel.models import Outbox
from kernel.retries import OPERATOR
from shared.records import operations as records
from shared.records import queries as record_queries


@later.task("test.stuck", runs=later.Where.PLATFORM)
def _stuck(**kwargs: object) -> None:
    raise RuntimeError("the ministry does not answer")


def test_a_task_that_fails_is_named_with_what_went_wrong(public_db, at):
    number = later.later("test.stuck")
    later.deliver(number)
    [stuck] = record_queries.health(real=clock.real_now()).stuck
    assert (stuck.number, stuck.task, stuck.attempts) == (number, "test.stuck", 1)
    assert "the ministry does not answer" in stuck.error


def test_a_fresh_start_makes_it_due_at_once(public_db, at):
    number = later.later("test.stuck")
    before = clock.real_now()
    later.deliver(number)
    assert worker.ready(real=before) == []
    now = clock.real_now()
    records.retry_task(number=number, by=access.SYSTEM, at=now)
    assert worker.ready(real=now)[0] == number


def test_the_operators_page_offers_a_fresh_start_for_what_is_stuck(public_db, acting, as_actor):
    number = later.later("test.stuck")
    later.deliver(number)
    Outbox.objects.filter(pk=number).update(waits_for=OPERATOR)
    client = acting(as_actor("platform_operator"), moment=None)
    page = client.get("/operator/").content.decode()
    assert f'action="/operator/tasks/{number}/again/"' in page
    assert "the ministry does not answer" in page
    [stuck] = client.get("/api/v1/operator/tasks/").json()
    assert (stuck["number"], stuck["task"], stuck["waits_for"]) == (number, "test.stuck", OPERATOR)
    assert client.post(f"/operator/tasks/{number}/again/").status_code == 302
    row = Outbox.objects.get(pk=number)
    assert (row.waits_for, row.attempts) == ("", 1)


def test_a_machine_of_the_operator_gives_a_fresh_start_too(public_db, acting, as_actor):
    number = later.later("test.stuck")
    Outbox.objects.filter(pk=number).update(waits_for=OPERATOR, lost_attempts=12)
    client = acting(as_actor("platform_operator"), moment=None)
    assert client.post(f"/api/v1/operator/tasks/{number}/again/").status_code == 204
    row = Outbox.objects.get(pk=number)
    assert (row.waits_for, row.lost_attempts) == ("", 0)
    assert client.post("/api/v1/operator/tasks/0/again/").status_code == 404


def test_a_system_that_does_not_answer_is_named_with_what_waits_for_it(public_db, acting, as_actor):
    number = later.later("test.stuck")
    for _n in range(outside.DOWN_AFTER):
        outside.note_fault("sms", "no route", real=clock.real_now())
    Outbox.objects.filter(pk=number).update(waits_for="sms")
    [silent] = record_queries.silent_systems()
    assert (silent.name, silent.error, silent.waiting) == ("sms", "no route", 1)
    page = acting(as_actor("platform_operator"), moment=None).get("/operator/").content.decode()
    assert "sms 无应答" in page


def test_what_is_done_is_not_started_again(public_db, at):
    number = later.later("kernel.seal", side="kernel")
    later.deliver(number)
    with pytest.raises(NotFound):
        records.retry_task(number=number, by=access.SYSTEM, at=at)
    assert Outbox.objects.get(pk=number).attempts == 1
