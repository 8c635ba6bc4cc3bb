"""Rate limits: so often in a window and no more, told to the operator, each caller by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel import rates
from kernel.models import ReachedLimit
from kernel.rates import Rate
from kernel.web import limits
from kernel.web.limits import TooMany

NOON = datetime(2026, 3, 2, 12, 0, 10, tzinfo=UTC)
LIMITS = rates.read_all("2/m, 3/h")


def _consume(who: str = "203.0.113.7", real: datetime = NOON) -> int | None:
    """Return None where it was let through, else in how many seconds to come again."""
    try:
        limits.consume("tries", who, LIMITS, real=real)
    except TooMany as refusal:
        return refusal.retry_after
    return None


def test_a_rate_is_read_as_people_write_it() -> None:
    assert rates.read_all("20/m,5/30s, 2/d") == (Rate(20, 60), Rate(5, 30), Rate(2, 86400))
    for wrong in ("20", "0/m", "x/m", "5/week", "5/"):
        with pytest.raises(ValueError, match=r"."):
            rates.read_all(wrong)


def test_over_the_limit_is_refused_until_the_window_ends(public_db: None) -> None:
    assert [_consume() for _n in range(4)] == [None, None, 50, 50]
    assert _consume(real=NOON + timedelta(seconds=50)) is None
    assert _consume(real=NOON + timedelta(minutes=2)) == 3600 - 130


def test_each_caller_is_counted_by_itself(public_db: None) -> None:
    assert [_consume(who) for who in ("a", "a", "b", "a", "b")] == [None, None, None, 50, None]


def test_asking_whether_there_is_room_counts_nothing(public_db: None) -> None:
    for _n in range(5):
        limits.demand("tries", "a", LIMITS, real=NOON)
    assert [_consume("a") for _n in range(2)] == [None, None]
    with pytest.raises(TooMany):
        limits.demand("tries", "a", LIMITS, real=NOON)


def test_a_limit_that_was_reached_is_one_row_a_day(public_db: None, asked: Any) -> None:
    for _n in range(4):
        _consume()
    assert list(ReachedLimit.objects.values_list("name", "refusals", "last_at")) == [("tries", 2, NOON)]


def test_the_first_of_a_window_is_one_statement_and_the_others_two(public_db: None, asked: Any) -> None:
    with asked(1):
        limits.consume("tries", "a", LIMITS[:1], real=NOON)
    with asked(2):
        limits.consume("tries", "a", LIMITS[:1], real=NOON)
