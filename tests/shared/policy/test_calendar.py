"""Terms as the database knows them: overrides entered by the authority, provisional ends, the running clock."""

from datetime import date, datetime

import pytest
from django.utils import translation

from kernel.access import SYSTEM
from shared.policy import operations, queries

pytestmark = pytest.mark.usefixtures("public_db")


def test_a_term_begun_late_at_night_begins_on_its_day_in_china(at: datetime) -> None:
    assert queries.due_after(at.replace(hour=23, minute=59), 5).date == date(2026, 3, 9)
    assert queries.due_after(date(2026, 4, 29), 5).date == date(2026, 5, 9)


def test_an_override_moves_the_end_and_makes_a_provisional_one_certain(at: datetime) -> None:
    start = date(2026, 12, 30)
    before = queries.due_after(start, 3)
    assert (before.date, before.provisional) == (date(2027, 1, 5), True)
    for day, working in [(1, False), (2, False), (3, True), (4, True), (5, True)]:
        operations.set_day(day=date(2027, 1, day), working=working, source="国办发明电（演示）", by=SYSTEM, at=at)
    after = queries.due_after(start, 3)
    assert (after.date, after.provisional) == (date(2027, 1, 4), False)
    assert after.made_up == (date(2027, 1, 3),)


def test_a_day_said_twice_is_as_it_was_said_last(at: datetime) -> None:
    for working in (False, True):
        operations.set_day(day=date(2026, 3, 7), working=working, source="演示", by=SYSTEM, at=at)
    assert queries.due_after(date(2026, 3, 6), 1).date == date(2026, 3, 7)


def test_a_provisional_term_keeps_the_holidays_that_the_law_names() -> None:
    due = queries.due_after(date(2027, 2, 4), 1)
    assert (due.date, due.provisional) == (date(2027, 2, 9), True)


@pytest.mark.parametrize(("today", "left"), [(date(2026, 5, 6), 3), (date(2026, 5, 9), 0), (date(2026, 5, 12), -2)])
def test_a_running_term_says_what_is_left_and_which_days_count(today: date, left: int) -> None:
    with translation.override("en"):
        term = queries.term(date(2026, 4, 29), 5, now=today, rule="赣建培〔2020〕1号 二（一）")
    assert (term.left, term.total, term.due, term.provisional) == (left, 5, date(2026, 5, 9), False)
    assert queries.working_days_left(today, date(2026, 5, 9)) == left
    assert [(day.date.day, day.counted, day.note) for day in term.days] == [
        (30, True, ""), (1, False, "public holiday"), (2, False, ""), (3, False, ""), (4, False, "public holiday"),
        (5, False, "public holiday"), (6, True, ""), (7, True, ""), (8, True, ""), (9, True, "make-up working day"),
    ]  # fmt: skip
