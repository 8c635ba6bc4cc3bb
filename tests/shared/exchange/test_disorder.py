"""Every adapter through every bad order: in the end all is as in the good one, and nothing had its effect twice."""

import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from kernel import audit
from kernel.access import Actor, Grant
from shared.exchange.models.messages import Message
from shared.exchange.operations import messages as exchange_messages
from shared.exchange.operations import reconciling
from shared.exchange.states import LIBRARY

STUBBORN = "they were told on the telephone"


def _end(world: Any, adapter: Any) -> tuple[Any, ...]:
    message = Message.objects.get(system=adapter.system)
    return (
        message.state,
        message.fault,
        message.next_at,
        adapter.done(),
        world.received_count(adapter.system, adapter.path),
    )


def _as_it_should(adapter: Any) -> tuple[Any, ...]:
    return "settled", "", None, adapter.good, 1


def test_in_good_order_it_is_sent_once_and_settled(world: Any, adapter: Any, at: datetime) -> None:
    message = adapter.ask()
    assert world.settle(message, at) == "settled"
    assert _end(world, adapter) == _as_it_should(adapter)
    assert [call[0] for call in world.transport.calls].count("POST") == 1


def test_asked_for_and_pushed_twice_it_is_one(world: Any, adapter: Any, at: datetime) -> None:
    message = adapter.ask()
    world.settle(message, at)
    world.push(message, at)
    world.push(message, at)
    assert _end(world, adapter) == _as_it_should(adapter)
    assert [call[0] for call in world.transport.calls].count("POST") == 1


def test_an_answer_that_is_late_is_waited_for(world: Any, adapter: Any, at: datetime) -> None:
    world.mood(adapter.system, late=0.2)
    message = adapter.ask()
    world.push(message, at)
    time.sleep(0.2)
    world.settle(message, at)
    assert _end(world, adapter) == _as_it_should(adapter)


@pytest.mark.parametrize("mood", [{"loses": 1}, {"breaks": 1}, {"loses": 2}, {"breaks": 3}])
def test_a_receipt_that_gets_lost_or_an_error_after_taking_sends_nothing_twice(
    world: Any, adapter: Any, at: datetime, mood: dict[str, int]
) -> None:
    world.mood(adapter.system, **mood)
    message = adapter.ask()
    assert world.push(message, at) == "sent"
    world.settle(message, at)
    assert _end(world, adapter) == _as_it_should(adapter)
    assert [call[0] for call in world.transport.calls].count("POST") == 1


def test_what_it_receipted_and_forgot_is_found_out_and_told_again(world: Any, adapter: Any, at: datetime) -> None:
    world.mood(adapter.system, forgets=1)
    message = adapter.ask()
    world.settle(message, at)
    row = Message.objects.get()
    reconciling.reconcile(system=row.system, kind=row.kind, at=at, real=row.real_at)
    discrepancy = row.discrepancies.first()
    if (
        discrepancy is not None and row.state == "settled"
    ):  # a kind whose receipt is its answer learns it from the lists
        reconciling.resolve(
            discrepancy_id=discrepancy.pk, why=STUBBORN, resend=True, by=_operator(), at=at, real=world.real
        )
        world.settle(message, at)
    row.refresh_from_db()
    if row.kind in ("institution", "result", "hours"):
        assert _end(world, adapter) == _as_it_should(adapter)
    else:  # nothing whole is kept to tell again: a person sends it anew from where it came
        assert (row.state, world.received_count(adapter.system, adapter.path)) == ("settled", 0)


def _operator() -> Actor:
    return Actor(None, None, "演示员", 2, frozenset({Grant("platform_operator")}))


def test_silence_climbs_the_ladder_and_the_answer_is_taken_when_it_speaks(
    world: Any, adapter: Any, at: datetime
) -> None:
    world.mood(adapter.system, silent=True)
    message = adapter.ask()
    assert world.push(message, at) == "sent"
    assert world.push(message, at) == "sent"
    row = Message.objects.get()
    assert (row.faults, row.fault, row.next_at) == (2, "ReadTimeout", world.real + timedelta(minutes=5))
    world.mood(adapter.system)
    world.settle(message, at)
    assert _end(world, adapter) == _as_it_should(adapter)


