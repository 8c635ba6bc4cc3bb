"""The operator sees what is stuck and gives it a fresh start."""

import pytest

from kernel import access, clock, later
from kernel.errors import NotFound
from kernel.models import Outbox
from shared.records import operations as records
from shared.records import queries as record_queries


@later.task("test.stuck")
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
    later.deliver(number)
    now = clock.real_now()
    assert later.due(real_now=now) == []
    records.retry_task(number=number, by=access.SYSTEM, at=now)
    assert later.due(real_now=now) == [number]


def test_what_is_done_is_not_started_again(public_db, at):
    number = later.later("kernel.seal", side="kernel")
    later.deliver(number)
    with pytest.raises(NotFound):
        records.retry_task(number=number, by=access.SYSTEM, at=at)
    assert Outbox.objects.get(pk=number).attempts == 1
