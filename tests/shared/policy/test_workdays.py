"""Working days: the vectors of real years, make-up weekends, years without a plan, overrides."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.values.reading import read
from shared.policy.values.workdays import Holidays, add_working_days, is_working, published, working_days_left

PACKS = Path(__file__).parents[3] / "platform/shared/policy/packs"
VECTORS = [
    (date(2020, 1, 15), date(2020, 1, 21), date(2020, 2, 5)),
    (date(2021, 2, 5), date(2021, 2, 18), date(2021, 2, 24)),
    (date(2024, 2, 2), date(2024, 2, 8), date(2024, 2, 21)),
    (date(2025, 1, 20), date(2025, 1, 26), date(2025, 2, 8)),
    (date(2025, 9, 24), date(2025, 9, 30), date(2025, 10, 14)),
    (date(2026, 2, 10), date(2026, 2, 24), date(2026, 3, 2)),
    (date(2026, 9, 24), date(2026, 10, 9), date(2026, 10, 15)),
    (date(2026, 4, 29), date(2026, 5, 9), date(2026, 5, 15)),
    (date(2026, 12, 16), date(2026, 12, 23), date(2026, 12, 30)),
]
HOLIDAYS = Holidays(frozenset({(1, 1), (5, 1), (5, 2), (10, 1)}), frozenset({date(2027, 2, 5), date(2027, 2, 8)}))
NATIONAL = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]
ALMANAC = [(2, 5), (2, 6), (2, 7), (2, 8), (4, 5), (6, 9), (9, 15)]
LAW = Holidays(frozenset(NATIONAL), frozenset(date(2027, *day) for day in ALMANAC), in_lieu=True)
days = st.dates(date(2003, 1, 1), date(2031, 12, 31))
numbers = st.integers(0, 40)
overrides = st.dictionaries(days, st.sampled_from(["off", "work"]), max_size=6)


@pytest.mark.parametrize(("start", "five", "ten"), VECTORS)
def test_terms_end_where_the_real_calendar_ends_them(start: date, five: date, ten: date) -> None:
    assert [add_working_days(start, n, {}).date for n in (5, 10)] == [five, ten]
    assert not add_working_days(start, 10, {}).provisional
    assert working_days_left(start, ten, {}) == 10


def test_a_make_up_weekend_is_counted_and_named() -> None:
    due = add_working_days(date(2026, 4, 29), 5, {})
    assert due.counted == (date(2026, 4, 30), date(2026, 5, 6), date(2026, 5, 7), date(2026, 5, 8), date(2026, 5, 9))
    assert due.made_up == (date(2026, 5, 9),)


def test_no_days_end_on_the_day_of_the_event() -> None:
    assert add_working_days(date(2026, 5, 2), 0, {}).date == date(2026, 5, 2)


def test_a_negative_term_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 5, 2), -1, {})


def test_a_year_without_a_plan_is_provisional_and_keeps_the_law_s_own_holidays() -> None:
    due = add_working_days(date(2027, 2, 3), 3, {}, holidays=HOLIDAYS)
    assert (due.date, due.provisional) == (date(2027, 2, 10), True)
    assert due.counted == (date(2027, 2, 4), date(2027, 2, 9), date(2027, 2, 10))


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2026, 12, 31), date(2027, 1, 4)),
        (date(2027, 2, 4), date(2027, 2, 11)),
        (date(2027, 4, 30), date(2027, 5, 5)),
        (date(2027, 9, 30), date(2027, 10, 6)),
        (date(2027, 12, 31), date(2028, 1, 4)),
        (date(2028, 9, 29), date(2028, 10, 5)),
    ],
)
def test_a_holiday_at_a_weekend_is_given_on_a_working_day_after_it(start: date, due: date) -> None:
    end = add_working_days(start, 1, {}, holidays=LAW)
    assert (end.date, end.provisional) == (due, True)
    assert working_days_left(start, due, {}, holidays=LAW) == 1


def test_a_day_in_lieu_counts_for_nothing_where_the_plan_is_known() -> None:
    assert is_working(date(2027, 2, 9), {}, LAW) == (False, True)
    assert is_working(date(2027, 2, 9), {}, LAW, planned=(2027,)) == (True, False)
    assert is_working(date(2027, 2, 9), {date(2027, 2, 9): "work"}, LAW) == (True, False)
    assert is_working(date(2026, 10, 8), {}, LAW) == (True, False)


def test_the_shipped_packs_give_days_in_lieu() -> None:
    shipped = [read(file.read_text()).pack for file in sorted(PACKS.glob("*.toml"))]
    assert [pack.holidays for pack in shipped] == [LAW, LAW]


def test_a_term_over_the_end_of_the_known_years_is_provisional_from_there_only() -> None:
    assert not add_working_days(date(2026, 12, 17), 10, {}).provisional
    over = add_working_days(date(2026, 12, 18), 10, {}, holidays=HOLIDAYS)
    assert (over.date, over.provisional) == (date(2027, 1, 4), True)


def test_an_override_is_certain_and_wins() -> None:
    assert is_working(date(2027, 3, 1), {date(2027, 3, 1): "off"}) == (False, False)
    assert is_working(date(2026, 3, 7), {date(2026, 3, 7): "work"}) == (True, False)
    assert add_working_days(date(2026, 3, 2), 2, {date(2026, 3, 3): "off"}).date == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 3, 2), 5),
        (date(2026, 3, 6), 1),
        (date(2026, 3, 8), 1),
        (date(2026, 3, 9), 0),
        (date(2026, 3, 12), -3),
    ],
)
def test_what_is_left_falls_to_nought_on_the_last_day_and_below_after_it(today: date, left: int) -> None:
    assert working_days_left(today, date(2026, 3, 9), {}) == left


@given(days, numbers, overrides)
def test_exactly_so_many_working_days_are_counted(start: date, number: int, changed: dict[date, str]) -> None:
    due = add_working_days(start, number, changed, holidays=HOLIDAYS)  # type: ignore[arg-type]
    assert len(due.counted) == number
    assert all(start < day <= due.date for day in due.counted)
    assert all(is_working(day, changed, HOLIDAYS)[0] for day in due.counted)  # type: ignore[arg-type]
    assert due.date == (due.counted[-1] if number else start)
    assert working_days_left(start, due.date, changed, holidays=HOLIDAYS) == number  # type: ignore[arg-type]


@given(days, numbers, st.integers(0, 20), st.integers(0, 30))
def test_a_longer_term_and_a_later_start_never_end_earlier(start: date, number: int, more: int, later: int) -> None:
    due = add_working_days(start, number, {}).date
    assert add_working_days(start, number + more, {}).date >= due
    assert add_working_days(start + timedelta(days=later), number, {}).date >= due


@given(days, numbers, numbers)
def test_a_term_in_two_parts_ends_with_the_whole(start: date, first: int, second: int) -> None:
    whole = add_working_days(start, first + second, {}).date
    assert add_working_days(add_working_days(start, first, {}).date, second, {}).date == whole


@given(days, st.integers(-60, 60))
def test_what_is_left_one_way_is_overdue_the_other(today: date, apart: int) -> None:
    due = today + timedelta(days=apart)
    assert working_days_left(today, due, {}) == -working_days_left(due, today, {})


@given(days, st.integers(1, 30))
def test_a_term_is_provisional_only_where_a_day_beyond_the_known_plans_was_judged(start: date, number: int) -> None:
    due = add_working_days(start, number, {})
    assert due.provisional == (due.date > date(2026, 12, 31) or start < date(2003, 12, 31))


def _asked(day: date, changed: dict[date, str], planned: frozenset[int]) -> tuple[bool, bool]:
    """Return what the package itself says of a day, as `is_working` once asked it at every call."""
    if day in changed:
        return changed[day] == "work", False
    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:
        return day.weekday() < 5 and (day.year in planned or day not in HOLIDAYS), day.year not in planned


def test_every_published_day_is_as_the_package_says() -> None:
    first, last = published().first, published().last
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert len(every) > 8_000
    assert [day for day in every if is_working(day, {})[0] != chinese_calendar.is_workday(day)] == []


@given(days, overrides, st.frozensets(st.integers(2003, 2031), max_size=3))
def test_any_day_is_as_it_was_when_the_package_was_asked(
    day: date, changed: dict[date, str], planned: frozenset[int]
) -> None:
    assert is_working(day, changed, HOLIDAYS, planned) == _asked(day, changed, planned)  # type: ignore[arg-type]
