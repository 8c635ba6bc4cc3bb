"""Hours that people enter: attendance on site, corrections by two persons, and forty class hours in the end."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel import audit, tenancy
from kernel.errors import Invalid, NotFound, Refusal
from kernel.reasons import ReasonRequired
from shared.notices.models import Notice
from support.permission_cases import paths
from tenants.courses.models import Attendance, Correction, HourEntry, Participant
from tenants.courses.operations import classes, hours
from tenants.courses.queries import hours as hour_queries
from tenants.rosters.queries import enrolments as enrolment_queries

HOUR = 45 * 60


@pytest.fixture
def training_class(school: Any) -> Any:
    """A class with two people in it who have paid and one who has not."""
    training_class = school.open_class(capacity=3)
    for name in ("演示甲", "演示乙"):
        school.paid(training_class.pk, school.person(name))
    school.ordered(training_class.pk, school.person("演示丙"))
    return training_class


def seats(training_class: Any) -> list[Participant]:
    return list(Participant.objects.filter(training_class=training_class, admitted_at__isnull=False).order_by("name"))


def attend(school: Any, training_class: Any, people: list[Participant], **changes: Any) -> hours.AttendanceResult:
    call: dict[str, Any] = {
        "day": school.day,
        "class_hours": 8,
        "why": "签到表",
        "by": school.teacher,
        "at": school.at,
    }
    return hours.attend(class_id=training_class.pk, participant_ids=[seat.pk for seat in people], **(call | changes))


def test_a_teacher_enters_who_was_there_and_why(school: Any, training_class: Any) -> None:
    assert attend(school, training_class, seats(training_class)) == hours.AttendanceResult(2, 8 * HOUR)
    assert HourEntry.objects.filter(kind="onsite", seconds=8 * HOUR, day=school.day).count() == 2
    raw = Attendance.objects.first()
    assert raw is not None
    assert (raw.why, raw.by_name) == ("签到表", "演示教师")
    assert audit.history(training_class)[-1].verb == "hours.attend"


def test_forty_class_hours_in_five_days_complete_the_training(school: Any, training_class: Any) -> None:
    (first, _second) = seats(training_class)
    days = [school.at + timedelta(days=n) for n in range(5)]
    for day in days:
        progress = hour_queries.progress(first.enrolment_id)
        assert (
            progress.complete,
            enrolment_queries.ready_for_test([first.enrolment_id])[first.enrolment_id].ready,
        ) == (False,) * 2
        attend(school, training_class, [first], day=day.date(), at=day)
    progress = hour_queries.progress(first.enrolment_id)
    assert (progress.complete, progress.credited_hours, progress.percent) == (True, 40.0, 100)
    assert enrolment_queries.ready_for_test([first.enrolment_id])[first.enrolment_id].ready is True
    assert hour_queries.discrepancies(first.person_id) == []


@pytest.mark.parametrize("days", [-1, 1, 40])
def test_a_day_that_is_none_of_the_class_or_lies_ahead_is_refused(school: Any, training_class: Any, days: int) -> None:
    with pytest.raises(hours.DayOutsideClass):
        attend(school, training_class, seats(training_class), day=school.day + timedelta(days=days))
    assert not HourEntry.objects.exists()


def test_no_hours_no_people_or_no_reason_is_refused(school: Any, training_class: Any) -> None:
    with pytest.raises(hours.AttendanceIncomplete):
        attend(school, training_class, seats(training_class), class_hours=0)
    with pytest.raises(ReasonRequired):
        attend(school, training_class, seats(training_class), why="  ")
    with pytest.raises(hours.AttendanceIncomplete):
        attend(school, training_class, [])
    assert not HourEntry.objects.exists()


def test_more_than_a_day_holds_is_refused_for_everybody(school: Any, training_class: Any) -> None:
    first, second = seats(training_class)
    evening = school.at.replace(hour=23)
    attend(school, training_class, [second], class_hours=12, at=evening)
    with pytest.raises(hours.DayLimitExceeded) as refused:
        attend(school, training_class, [first, second], class_hours=5, at=evening)
    assert second.name in str(refused.value)
    assert HourEntry.objects.count() == 1


def test_no_more_is_entered_of_today_than_has_passed_of_it(school: Any, training_class: Any) -> None:
    (seat, _other) = seats(training_class)
    night = school.at.replace(hour=2, minute=50)
    with pytest.raises(hours.DayNotPassed) as refused:
        attend(school, training_class, [seat], class_hours=24, at=night)
    assert "3" in str(refused.value)
    assert not HourEntry.objects.exists()
    assert not enrolment_queries.ready_for_test([seat.enrolment_id])[seat.enrolment_id].ready
    attend(school, training_class, [seat], class_hours=3, at=night)
    facts = {"participant": seat, "why": "签到表", "by_id": school.teacher.account_id, "by_name": "师", "at": night}
    with tenancy.as_owner(), pytest.raises(IntegrityError, match="more than has passed"), transaction.atomic():
        Attendance.objects.create(day=school.day, seconds=24 * HOUR, **facts)
    with tenancy.as_owner(), pytest.raises(IntegrityError, match="no day of the class"), transaction.atomic():
        Attendance.objects.create(day=school.day + timedelta(days=1), seconds=HOUR, **facts)
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize("day", ["2030-01-01", "2026-03-03", "2026-02-27"])
def test_a_correction_of_a_day_ahead_or_outside_the_class_is_refused(
    school: Any, training_class: Any, day: str
) -> None:
    (seat, _other) = seats(training_class)
    with pytest.raises(hours.DayOutsideClass):
        propose(school, seat, day=date.fromisoformat(day))
    facts = {"participant": seat, "seconds": HOUR, "why": "设备故障", "proposed_by": school.teacher.account_id}
    facts |= {"proposed_name": "师", "proposed_at": school.at, "state_since": school.at}
    with tenancy.as_owner(), pytest.raises(IntegrityError, match="no day of the class"), transaction.atomic():
        Correction.objects.create(day=date.fromisoformat(day), **facts)
    assert not Correction.objects.exists()


def test_a_correction_keeps_the_most_of_a_day_when_it_is_proposed_and_when_it_is_approved(
    school: Any, training_class: Any
) -> None:
    (seat, _other) = seats(training_class)
    evening = school.at.replace(hour=23)
    rows = [propose(school, seat, 6 * 60, at=evening) for _n in range(3)]
    for row in rows[:2]:
        hours.decide_correction(correction_id=row.pk, approve=True, why="核对签到表", by=school.registrar, at=evening)
    with pytest.raises(hours.DayLimitExceeded):
        hours.decide_correction(
            correction_id=rows[2].pk, approve=True, why="核对签到表", by=school.registrar, at=evening
        )
    with pytest.raises(hours.DayLimitExceeded):
        propose(school, seat, 60, at=evening)
    assert hour_queries.progress(seat.enrolment_id).credited_seconds == 12 * 3600
    assert Correction.objects.filter(state="proposed").count() == 1


def test_who_has_not_paid_cannot_be_marked(school: Any, training_class: Any) -> None:
    unpaid = list(Participant.objects.filter(training_class=training_class, admitted_at=None))
    with pytest.raises(NotFound):
        attend(school, training_class, [*seats(training_class), *unpaid])
    assert not HourEntry.objects.exists()


def test_another_teacher_has_no_such_class(school: Any, training_class: Any, as_actor: Any) -> None:
    other = as_actor("teacher", scope=str(school.institution.organisation_id))
    with pytest.raises(NotFound):
        attend(school, training_class, seats(training_class), by=other)
    assert attend(school, training_class, seats(training_class), by=school.registrar).people == 2


def propose(school: Any, seat: Participant, minutes: int = 45, **changes: Any) -> Correction:
    call: dict[str, Any] = {"day": school.day, "why": "设备故障", "by": school.teacher, "at": school.at}
    return hours.propose_correction(participant_id=seat.pk, seconds=minutes * 60, **(call | changes))


def test_one_person_approves_no_correction_of_his_own_along_any_grant_path(school: Any, training_class: Any) -> None:
    (seat, _other) = seats(training_class)
    row = propose(school, seat)
    for one in paths(school.teacher.account_id, str(school.institution.organisation_id), "360000", ""):
        for approve in (True, False):
            with pytest.raises(Refusal):
                hours.decide_correction(correction_id=row.pk, approve=approve, why="核对签到表", by=one, at=school.at)
    row.refresh_from_db()
    assert (row.state, HourEntry.objects.exists()) == ("proposed", False)


def test_a_correction_counts_when_a_second_person_approves_it(school: Any, training_class: Any) -> None:
    (seat, _other) = seats(training_class)
    row = propose(school, seat)
    assert not HourEntry.objects.exists()
    hours.decide_correction(correction_id=row.pk, approve=True, why="核对签到表", by=school.registrar, at=school.at)
    assert hour_queries.progress(seat.enrolment_id).credited_seconds == 45 * 60
    assert hour_queries.discrepancies(seat.person_id) == []
    with pytest.raises(hours.AlreadyDecided):
        hours.decide_correction(correction_id=row.pk, approve=True, why="核对签到表", by=school.principal, at=school.at)
    assert HourEntry.objects.count() == 1


@pytest.mark.parametrize(("minutes", "said"), [(45, "+45"), (-44, "-44")])
def test_whose_hours_were_corrected_reads_by_how_much_and_which_way(
    school: Any, training_class: Any, minutes: int, said: str
) -> None:
    (seat, _other) = seats(training_class)
    first = propose(school, seat)
    hours.decide_correction(correction_id=first.pk, approve=True, why="核对签到表", by=school.registrar, at=school.at)
    row = propose(school, seat, minutes=minutes)
    hours.decide_correction(correction_id=row.pk, approve=True, why="核对签到表", by=school.registrar, at=school.at)
    with tenancy.open_public():
        notice = Notice.objects.get(template="courses.hours_corrected", key=f"hours-corrected:{row.pk}")
    assert notice.context["minutes"] == said


def test_who_proposed_a_correction_does_not_decide_it(school: Any, training_class: Any) -> None:
    (seat, _other) = seats(training_class)
    row = propose(school, seat, by=school.registrar)
    with pytest.raises(hours.SecondPersonNeeded):
        hours.decide_correction(correction_id=row.pk, approve=True, why="核对签到表", by=school.registrar, at=school.at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=row.pk).update(state="approved", decided_by=row.proposed_by)
    assert not HourEntry.objects.exists()


def test_a_rejected_correction_changes_nothing(school: Any, training_class: Any) -> None:
    (seat, _other) = seats(training_class)
    row = propose(school, seat)
    hours.decide_correction(correction_id=row.pk, approve=False, why="无凭据", by=school.registrar, at=school.at)
    assert (Correction.objects.get().state, HourEntry.objects.count()) == ("rejected", 0)


def test_no_more_is_taken_away_than_there_is(school: Any, training_class: Any) -> None:
    (seat, _other) = seats(training_class)
    attend(school, training_class, [seat], class_hours=1)
    row = propose(school, seat, -46)
    with pytest.raises(Invalid):
        hours.decide_correction(correction_id=row.pk, approve=True, why="核对签到表", by=school.registrar, at=school.at)
    assert (Correction.objects.get().state, hour_queries.progress(seat.enrolment_id).credited_seconds) == (
        "proposed",
        HOUR,
    )


@pytest.mark.parametrize(("minutes", "why"), [(0, "设备故障"), (45, " ")])
def test_a_correction_needs_a_number_and_a_reason(school: Any, training_class: Any, minutes: int, why: str) -> None:
    with pytest.raises(Invalid):
        propose(school, seats(training_class)[0], minutes, why=why)
    assert not Correction.objects.exists()


def test_the_ledger_says_where_every_hour_comes_from(school: Any, training_class: Any) -> None:
    (seat, _other) = seats(training_class)
    attend(school, training_class, [seat])
    row = propose(school, seat)
    hours.decide_correction(correction_id=row.pk, approve=True, why="核对签到表", by=school.registrar, at=school.at)
    lines = hour_queries.ledger(seat.pk)
    assert [(line.kind, line.seconds, line.why) for line in lines] == [
        ("correction", 45 * 60, "设备故障"),
        ("onsite", 8 * HOUR, "签到表"),
    ]
    assert "演示教务" in lines[0].by_name


def test_hours_are_not_entered_in_a_closed_class(school: Any, training_class: Any) -> None:
    for move in (classes.start_class, classes.close_class):
        move(class_id=training_class.pk, by=school.registrar, at=school.at)
    with pytest.raises(Refusal):
        attend(school, training_class, seats(training_class))
    assert not HourEntry.objects.exists()


def test_a_decision_on_a_correction_needs_its_reason_whichever_it_is(school: Any, training_class: Any) -> None:
    row = propose(school, seats(training_class)[0])
    for approve in (True, False):
        with pytest.raises(ReasonRequired):
            hours.decide_correction(correction_id=row.pk, approve=approve, why="x", by=school.registrar, at=school.at)
    assert Correction.objects.get().state == "proposed"
