"""Open terms are counted again when the calendar becomes known or is corrected; what is over stays as it was."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kernel import audit
from kernel.access import SYSTEM
from shared.policy.operations import calendar
from shared.registry.operations import publicity, terms
from shared.registry.queries import commitments
from support.commitments import Life

LATE = datetime(2026, 12, 30, 1, 0, tzinfo=UTC)  # a Wednesday: whatever is counted from here reaches into 2027
PLAN = "2027-01-01..2027-01-05 off\n2027-01-09 work"


@pytest.fixture
def late(public_db: None, as_actor: Callable[..., Any]) -> Any:
    """Bring a commitment through its life at the end of a year whose successor is not planned yet."""
    return Life(LATE, as_actor)


def plan(at: datetime, text: str = PLAN) -> None:
    calendar.enter_plan(year=2027, text=text, source="国办发明电演示", by=SYSTEM, at=at)


def test_a_provisional_verification_becomes_certain_with_the_plan_and_says_so_in_its_life(late: Any) -> None:
    row = late.submitted()
    assert (row.due_on, row.provisional) == (date(2027, 1, 14), True)
    plan(late.after(1))
    assert terms.recount_terms(at=late.after(1)) == 1
    row.refresh_from_db()
    # 31 December, then 6-8 January, Saturday the 9th, 11-15: the days up to the 5th are off by the plan
    assert (row.due_on, row.provisional) == (date(2027, 1, 15), False)
    assert [note.verb for note in audit.history(row)][-1] == "commitment.recounted"
    assert commitments.clock(row, late.after(1)).due == row.due_on  # type: ignore[union-attr]
    assert terms.recount_terms(at=late.after(1)) == 0


def test_a_provisional_notice_is_not_closed_before_the_day_that_the_plan_gives_it(late: Any) -> None:
    row = late.under_notice()
    notice = late.notice(row)
    assert (notice.due_on, notice.provisional) == (date(2027, 1, 7), True)
    plan(late.after(1), "2027-01-01..2027-01-06 off")
    on_the_8th = datetime(2027, 1, 8, 2, 0, tzinfo=UTC)
    assert publicity.close_notices(at=on_the_8th) == 0
    assert terms.recount_terms(at=late.after(2)) == 1
    notice = late.notice(row)
    assert (notice.due_on, notice.provisional) == (date(2027, 1, 12), False)
    assert publicity.close_notices(at=datetime(2027, 1, 12, 2, 0, tzinfo=UTC)) == 0
    assert publicity.close_notices(at=datetime(2027, 1, 13, 2, 0, tzinfo=UTC)) == 1


def test_a_day_that_becomes_off_moves_open_terms_and_leaves_those_that_are_over(life: Any) -> None:
    row = life.submitted()
    assert row.due_on == date(2026, 3, 16)
    calendar.set_day(day=date(2026, 3, 5), working=False, source="赣府演示1号", by=SYSTEM, at=life.at)
    assert terms.recount_terms(at=life.at) == 1
    row.refresh_from_db()
    assert row.due_on == date(2026, 3, 17)
    over = life.after(30)
    calendar.set_day(day=date(2026, 3, 6), working=False, source="赣府演示2号", by=SYSTEM, at=over)
    assert terms.recount_terms(at=over) == 0
