"""The clock, the seats and the wire, for any values."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.attempts.methods import protocol
from tenants.attempts.methods import timing as timing_methods
from tenants.attempts.methods import tokens as token_methods
from tenants.attempts.methods.timing import Timing, Verdict
from tenants.attempts.methods.tokens import Token
from tenants.sittings.methods import seating

START = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
TWO_HOURS = timedelta(hours=2)
spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=5))
steps = st.lists(st.tuples(st.sampled_from(["work", "hold", "grant"]), st.integers(1, 5000)), max_size=30)


def test_nothing_ends_before_it_started() -> None:
    assert timing_methods.deadline(Timing("checked_in", None, TWO_HOURS), START) is None


@given(added=spans, held=spans)
def test_the_deadline_is_the_start_and_all_its_parts(added: timedelta, held: timedelta) -> None:
    timing = Timing("started", START, TWO_HOURS, added, held)
    assert timing_methods.deadline(timing, START + timedelta(days=9)) == START + TWO_HOURS + added + held


@given(steps=steps)
def test_whatever_holds_and_grants_come_the_time_to_work_is_exactly_what_was_given(
    steps: list[tuple[str, int]],
) -> None:
    now, added, held, worked, granted = START, timedelta(), timedelta(), timedelta(), timedelta()
    for kind, seconds in steps:
        span = timedelta(seconds=seconds)
        if kind == "grant":
            added += span
            granted += span
        elif kind == "hold":
            before = timing_methods.deadline(Timing("started", START, TWO_HOURS, added, held), now)
            during = timing_methods.deadline(Timing("on_hold", START, TWO_HOURS, added, held, now), now + span)
            assert before is not None
            assert during == before + span
            now, held = now + span, held + span
        else:
            now, worked = now + span, worked + span
    ends = timing_methods.deadline(Timing("started", START, TWO_HOURS, added, held), now)
    assert ends is not None
    assert ends - now == TWO_HOURS + granted - worked


def test_a_clock_that_goes_back_during_a_hold_takes_no_time_away() -> None:
    timing = Timing("on_hold", START, TWO_HOURS, held_since=START + timedelta(minutes=10))
    assert timing_methods.deadline(timing, START) == START + TWO_HOURS


@pytest.mark.parametrize(
    ("state", "after", "epoch", "verdict"),
    [
        ("started", timedelta(minutes=1), 3, Verdict.ACCEPTED),
        ("started", TWO_HOURS, 3, Verdict.ACCEPTED),
        ("started", TWO_HOURS + timing_methods.SAVE_GRACE, 3, Verdict.ACCEPTED),
        ("started", TWO_HOURS + timing_methods.SAVE_GRACE + timedelta(seconds=1), 3, Verdict.CLOSED),
        ("started", timedelta(minutes=1), 2, Verdict.SUPERSEDED),
        ("started", timedelta(minutes=1), 4, Verdict.SUPERSEDED),
        ("scored", timedelta(minutes=1), 3, Verdict.CLOSED),
        ("annulled", timedelta(minutes=1), 3, Verdict.CLOSED),
    ],
)
def test_a_save_is_judged_by_lease_state_and_clock(state: str, after: timedelta, epoch: int, verdict: Verdict) -> None:
    timing = Timing(state, START, TWO_HOURS)
    assert timing_methods.judge(timing, START + after, epoch=epoch, lease_epoch=3) == verdict


@pytest.mark.parametrize("state", ["prepared", "checked_in"])
def test_nothing_is_saved_before_the_start(state: str) -> None:
    assert timing_methods.judge(Timing(state, None, TWO_HOURS), START, epoch=1, lease_epoch=1) == Verdict.NOT_STARTED


def test_a_hold_lets_in_what_was_under_way_and_then_nothing() -> None:
    timing = Timing("on_hold", START, TWO_HOURS, held_since=START + timedelta(minutes=1))
    soon, later = (
        timing.held_since + timing_methods.HOLD_GRACE,
        timing.held_since + timing_methods.HOLD_GRACE + timedelta(seconds=1),
    )  # type: ignore[operator]
    assert timing_methods.judge(timing, soon, epoch=1, lease_epoch=1) == Verdict.ACCEPTED
    assert timing_methods.judge(timing, later, epoch=1, lease_epoch=1) == Verdict.HELD


@given(seed=st.text(max_size=20), names=st.sets(st.text(min_size=1, max_size=8), max_size=30), spare=st.integers(0, 20))
def test_everybody_gets_a_seat_of_their_own_and_the_same_seed_the_same_seats(
    seed: str, names: set[str], spare: int
) -> None:
    seats = len(names) + spare
    found = seating.seats_for(seed, sorted(names), seats)
    assert set(found) == names
    assert len(set(found.values())) == len(names)
    assert all(1 <= seat <= seats for seat in found.values())
    assert seating.seats_for(seed, sorted(names, reverse=True), seats) == found


def test_more_people_than_seats_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        seating.seats_for("s", ["a", "b"], 1)


GOOD = {"seq": 7, "question": "12", "choice": "AC", "client_at": "2026-03-03T09:00:00+08:00"}


def test_a_save_is_read_as_it_was_sent() -> None:
    save = protocol.read_save(
        json.dumps({"epoch": 2, "answers": [GOOD, GOOD | {"seq": 8, "question": "71.a", "choice": ""}]}).encode()
    )
    assert save.epoch == 2
    assert [(a.seq, a.question, a.choice) for a in save.answers] == [(7, "12", "AC"), (8, "71.a", "")]
    assert save.answers[0].client_at == datetime(2026, 3, 3, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "changed",
    [
        {"seq": 0},
        {"seq": "7"},
        {"seq": True},
        {"seq": 10**9},
        {"question": "0"},
        {"question": "12; DROP"},
        {"question": 12},
        {"choice": "a"},
        {"choice": "ABCDEFGHI"},
        {"choice": None},
        {"choice": "A\u0000"},
        {"client_at": "yesterday"},
        {"client_at": "2026-03-03T09:00:00"},
        {"client_at": None},
        {"client_at": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_an_answer_that_is_not_by_the_protocol_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(protocol.BadRequest):
        protocol.read_save(json.dumps({"epoch": 1, "answers": [GOOD | changed]}).encode())


@pytest.mark.parametrize(
    "body", [b"", b"no", b"[]", b"{}", b'{"epoch":1,"answers":[]}', b'{"epoch":1,"answers":[1]}', b"\xff", b"[" * 5000]
)
def test_a_body_that_is_no_save_is_refused(body: bytes) -> None:
    with pytest.raises(protocol.BadRequest):
        protocol.read_save(body)


@given(raw=st.binary(max_size=200))
def test_whatever_bytes_come_they_are_read_or_refused(raw: bytes) -> None:
    for read in (protocol.read_save, protocol.read_finish):
        try:
            read(raw)
        except protocol.BadRequest:
            continue


def test_a_token_says_what_it_was_minted_with_until_it_expires() -> None:
    token = Token(uuid4(), 3, "t_alpha", START + timedelta(hours=4))
    text = token_methods.mint(token)
    assert token_methods.read_token(text, START) == token
    with pytest.raises(token_methods.BadToken):
        token_methods.read_token(text, START + timedelta(hours=4))


@pytest.mark.parametrize(
    "spoil",
    [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: "x" + t, lambda t: "", lambda t: t.split(":")[0]],
)
def test_a_token_that_was_changed_says_nothing(spoil: Any) -> None:
    text = token_methods.mint(Token(uuid4(), 3, "t_alpha", START + timedelta(hours=4)))
    with pytest.raises(token_methods.BadToken):
        token_methods.read_token(spoil(text), START)


@pytest.mark.parametrize(
    ("state", "sitting_running", "word"),
    [
        ("prepared", True, "waiting"),
        ("checked_in", False, "admitted"),
        ("checked_in", True, "ready"),
        ("started", True, "started"),
        ("on_hold", True, "held"),
        ("scored", True, "finished"),
        ("absent", True, "finished"),
    ],
)
def test_a_page_is_told_one_of_five_words(state: str, sitting_running: bool, word: str) -> None:
    assert protocol.page_state(state, sitting_running=sitting_running) == word
