"""Figures kept beside their rows: the database counts them, one command compares them and counts them again."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from kernel import rollups, tenancy
from kernel.fields import uuid7
from shared.rankings.models import EligibleTrainees, Rating, RatingMonth
from shared.rankings.operations import ratings
from tenants.courses.models import TrainingClass


def _command(**options: Any) -> list[str]:
    out = StringIO()
    with tenancy.open_public():
        call_command("recompute_rollups", stdout=out, **options)
    return out.getvalue().splitlines()


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _plant(statement: str) -> None:
    with tenancy.as_owner():
        _execute(statement)


def test_no_role_that_serves_writes_a_figure(school: Any) -> None:
    school.open_class()
    for statement in (
        "UPDATE courses_trainingclass SET seats_taken = 0",
        "UPDATE attempts_attempt SET added_time = interval '1 hour'",
        "UPDATE public.rankings_ratingmonth SET n = 0",
        "SELECT * FROM rollup_courses_seats(true)",
        "SELECT * FROM public.rollup_rankings_months(true)",
        "SELECT public.rankings_add_to_month(NULL, 2025, 1, 1, 1, '{}')",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            _execute(statement)


def test_a_class_begins_with_no_seat_taken(school: Any) -> None:
    row = school.training_class()
    row.pk, row.seats_taken, row._state.adding = uuid7(), 1, True
    with pytest.raises(IntegrityError, match="no seat taken"), transaction.atomic():
        row.save(force_insert=True)


def test_every_figure_is_what_its_rows_say(school: Any) -> None:
    school.paid(school.open_class().pk, school.person())
    ratings.count_eligible(institution_id=school.institution.pk, at=school.at, trainees=2)
    assert TrainingClass.objects.get().seats_taken == 1
    assert _command(check=True) == ["every figure is what its rows say"]


def test_a_figure_that_differs_is_named_and_counted_again(school: Any) -> None:
    school.paid(school.open_class().pk, school.person())
    _plant("UPDATE courses_trainingclass SET seats_taken = 3")
    key = TrainingClass.objects.get().pk
    (line,) = rollups.differing("t_alpha")
    assert line == f"courses_seats: class {key}: 3 seats taken, 1 held"
    with pytest.raises(CommandError, match="1 figures are not"):
        _command(check=True)
    assert TrainingClass.objects.get().seats_taken == 3
    assert _command() == [f"t_alpha: {line}", "1 figures counted again"]
    assert TrainingClass.objects.get().seats_taken == 1
    assert _command() == ["every figure is what its rows say"]


def test_the_months_are_counted_again_from_ratings_and_from_who_could_rate(school: Any) -> None:
    answers = dict.fromkeys(("hardware", "quality", "attitude", "fees", "teachers"), 4)
    for key, fees in (("one", 5), ("two", 4)):
        ratings.record_rating(
            institution_id=school.institution.pk, enrolment_key=key, items=answers | {"fees": fees}, at=school.at
        )
    ratings.count_eligible(institution_id=school.institution.pk, at=school.at, trainees=3)
    with tenancy.open_public():
        counted = RatingMonth.objects.values("year", "month", "n", "eligible", "counts").get()
        assert (counted["n"], counted["eligible"], counted["counts"]["fees"]) == (2, 3, {"4": 1, "5": 1})
        for fault in ("UPDATE rankings_ratingmonth SET counts = '{}'", "DELETE FROM rankings_ratingmonth"):
            _plant(fault)
            assert len(rollups.differing("public", mend=True)) == 1
            assert RatingMonth.objects.values("year", "month", "n", "eligible", "counts").get() == counted
        assert rollups.differing("public") == []
        assert (Rating.objects.count(), EligibleTrainees.objects.count()) == (2, 1)
