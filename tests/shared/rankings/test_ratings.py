"""A rating is given once, cannot be traced, and is counted in the same breath."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import audit, clock, tenancy
from kernel.errors import NotFound
from kernel.models import AuditEntry
from kernel.tenancy import current_schema, open_institution
from shared.rankings.models import Rating, RatingMonth
from shared.rankings.operations import ratings as ranking_ratings
from shared.rankings.queries import questions as ranking_questions
from tests.shared.rankings.conftest import IN_2025, ITEMS

GOOD = dict.fromkeys(ITEMS, 5)


def _rate(institution: Any, key: str = "e1", items: Any = None, at: datetime = IN_2025) -> None:
    ranking_ratings.record_rating(institution_id=institution.pk, enrolment_key=key, items=items or GOOD, at=at)


def test_a_rating_is_kept_and_counted(institutions: Any) -> None:
    _rate(institutions[0], items=GOOD | {"fees": 2})
    month = RatingMonth.objects.get()
    assert Rating.objects.get().answers == GOOD | {"fees": 2}
    assert (month.year, month.month, month.n) == (2025, 6, 1)
    assert (month.counts["fees"], month.counts["quality"]) == ({"2": 1}, {"5": 1})


def test_nobody_can_tell_who_said_what(institutions: Any) -> None:
    with open_institution(institutions[0]):
        _rate(institutions[0], key="enrolment-7")
        assert current_schema() == "t_alpha"
    row = Rating.objects.get()
    values = {field.name: str(getattr(row, field.attname)) for field in row._meta.fields}
    assert "enrolment-7" not in str(values)
    assert b"enrolment-7" not in row.rater_key
    assert AuditEntry.objects.filter(row_type__startswith="rankings.").count() == 0
    assert audit.history(row) == []


def test_the_same_rating_again_changes_nothing(institutions: Any) -> None:
    for _time in range(2):
        _rate(institutions[0])
    assert (Rating.objects.count(), RatingMonth.objects.get().n) == (1, 1)


def test_other_answers_afterwards_are_refused(institutions: Any) -> None:
    _rate(institutions[0])
    with pytest.raises(ranking_ratings.AlreadyRated):
        _rate(institutions[0], items=dict.fromkeys(ITEMS, 1))
    assert Rating.objects.get().answers == GOOD
    assert RatingMonth.objects.get().n == 1


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ({}, "hardware"),
        ({"hardware": 5}, "quality"),
        (GOOD | {"fees": 6}, "fees"),
        (GOOD | {"fees": 0}, "fees"),
        (GOOD | {"fees": "5"}, "fees"),
        (GOOD | {"fees": True}, None),
        (GOOD | {"parking": 5}, None),
    ],
)
def test_answers_that_do_not_fit_are_refused_at_their_item(institutions: Any, items: Any, field: str | None) -> None:
    with pytest.raises(ranking_ratings.AnswersIncomplete) as refusal:
        ranking_ratings.record_rating(institution_id=institutions[0].pk, enrolment_key="e1", items=items, at=IN_2025)
    assert refusal.value.field == field
    assert (Rating.objects.count(), RatingMonth.objects.count()) == (0, 0)


def test_an_unknown_institution_is_refused(public_db: None) -> None:
    with pytest.raises(NotFound):
        ranking_ratings.record_rating(
            institution_id="00000000-0000-7000-8000-000000000009", enrolment_key="e", items=GOOD, at=IN_2025
        )  # type: ignore[arg-type]
    assert Rating.objects.count() == 0


def test_a_rating_counts_for_the_day_in_china(institutions: Any) -> None:
    _rate(institutions[0], at=datetime(2025, 12, 31, 16, 30, tzinfo=clock.ZoneInfo("UTC")))
    assert (Rating.objects.get().year, RatingMonth.objects.get().month) == (2026, 1)


def test_who_could_have_rated_is_counted_beside(institutions: Any) -> None:
    ranking_ratings.count_eligible(institution_id=institutions[0].pk, at=IN_2025, trainees=4)
    ranking_ratings.count_eligible(institution_id=institutions[0].pk, at=IN_2025)
    _rate(institutions[0])
    month = RatingMonth.objects.get()
    assert (month.eligible, month.n) == (5, 1)


def test_it_is_known_whether_an_enrolment_has_rated(institutions: Any) -> None:
    _rate(institutions[0], key="e1")
    assert (ranking_questions.has_rated("e1"), ranking_questions.has_rated("e2")) == (True, False)


def test_the_questions_are_the_policys_five_items(public_db: None, at: datetime) -> None:
    eligible = ranking_questions.questions(at)
    assert [question.key for question in eligible] == list(ITEMS)
    assert [question.label for question in eligible] == [
        "硬件环境",
        "培训质量",
        "服务态度",
        "是否按标准收费",
        "师资力量",
    ]
    assert {question.best for question in eligible} == {5}
    assert all("赣建培" in question.source for question in eligible)


def test_the_database_keeps_ratings_as_they_were_given(institutions: Any) -> None:
    _rate(institutions[0])
    for change in (lambda: Rating.objects.update(year=2024), lambda: Rating.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic(), tenancy.as_owner():
            change()
    assert Rating.objects.get().year == 2025
