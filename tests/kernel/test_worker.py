"""The worker takes the most urgent first, and takes up what another left when its session ended."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection, transaction

from kernel import clock, later, outside, retries, tenancy, worker
from kernel.later import Priority, Where
from kernel.models import Outbox
from support import committed, tampering

PATIENCE_SECONDS = 30.0
ran: list[str] = []


class _Killed(Exception):
    """The worker's process is gone."""


@later.task("worker.note", runs=Where.EVERYWHERE)
def _note(*, word: str, at: datetime) -> None:
    ran.append(word)


@later.task("worker.archive", runs=Where.PLATFORM, priority=Priority.LONG)
def _archive(*, word: str, at: datetime) -> None:
    ran.append(word)


@later.task("worker.bulk", runs=Where.PLATFORM, priority=Priority.BULK)
def _bulk(*, number: int, at: datetime) -> None:
    ran.append(f"bulk {number}")
    if number == 1:
        later.later("worker.note", word="code", priority=Priority.URGENT)


@pytest.fixture(autouse=True)
def _empty() -> None:
    ran.clear()


@pytest.fixture
def public_committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The shared schema in committed transactions, which leave nothing behind."""
    with committed.committing(django_db_blocker):
        yield


def _elsewhere(act: Callable[[], Any]) -> Any:
    """Do something as another process would, on a session of its own."""

    def run() -> Any:
        try:
            tenancy.enter(None)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def _die_at_work() -> int | None:
    """Take a row and lose the session; return the row's number."""
    number = None
    try:
        with worker.taking() as row:
            number = row.pk if row is not None else None
            connection.connection.close()  # the session itself, which a pool would keep with its locks
            connection.close()
            raise _Killed
    except _Killed:
        return number


@contextmanager
def _taken_again() -> Iterator[Outbox]:
    """Take a row once the database has seen that its session is gone; afterwards nobody has taken it."""
    until = monotonic() + PATIENCE_SECONDS
    while monotonic() < until:
        with worker.taking() as row:
            if row is not None:
                yield row
                Outbox.objects.filter(pk=row.pk).update(taken_at=None)
                return
        sleep(0.05)
    raise AssertionError(f"nothing was taken of {list(Outbox.objects.values())}")


def _ask(word: str, **how: Any) -> int:
    return later.later("worker.note", word=word, **how)


def test_the_most_urgent_is_first_and_among_equals_the_oldest(public_db: None) -> None:
    for word, priority in (("b1", 2), ("n1", 1), ("u1", 0), ("b2", 2), ("u2", 0), ("n2", 1)):
        _ask(word, priority=priority)
    assert worker.work(seconds=60) is False
    assert ran == ["u1", "u2", "n1", "n2", "b1", "b2"]


def test_a_code_waits_for_one_bulk_message_at_most(public_db: None) -> None:
    for number in range(200):
        later.later("worker.bulk", number=number)
    assert worker.work(seconds=120) is False
    assert ran[:4] == ["bulk 0", "bulk 1", "code", "bulk 2"]
    assert len(ran) == 201


def test_what_was_for_later_comes_in_its_turn_once_it_is_due(public_db: None) -> None:
    now = clock.real_now()
    _ask("normal")
    _ask("was due", not_before=now - timedelta(seconds=5), priority=Priority.URGENT)
    _ask("not due", not_before=now + timedelta(hours=1), priority=Priority.URGENT)
    worker.work(seconds=60)
    assert ran == ["was due", "normal"]


def test_a_task_whose_worker_died_is_taken_up_and_has_not_failed(public_committed: None) -> None:
    number = _ask("in flight")
    for lost in (1, 2):
        assert _elsewhere(_die_at_work) == number
        with _taken_again() as row:
            assert (row.pk, row.lost_attempts, row.attempts, row.not_before) == (number, lost, 0, None)
    assert worker.work(seconds=60) is False
    assert ran == ["in flight"]
    row = Outbox.objects.get(pk=number)
    assert (row.attempts, row.error, row.done_at is not None) == (1, "", True)


def test_a_task_that_kills_its_worker_stands_back_and_is_given_up_in_the_end(public_db: None) -> None:
    number = _ask("killer", priority=Priority.URGENT)
    for lost in range(1, retries.MAX_LOST + 1):
        Outbox.objects.filter(pk=number).update(taken_at=clock.real_now(), not_before=None)
        later.later("worker.note", word=f"other {lost}")
        with worker.taking() as row:
            assert row is not None
            if lost <= retries.LOST_AT_ONCE:
                assert (row.pk, row.lost_attempts) == (number, lost)
            else:  # it stands back, and another is taken in its place
                assert row.pk != number
        tampering.run(f"DELETE FROM kernel_outbox WHERE id <> {number}", "kernel_outbox")
    killer = Outbox.objects.get(pk=number)
    assert (killer.waits_for, killer.attempts) == (retries.OPERATOR, 0)
    assert killer.error == f"its worker died {retries.MAX_LOST} times"
    assert worker.work() is False
    assert ran == []


def test_what_another_has_in_hand_is_left_to_it(public_committed: None) -> None:
    first, _second = _ask("first"), _ask("second")
    with worker.taking() as row:
        assert row is not None
        assert row.pk == first
        _elsewhere(lambda: worker.work(seconds=60))
        assert ran == ["second"]
    assert Outbox.objects.get(pk=first).lost_attempts == 0


def test_two_workers_do_everything_once(public_committed: None) -> None:
    for number in range(40):
        _ask(str(number))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _n: _closing(lambda: worker.work(seconds=60)), range(2)))
    assert sorted(ran, key=int) == [str(number) for number in range(40)]


def _closing(act: Callable[[], Any]) -> Any:
    try:
        tenancy.enter(None)
        return act()
    finally:
        connection.close()


def test_what_takes_long_leaves_the_others_to_what_is_short(public_committed: None) -> None:
    for word in ("one", "two"):
        later.later("worker.archive", word=word)
    with worker.taking() as row:
        assert row is not None
        assert row.task == "worker.archive"
        _ask("short")
        _elsewhere(lambda: worker.work(seconds=60))
        assert ran == ["short"]
    worker.work(seconds=60)
    assert ran == ["short", "one", "two"]


def test_pauses_double_with_a_little_chance_up_to_the_longest() -> None:
    for count, seconds in ((1, 1), (2, 2), (5, 16), (9, 256), (12, 300), (400, 300)):
        pauses = [outside.pause(count, longest=300.0).total_seconds() for _n in range(50)]
        assert seconds / 2 <= min(pauses)
        assert max(pauses) <= seconds
        assert len(set(pauses)) > 1


def test_what_fails_for_good_is_given_up_and_an_operator_starts_it_afresh(public_db: None) -> None:
    row = Outbox.objects.get(pk=_ask("x"))
    for _n in range(retries.MAX_ATTEMPTS):
        retries.note_failure(row.pk, RuntimeError("a fault of ours"))
    row.refresh_from_db()
    assert (row.attempts, row.waits_for) == (retries.MAX_ATTEMPTS, retries.OPERATOR)
    assert worker.ready(real=clock.real_now() + timedelta(days=1)) == []


def test_a_row_locked_by_an_act_by_hand_does_not_hold_up_the_worker(public_committed: None) -> None:
    first = _ask("by hand")
    _ask("second")
    with transaction.atomic():
        Outbox.objects.select_for_update().get(pk=first)
        _elsewhere(lambda: worker.work(seconds=60))
        assert ran == ["second"]
