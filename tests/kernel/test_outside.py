"""What waits for an outside system goes when it answers; meanwhile one task at a time asks, and no other waits."""

from datetime import datetime, timedelta

import pytest

from kernel import clock, later, outside, tenancy, worker
from kernel.later import Where
from kernel.models import Outbox, OutsideSystem
from support import tampering

GATEWAY = "test-gateway"


class _Gateway:
    """Answers, or does not; refuses what is called "wrong" and fails on what is called "poison"."""

    def __init__(self) -> None:
        self.answers = True
        self.asked: list[str] = []
        self.refused: list[str] = []

    def take(self, word: str) -> None:
        self.asked.append(word)
        if not self.answers or word == "poison":
            raise ConnectionError("no route")
        if word == "wrong":
            raise ValueError("it says no")


gateway = _Gateway()


@later.task("outside.send", runs=Where.EVERYWHERE)
def _send(*, word: str, at: datetime) -> None:
    try:
        with outside.call(GATEWAY, faults=ConnectionError):
            gateway.take(word)
    except ValueError:
        gateway.refused.append(word)


@later.task("outside.other", runs=Where.EVERYWHERE)
def _other(*, at: datetime) -> None:
    gateway.asked.append("other")


@pytest.fixture(autouse=True)
def _new_gateway(public_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that answers, and pauses that no slow machine sits out."""
    gateway.answers = True
    gateway.asked.clear()
    gateway.refused.clear()
    monkeypatch.setattr(outside, "pause", lambda count, *, longest: timedelta(hours=1))


def _ask(*words: str) -> list[int]:
    return [later.later("outside.send", word=word) for word in words]


def _work() -> list[str]:
    """Let the worker work; return what the gateway was asked for meanwhile."""
    gateway.asked.clear()
    worker.work(seconds=60)
    return list(gateway.asked)


def _let_pauses_end() -> None:
    past = clock.real_now() - timedelta(seconds=1)
    OutsideSystem.objects.filter(faults__gt=0).update(probe_at=past)
    Outbox.objects.filter(done_at=None, not_before__isnull=False).update(not_before=past)


def _waiting() -> int:
    return Outbox.objects.filter(done_at=None, waits_for=GATEWAY).count()


def _go_down() -> None:
    gateway.answers = False
    _ask("a", "b", "c", "d", "e")
    assert _work() == ["a", "b", "c"]  # after three faults in a row nobody asks


def test_a_system_that_answers_leaves_no_trace() -> None:
    _ask("a", "b")
    assert _work() == ["a", "b"]
    assert not OutsideSystem.objects.exists()


def test_while_a_system_is_down_what_needs_it_waits_and_the_rest_does_not() -> None:
    _go_down()
    later.later("outside.other")
    _ask("f")
    assert _work() == ["other"]
    waiting = Outbox.objects.filter(done_at=None, waits_for=GATEWAY).order_by("pk")
    assert [(row.kwargs["word"], row.attempts) for row in waiting] == [("c", 1), ("d", 0), ("e", 0), ("f", 0)]


def test_one_at_a_time_asks_again_and_the_one_that_was_tried_least_is_first() -> None:
    _go_down()
    assert outside.release_waiting(real=clock.real_now()) == 0
    OutsideSystem.objects.update(probe_at=clock.real_now() - timedelta(seconds=1))
    assert outside.release_waiting(real=clock.real_now()) == 1
    assert _work() == ["d"]
    assert _waiting() == 3
    assert OutsideSystem.objects.get().faults == 4


def test_the_first_answer_lets_everything_go_at_once() -> None:
    _go_down()
    gateway.answers = True
    _let_pauses_end()
    worker.sweep(real=clock.real_now())
    assert sorted(_work()) == ["a", "b", "c", "d", "e"]
    assert not Outbox.objects.filter(task="outside.send", done_at=None).exists()
    system = OutsideSystem.objects.get()
    assert (system.faults, system.failing_since, system.probe_at) == (0, None, None)
    assert outside.failing() == []


def test_a_refusal_is_an_answer() -> None:
    _go_down()
    tampering.run("DELETE FROM kernel_outbox", "kernel_outbox")
    _ask("wrong")
    gateway.answers = True
    _let_pauses_end()
    assert _work() == ["wrong"]
    assert gateway.refused == ["wrong"]
    assert OutsideSystem.objects.get().faults == 0


def test_what_fails_by_itself_keeps_nobody_waiting() -> None:
    for n in range(8):
        _ask("poison", f"good {n}")
        assert _work() == ["poison", f"good {n}"]
    assert (_waiting(), OutsideSystem.objects.get().faults) == (0, 0)


def test_what_waits_for_a_system_that_has_answered_meanwhile_is_let_go() -> None:
    [number] = _ask("a")
    Outbox.objects.filter(pk=number).update(waits_for=GATEWAY)
    worker.sweep(real=clock.real_now())
    assert _work() == ["a"]


def test_a_task_is_given_up_when_a_system_has_failed_it_for_a_day() -> None:
    gateway.answers = False
    [number] = _ask("a")
    with tenancy.as_owner():
        Outbox.objects.filter(pk=number).update(created_at=clock.real_now() - timedelta(days=1, minutes=1))
    _work()
    assert Outbox.objects.get(pk=number).waits_for == "operator"
