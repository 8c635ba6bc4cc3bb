"""Programmes, lessons and classes."""

from datetime import timedelta
from typing import Any

import pytest

from kernel import tenancy
from kernel.access import Denied
from kernel.errors import Invalid, NotFound
from kernel.states import WrongState
from shared.policy.queries import packs as pack_queries
from tenants.courses.models import Lesson, Programme, TrainingClass
from tenants.courses.operations import classes, hours, programmes
from tenants.courses.queries import catalogue


def test_class_hours_default_to_the_policy_s_and_are_never_fewer(school: Any) -> None:
    call: dict[str, Any] = {"position": "SGY-TJ", "title": "演示", "by": school.registrar, "at": school.at}
    row = programmes.open_programme(**call)
    assert (row.class_hours, row.seconds_per_class_hour, row.policy) == (40, 2700, "jiangxi-2020@5")
    assert programmes.open_programme(class_hours=48, **call).required_seconds == 48 * 2700
    with pytest.raises(programmes.TooFewHours):
        programmes.open_programme(class_hours=39, **call)
    assert Programme.objects.count() == 2


def test_what_is_no_longer_certified_or_unknown_or_not_committed_to_is_refused(school: Any) -> None:
    call: dict[str, Any] = {"title": "演示", "by": school.registrar, "at": school.at}
    for position in ("AQY", "XYZ"):
        with pytest.raises(pack_queries.UnknownKey):
            programmes.open_programme(position=position, **call)
    school.institution.positions = ["CLY"]
    with tenancy.open_public(), tenancy.as_owner():
        school.institution.save(update_fields=["positions"])
    with pytest.raises(programmes.NotCommitted):
        programmes.open_programme(position="SGY-TJ", **call)
    assert programmes.open_programme(position="CLY", **call).position == "CLY"


def test_lessons_stand_in_order_and_need_what_they_show(school: Any) -> None:
    programme = school.training_class().programme
    call: dict[str, Any] = {"programme_id": programme.pk, "seconds": 60, "by": school.registrar, "at": school.at}
    for kind in ("document", "video"):
        with pytest.raises(Invalid):
            programmes.add_lesson(title="空", kind=kind, **call)
    programmes.add_lesson(title="第三课", kind="onsite", **call)
    assert list(Lesson.objects.values_list("place", "title")) == [(1, "安全生产"), (2, "测量放线实训"), (3, "第三课")]


def test_lessons_stay_as_they_are_once_hours_were_credited(school: Any) -> None:
    training_class = school.open_class()
    school.paid(training_class.pk, school.person())
    seat = training_class.participants.get()
    hours.attend(
        class_id=training_class.pk,
        participant_ids=[seat.pk],
        day=school.day,
        class_hours=1,
        why="签到表",
        by=school.teacher,
        at=school.at,
    )
    with pytest.raises(programmes.ProgrammeInUse):
        programmes.add_lesson(
            programme_id=training_class.programme_id,
            title="新",
            kind="onsite",
            seconds=60,
            by=school.registrar,
            at=school.at,
        )
    assert Lesson.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"ends_on": -1}, classes.InvalidClassDates),
        ({"starts_on": -9, "ends_on": -8}, classes.InvalidClassDates),
        ({"capacity": 0}, classes.TooFewSeats),
    ],
)
def test_a_class_with_impossible_days_or_seats_is_refused(school: Any, change: dict[str, int], refusal: Any) -> None:
    days = {k: school.day + timedelta(days=v) for k, v in change.items() if k != "capacity"}
    more = {k: v for k, v in change.items() if k == "capacity"}
    with pytest.raises(refusal):
        school.training_class(**days, **more)
    assert not TrainingClass.objects.exists()


def test_a_class_lives_by_its_chart(school: Any) -> None:
    training_class = school.training_class()
    with pytest.raises(WrongState):
        classes.start_class(class_id=training_class.pk, by=school.registrar, at=school.at)
    with pytest.raises(Denied):
        classes.open_class(class_id=training_class.pk, by=school.cashier, at=school.at)
    for move in (classes.open_class, classes.start_class, classes.close_class):
        move(class_id=training_class.pk, by=school.registrar, at=school.at)
    training_class.refresh_from_db()
    assert training_class.state == "closed"


def test_only_opened_classes_are_public_and_only_enrolling_ones_offered(school: Any) -> None:
    planned, opened = school.training_class(), school.open_class()
    assert [training_class.id for training_class in catalogue.open_classes()] == [opened.pk]
    with pytest.raises(NotFound):
        catalogue.training_class(planned.pk)
    classes.start_class(class_id=opened.pk, by=school.registrar, at=school.at)
    assert catalogue.open_classes() == []
    assert catalogue.training_class(opened.pk).state == "running"
