"""Hours that people enter: attendance on site by the teacher, corrections by two persons."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, clock, reasons
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.errors import Invalid, Refusal
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..models import Attendance, Correction, HourEntry, Participant, TrainingClass
from ..queries import catalogue, learning
from ..states import CORRECTION, ClassState, CorrectionState, HourKind
from ..values import announce

LONGEST_DAY = 12 * 3600
"""The most that somebody is taught in a day, where the policy sets nothing: who is taught longer has no night."""


class DayOutsideClass(Invalid):
    """Hours are entered for a day of the class that has come."""

    code = "day-outside-class"
    message = _("Choose a day of the class (%(first)s to %(last)s) that is not in the future.")


class DayNotPassed(Invalid):
    """More is entered of today than has passed of it."""

    code = "day-not-passed"
    message = _(
        "No more than %(hours)s class hours of %(day)s can have been taught by now. Enter them when teaching is over."
    )


class AttendanceIncomplete(Invalid):
    """Nobody was chosen, or no hours were given."""

    code = "attendance-incomplete"
    message = _("Choose at least one person and at least one class hour.")


class DayLimitExceeded(Refusal):
    """More than a day may hold."""

    code = "day-limit-exceeded"
    status = 422
    message = _("With this %(name)s would have %(hours)s class hours on %(day)s; %(most)s are possible.")


class SecondPersonNeeded(Refusal):
    """Who proposed a correction does not decide it."""

    code = "second-person-needed"
    status = 403
    message = _("A correction is decided by somebody else than the person who proposed it.")


class AlreadyDecided(Refusal):
    """The correction was decided."""

    code = "already-decided"
    message = _("This correction was decided already.")


@dataclass(frozen=True, slots=True)
class AttendanceResult:
    """The people credited, and the seconds for each."""

    people: int
    seconds: int


def attend(
    *,
    class_id: uuid.UUID,
    participant_ids: Collection[uuid.UUID],
    day: date,
    class_hours: int,
    why: str,
    by: Actor,
    at: datetime,
) -> AttendanceResult:
    """Credit people with class hours taught on site on a day, for a reason that is kept with each entry; all or nobody.

    A teacher enters only for classes of their own, the registrar's desk for all. Refuses (NotFound) another's
    class or a person not in it, (DayOutsideClass) a day that is no day of the class or lies ahead, (DayNotPassed) more
    of today than has passed, (DayLimitExceeded) more hours than a day may hold with what is counted already, and
    (AttendanceIncomplete).
    """
    access.demand(by, rules.teaching)
    if class_hours < 1 or not participant_ids:
        raise AttendanceIncomplete(field="class_hours" if class_hours < 1 else "people")
    why = reasons.require(why)
    with transaction.atomic():
        training_class = catalogue.class_for(class_id, by=by)
        if training_class.state not in (ClassState.OPEN, ClassState.RUNNING):
            raise Refusal(_("The class is not running; no hours can be entered."))
        seconds = class_hours * training_class.programme.seconds_per_class_hour
        _refuse_day(training_class, day, seconds, field="class_hours", at=at)
        seats = learning.seats_for_attendance(training_class, participant_ids)
        _refuse_too_much(seats, training_class, day, seconds, field="class_hours")
        _enter_attendance(seats, day, seconds, why=why, by=by, at=at)
        after = {"day": day, "class_hours": class_hours, "people": len(participant_ids)}
        audit.note("hours.attend", training_class, by=by, at=at, after=after, why=why)
    return AttendanceResult(len(participant_ids), seconds)


def _refuse_day(training_class: TrainingClass, day: date, seconds: int, *, field: str, at: datetime) -> None:
    """Refuse a day that is none of the class, lies ahead, or of which less has passed (the database does too)."""
    if not training_class.starts_on <= day <= min(training_class.ends_on, legal_day(at)):
        raise DayOutsideClass(
            field="day", first=training_class.starts_on.isoformat(), last=training_class.ends_on.isoformat()
        )
    passed = (at - datetime.combine(day, time(), clock.CHINA)).total_seconds()
    if seconds > passed:
        unit = training_class.programme.seconds_per_class_hour
        raise DayNotPassed(field=field, day=day.isoformat(), hours=f"{passed // unit:g}")


def most_of_day(unit: int, day: date) -> int:
    """Return the most seconds of a day that people enter: the class hours of the policy, where it sets any."""
    limit = pack_queries.pack_at(day).learning.hours_per_day
    return LONGEST_DAY if limit is None else limit * unit


def _refuse_too_much(
    seats: Sequence[Participant], training_class: TrainingClass, day: date, seconds: int, *, field: str
) -> None:
    unit = training_class.programme.seconds_per_class_hour
    most = most_of_day(unit, day)
    entries = HourEntry.objects.filter(person_id__in=[seat.person_id for seat in seats], day=day).order_by()
    counted = dict(entries.values_list("person_id").annotate(total=Sum("seconds")))
    for seat in seats:
        total = counted.get(seat.person_id, 0) + seconds
        if total > most:
            raise DayLimitExceeded(
                field=field,
                name=seat.name,
                day=day.isoformat(),
                hours=f"{total / unit:g}",
                most=f"{most / unit:g}",
            )


def _enter_attendance(
    seats: Sequence[Participant], day: date, seconds: int, *, why: str, by: Actor, at: datetime
) -> None:
    assert by.account_id is not None
    seats = sorted(seats, key=lambda seat: seat.person_id)  # the database locks each person's day
    attendances = Attendance.objects.bulk_create(
        Attendance(participant=seat, day=day, seconds=seconds, why=why, by_id=by.account_id, by_name=by.name, at=at)
        for seat in seats
    )
    HourEntry.objects.bulk_create(
        HourEntry(
            participant=seat,
            person_id=seat.person_id,
            kind=HourKind.ONSITE,
            day=day,
            seconds=seconds,
            at=at,
            attendance=raw,
        )
        for seat, raw in zip(seats, attendances, strict=True)
    )


def propose_correction(
    *, participant_id: uuid.UUID, day: date, seconds: int, why: str, by: Actor, at: datetime
) -> Correction:
    """Propose that a person's hours be more or fewer; nothing counts before a second person has approved it.

    Refuses (NotFound) a class that is not the teacher's own, (Invalid) no change, (ReasonRequired) no reason, and what
    attendance is refused for its day: DayOutsideClass, DayNotPassed, DayLimitExceeded.
    """
    access.demand(by, rules.teaching)
    if not seconds:
        raise Invalid(_("A correction needs a number of minutes."), field="minutes")
    why = reasons.require(why)
    assert by.account_id is not None
    with transaction.atomic():
        seat = learning.seat_for_staff(participant_id, by=by)
        _refuse_day(seat.training_class, day, seconds, field="minutes", at=at)
        _refuse_too_much([seat], seat.training_class, day, seconds, field="minutes")
        row = Correction.objects.create(
            participant=seat,
            day=day,
            seconds=seconds,
            why=why,
            proposed_by=by.account_id,
            proposed_name=by.name,
            proposed_at=at,
            state_since=at,
        )
        audit.note("hour_correction.propose", row, by=by, at=at, after=audit.values(row, "day", "seconds"), why=why)
    return row


def decide_correction(*, correction_id: uuid.UUID, approve: bool, why: str, by: Actor, at: datetime) -> Correction:
    """Approve or reject a proposed correction; an approved one enters the ledger.

    Refuses (SecondPersonNeeded) whoever proposed it, (AlreadyDecided), (ReasonRequired) a decision without its reason,
    to take away more than there is (Invalid) and to add more than the day holds by now (DayLimitExceeded).
    """
    access.demand(by, rules.desk)
    why = reasons.require(why)
    with transaction.atomic():
        row = learning.correction(correction_id, lock=True)
        if row.state != CorrectionState.PROPOSED:
            raise AlreadyDecided
        if not rules.may_decide_correction(by, row.proposed_by):
            raise SecondPersonNeeded
        received_at = clock.real_now() if approve else None
        name = "approve" if approve else "reject"
        also: dict[str, Any] = {"decided_by": by.account_id, "decided_name": by.name, "received_at": received_at}
        CORRECTION.move(row, name, by=by, at=at, why=why, **also)
        if approve:
            _enter_correction(row, at=at)
    return row


def _enter_correction(row: Correction, *, at: datetime) -> None:
    seats = Participant.objects.select_for_update(of=("self",)).select_related("training_class__programme")
    seat = seats.get(pk=row.participant_id)
    of_the_day = HourEntry.objects.filter(person_id=seat.person_id, day=row.day)
    for had in (seat.hours.all(), of_the_day):
        if (had.aggregate(s=Sum("seconds"))["s"] or 0) + row.seconds < 0:
            raise Invalid(_("There are fewer hours in the ledger than the correction takes away."))
    _refuse_day(seat.training_class, row.day, row.seconds, field="day", at=at)
    _refuse_too_much([seat], seat.training_class, row.day, row.seconds, field="decision")
    HourEntry.objects.create(
        participant=seat,
        person_id=seat.person_id,
        kind=HourKind.CORRECTION,
        day=row.day,
        seconds=row.seconds,
        at=at,
        correction=row,
    )
    announce(seat.enrolment_id, at)