def test_a_line_that_is_cut_loses_nothing(world: Any, adapter: Any, at: datetime) -> None:
    world.transport.cut = True
    message = adapter.ask()
    assert world.push(message, at) == "queued"
    world.transport.cut = False
    world.settle(message, at)
    assert _end(world, adapter) == _as_it_should(adapter)


def test_what_waits_for_a_system_that_was_down_is_due_with_its_first_answer(world: Any, at: datetime) -> None:
    world.transport.cut = True
    facts: dict[str, Any] = {"system": LIBRARY, "kind": "staff", "title": "-", "payload": {}, "as_of": at, "at": at}
    *waiting, last = [exchange_messages.send(key=f"staff-{n}", **facts) for n in range(4)]
    for message in waiting:
        world.push(message, at)
    rows = Message.objects.filter(pk__in=waiting)
    assert [(row.faults, row.next_at > world.real) for row in rows] == [(1, True)] * 3
    world.transport.cut = False
    assert world.push(last, at) == "settled"
    assert {row.next_at for row in rows.all()} == {world.real}


def test_at_the_end_of_the_ladder_a_person_sends_it_again(world: Any, adapter: Any, at: datetime) -> None:
    world.transport.cut = True
    message = adapter.ask()
    assert world.settle(message, at) == "given_up"
    row = Message.objects.get()
    assert (row.faults, row.next_at) == (6, None)
    world.transport.cut = False
    exchange_messages.send_again(message_id=message, why=STUBBORN, by=_operator(), at=at, real=world.real)
    world.settle(message, at)
    assert _end(world, adapter) == _as_it_should(adapter)


def test_killed_between_the_answer_and_the_commit_nothing_is_lost_or_doubled(
    world: Any, adapter: Any, at: datetime
) -> None:
    message = adapter.ask()
    world.transport.kill = True
    with pytest.raises(world.killed):
        world.push(message, at)
    assert (Message.objects.get().state, world.received_count(adapter.system, adapter.path)) == ("queued", 1)
    world.settle(message, at)
    assert _end(world, adapter) == _as_it_should(adapter)


def test_what_is_refused_says_why_and_is_not_asked_again(world: Any, adapter: Any, at: datetime) -> None:
    world.mood(adapter.system, refuses="身份信息不符")
    message = adapter.ask()
    assert world.settle(message, at) == "refused"
    row = Message.objects.get()
    assert (row.fault, row.next_at, world.received_count(adapter.system, adapter.path)) == ("身份信息不符", None, 0)
    assert audit.history(row)[-1].why == "身份信息不符"
    world.mood(adapter.system)
    if row.kind == "result":  # put right where it came from, and reported under a new number
        with pytest.raises(exchange_messages.SettledElsewhere):
            exchange_messages.send_again(message_id=message, why=STUBBORN, by=_operator(), at=at, real=world.real)
        return
    exchange_messages.send_again(message_id=message, why=STUBBORN, by=_operator(), at=at, real=world.real)
    world.settle(message, at)
    assert _end(world, adapter) == _as_it_should(adapter)


def test_a_wrong_signature_is_not_taken_there(world: Any, adapter: Any, at: datetime, settings: Any) -> None:
    settings.NUOXING_SYSTEM_SECRETS = {adapter.system: "another"}
    message = adapter.ask()
    world.push(message, at)
    assert (Message.objects.get().fault, world.received_count(adapter.system, adapter.path)) == ("HTTP 401", 0)
    settings.NUOXING_SYSTEM_SECRETS = {}
    world.settle(message, at)
    assert _end(world, adapter) == _as_it_should(adapter)


def test_the_ledger_shows_nobody_and_forgets_what_has_arrived(world: Any, adapter: Any, at: datetime) -> None:
    message = adapter.ask()
    world.settle(message, at)
    row = Message.objects.get()
    shown = str(row.payload) + str(row.answer) + row.title
    assert ("演示学员" in shown, "36010219950505211X" in shown, row.sealed) == (False, False, None)
