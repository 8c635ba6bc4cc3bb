"""How learning is credited, in pure values: each second once, whatever pages report and in whatever order."""

import uuid
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kernel.clock import CHINA, legal_day
from tenants.courses import methods as course_methods
from tenants.courses.methods import Credit, CreditState, EnteredHours, HeartbeatValue
from tenants.courses.states import Stop

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
SESSIONS = [uuid.UUID(int=n) for n in range(1, 4)]
SEAT, LESSON = uuid.UUID(int=10), uuid.UUID(int=20)


def heartbeat(
    seconds_in: float,
    claimed_seconds: int = 15,
    *,
    session: int = 0,
    began: float = 0,
    lesson: uuid.UUID = LESSON,
    lesson_seconds: int = 36_000,
    day_seconds: int | None = None,
) -> HeartbeatValue:
    return HeartbeatValue(
        key=0,
        session=SESSIONS[session],
        began=BEGAN + timedelta(seconds=began),
        participant=SEAT,
        lesson=lesson,
        at=BEGAN + timedelta(seconds=seconds_in),
        claimed_seconds=claimed_seconds,
        longest=course_methods.LONGEST_HEARTBEAT,
        lesson_seconds=lesson_seconds,
        day_seconds=day_seconds,
    )


def credited(*rows: HeartbeatValue | EnteredHours) -> list[tuple[int, str]]:
    return [(given.seconds, given.stop.value) for _row, given in course_methods.recompute(rows)]


def test_honest_heartbeats_are_credited_in_full() -> None:
    assert credited(*(heartbeat(15 * n) for n in range(1, 5))) == [(15, "")] * 4


def test_a_slow_line_loses_nothing_when_the_next_heartbeat_comes_early() -> None:
    assert credited(heartbeat(15), heartbeat(33), heartbeat(45), heartbeat(60)) == [(15, "")] * 4


def test_more_than_has_passed_is_not_credited() -> None:
    assert credited(heartbeat(10, 15), heartbeat(20, 600)) == [(10, "ahead"), (10, "ahead")]


def test_a_page_left_open_is_credited_with_one_heartbeat_s_worth() -> None:
    assert credited(heartbeat(3600, 3600)) == [(60, "silent")]


def test_two_windows_count_the_same_second_once() -> None:
    one, two = heartbeat(30, 30, session=0), heartbeat(31, 30, session=1)
    assert credited(one, two) == [(30, ""), (1, "elsewhere")]


def test_a_lesson_is_worth_its_seconds_and_says_that_it_is_complete() -> None:
    rows = [heartbeat(15 * n, lesson_seconds=40) for n in range(1, 5)]
    assert credited(*rows) == [(15, ""), (15, ""), (10, "lesson_full"), (0, "lesson_full")]


def test_a_day_holds_no_more_than_its_limit_whatever_fills_it() -> None:
    hours = EnteredHours(0, SEAT, legal_day(BEGAN), 3580)
    rows = [heartbeat(15 * n, day_seconds=3600) for n in range(1, 4)]
    assert credited(hours, *rows) == [(3580, ""), (15, ""), (5, "day_full"), (0, "day_full")]


def test_the_next_legal_day_begins_at_midnight_in_china() -> None:
    evening = 15 * 3600 - 20  # 23:59:40
    rows = [heartbeat(evening + 15 * n, began=evening, day_seconds=15) for n in range(1, 4)]
    assert credited(*rows) == [(15, "day_full"), (15, "day_full"), (0, "day_full")]


def test_a_heartbeat_from_the_past_is_worth_nothing() -> None:
    assert credited(heartbeat(60, 60), heartbeat(30, 30)) == [(60, ""), (0, "ahead")]


heartbeats = st.lists(
    st.builds(
        heartbeat,
        st.floats(min_value=0, max_value=4000, allow_nan=False),
        st.integers(min_value=0, max_value=100_000),
        session=st.integers(min_value=0, max_value=2),
        lesson_seconds=st.sampled_from([60, 600, 36_000]),
        day_seconds=st.sampled_from([None, 300, 36_000]),
    ),
    max_size=40,
)


@given(heartbeats)
def test_no_order_or_overlap_credits_more_than_the_time_that_passed(rows: list[HeartbeatValue]) -> None:
    given = [c for _row, c in course_methods.recompute(rows)]
    total = sum(c.seconds for c in given)
    last = max((row.at for row in rows), default=BEGAN)
    assert total <= (last - BEGAN).total_seconds() + 1
    for row, one in zip(rows, given, strict=True):
        assert 0 <= one.seconds <= min(row.claimed_seconds, row.longest)
        assert one.stop in Stop


@given(heartbeats)
def test_limits_hold_after_every_heartbeat(rows: list[HeartbeatValue]) -> None:
    lesson = day = 0
    for row, one in course_methods.recompute(rows):
        assert isinstance(row, HeartbeatValue)
        assert lesson + one.seconds <= max(lesson, row.lesson_seconds)
        if row.day_seconds is not None:
            assert day + one.seconds <= max(day, row.day_seconds)
        lesson += one.seconds
        day += one.seconds


@given(heartbeats, st.data())
def test_duplicates_add_nothing(rows: list[HeartbeatValue], data: st.DataObject) -> None:
    if not rows:
        return
    twice = data.draw(st.sampled_from(rows))
    once = sum(c.seconds for _row, c in course_methods.recompute(rows))
    again = sum(c.seconds for _row, c in course_methods.recompute([*rows, twice]))
    assert once <= again <= once + course_methods.SLACK.seconds + 1


@given(heartbeats)
def test_crediting_one_by_one_is_recomputing(rows: list[HeartbeatValue]) -> None:
    state, live = CreditState(), []
    for row in rows:
        given = course_methods.credit(state, row)
        course_methods.take(state, row, given)
        live.append(given)
    assert live == [given for _row, given in course_methods.recompute(rows)]


@given(st.integers(min_value=1, max_value=86_400), st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 12, 31)))
def test_entered_hours_count_as_they_are(seconds: int, day: date) -> None:
    assert [c for _row, c in course_methods.recompute([EnteredHours(0, SEAT, day, seconds)])] == [
        Credit(seconds, Stop.NONE)
    ]
