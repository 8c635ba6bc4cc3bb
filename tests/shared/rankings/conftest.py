"""Ratings, scores and officers."""

import itertools
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from kernel import clock, tenancy
from kernel.access import Actor
from shared.rankings.operations import ratings as ranking_ratings
from shared.rankings.operations import scores

ITEMS = ("hardware", "quality", "attitude", "fees", "teachers")
IN_2025 = datetime(2025, 6, 2, 10, 0, tzinfo=clock.CHINA)
JANUARY = datetime(2026, 1, 12, 9, 0, tzinfo=clock.CHINA)


@pytest.fixture
def rate(institutions: tuple[Any, Any]) -> Callable[..., None]:
    """Let so many trainees answer the same to everything: `rate(alpha, 5, 4)` is five ratings of 4."""
    keys = itertools.count()

    def give(institution: Any, times: int, answer: int = 5, at: datetime = IN_2025) -> None:
        for _n in range(times):
            ranking_ratings.record_rating(
                institution_id=institution.pk,
                enrolment_key=f"enrolment-{next(keys)}",
                items=dict.fromkeys(ITEMS, answer),
                at=at,
            )

    return give


@pytest.fixture
def score(as_actor: Callable[..., Actor]) -> Callable[..., None]:
    """Let the authority give an institution the same points for everything."""
    officer = as_actor("city_officer", scope="360100")

    def enter(institution: Any, points: int, year: int = 2025, by: Actor = officer, at: datetime = JANUARY) -> None:
        scores.enter_authority_score(
            institution_id=institution.pk,
            year=year,
            scores=dict.fromkeys(ITEMS, points),
            reasons=dict.fromkeys(ITEMS, "年度检查记录"),
            by=by,
            at=at,
        )

    return enter


@pytest.fixture
def first(as_actor: Callable[..., Actor]) -> Actor:
    """An officer of the province."""
    return as_actor("province_officer", scope="360000", name="演示甲")


@pytest.fixture
def second(as_actor: Callable[..., Actor]) -> Actor:
    """Another officer of the province."""
    return as_actor("province_officer", scope="360000", name="演示乙")


@pytest.fixture
def listed_2025(institutions: tuple[Any, Any]) -> tuple[Any, Any]:
    """Both institutions, on the list since 2025."""
    with tenancy.as_owner():
        for row in institutions:
            row.listed_at = datetime(2025, 1, 2, tzinfo=clock.CHINA)
            row.save(update_fields=["listed_at"])
    return institutions
