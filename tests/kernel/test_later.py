"""Tasks asked for later run once, after commit, in the schema and at the time of the request."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from kernel import clock, later, tenancy, worker
from kernel.errors import Refusal
from kernel.later import Where
from kernel.models import Heartbeat, Outbox

ran: list[tuple[str, datetime, dict[str, object]]] = []


@later.task("test.note", runs=Where.EVERYWHERE)
def _note(*, at: datetime, **kwargs: object) -> None:
    ran.append((tenancy.current_schema(), at, kwargs))


@later.task("test.fail", runs=Where.EVERYWHERE)
def _fail(*, at: datetime) -> None:
    Heartbeat.objects.create(name="half-written", beat_at=at)
    raise RuntimeError("the network is down")


@later.task("test.refuse", runs=Where.EVERYWHERE)
def _refuse(*, at: datetime) -> None:
    Heartbeat.objects.create(name="half-written", beat_at=at)
    raise Refusal


@pytest.fixture(autouse=True)
def _empty():
    ran.clear()


def test_a_task_runs_in_the_schema_in_which_it_was_asked_for(alpha):
    later.later("test.note", word="hello")
    tenancy.enter(None)
    assert later.drain() == 1
    assert [(schema, kwargs) for schema, _at, kwargs in ran] == [("t_alpha", {"word": "hello"})]


def test_a_task_runs_at_the_time_its_request_was_given(public_db, at):
    with clock.at(at):
        later.later("test.note")
    later.drain()
    assert ran[0][1] == at


def test_a_row_delivered_twice_runs_once(public_db):
    pk = later.later("test.note")
    assert [later.deliver(pk), later.deliver(pk)] == [True, False]
    assert len(ran) == 1


def test_a_failure_writes_nothing_and_is_tried_again_later(public_db):
    pk, before = later.later("test.fail"), clock.real_now()
    assert later.deliver(pk) is False
    row = Outbox.objects.get(pk=pk)
    assert (row.attempts, row.done_at, row.error) == (1, None, "RuntimeError: the network is down")
    assert not Heartbeat.objects.filter(name="half-written").exists()
    assert worker.ready(real=before) == []
    assert worker.ready(real=clock.real_now() + timedelta(seconds=2)) == [pk]


def test_a_refusal_is_an_answer_and_is_not_tried_again(public_db):
    pk = later.later("test.refuse")
    assert later.deliver(pk) is True
    row = Outbox.objects.get(pk=pk)
    assert (row.error, row.done_at is not None) == ("refused: refused", True)
    assert not Heartbeat.objects.filter(name="half-written").exists()


def test_what_a_rolled_back_transaction_asked_for_is_not_done(public_db):
    def change_of_mind() -> None:
        with transaction.atomic():
            later.later("test.note")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_of_mind()
    assert later.drain() == 0


def test_what_nobody_was_woken_for_is_ready_at_once(public_db):
    pk = later.later("test.note")
    assert worker.ready(real=clock.real_now()) == [pk]


def test_the_worker_is_woken_once_for_a_transaction(public_db, monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr(later.settings, "NUOXING_PUBLISH", "kernel.clock.now")
    monkeypatch.setattr(later, "import_string", lambda name: lambda: woken.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        for word in "abc":
            later.later("test.note", word=word)
    assert woken == ["kernel.clock.now"]


def test_every_institution_gets_its_own_task(institutions):
    assert later.for_each_institution("test.note") == 2
    later.drain()
    assert sorted(schema for schema, _at, _kwargs in ran) == ["t_alpha", "t_beta"]


def test_an_unknown_task_is_refused_when_it_is_asked_for(public_db):
    with pytest.raises(LookupError):
        later.later("test.unknown")


def test_processes_side_by_side_share_what_waits(public_db):
    for word in "abcdefgh":
        later.later("test.note", word=word)

    shares = [later.drain(share=(n, 2)) for n in range(2)]

    assert sum(shares) == 8
    assert all(shares)
    assert sorted(kwargs["word"] for _schema, _at, kwargs in ran) == list("abcdefgh")
