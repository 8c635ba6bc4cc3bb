"""Lessons for learners, and learners for staff."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from kernel.access import Actor
from kernel.db.statements import Figure, Statement
from kernel.errors import NotFound
from kernel.pinyin import PinyinKey

from ..models import Attendance, Correction, Heartbeat, Lesson, Participant, TrainingClass
from ..states import CorrectionState, LessonKind
from . import hours as hour_queries
from .catalogue import ClassValue, class_for
from .catalogue import value as class_value


@dataclass(frozen=True, slots=True)
class LessonValue:
    """A lesson and how much of it a learner has."""

    id: uuid.UUID
    place: int
    title: str
    kind: str
    kind_label: str
    seconds: int
    credited: int

    @property
    def done(self) -> bool:
        """Say whether it is credited in full."""
        return self.credited >= self.seconds

    @property
    def online(self) -> bool:
        """Say whether it is taken at the screen."""
        return self.kind != LessonKind.ONSITE


@dataclass(frozen=True, slots=True)
class MyClass:
    """A class as its participant sees it."""

    participant_id: uuid.UUID
    enrolment_id: uuid.UUID
    admitted: bool
    training_class: ClassValue
    progress: hour_queries.Progress
    lessons: tuple[LessonValue, ...]


def lesson_value(lesson: Lesson, credited: int) -> LessonValue:
    """Return a lesson with what is credited of it."""
    kind = LessonKind(lesson.kind)
    return LessonValue(lesson.pk, lesson.place, lesson.title, kind, str(kind.label), lesson.seconds, credited)


def _seats(by: Actor) -> QuerySet[Participant]:
    if by.person_id is None:
        return Participant.objects.none()
    return Participant.objects.filter(person_id=by.person_id, left_at=None).select_related("training_class__programme")


def my_class(class_id: uuid.UUID, *, by: Actor) -> MyClass:
    """Return a class in which `by` has a seat; refuses (NotFound) others."""
    seat = _seats(by).filter(training_class_id=class_id).first()
    if seat is None:
        raise NotFound
    credited = hour_queries.lesson_seconds(seat.pk)
    lessons = seat.training_class.programme.lessons.all()
    return MyClass(
        participant_id=seat.pk,
        enrolment_id=seat.enrolment_id,
        admitted=seat.admitted_at is not None,
        training_class=class_value(seat.training_class),
        progress=hour_queries.progress(seat.enrolment_id),
        lessons=tuple(lesson_value(lesson, credited.get(lesson.pk, 0)) for lesson in lessons),
    )


def seat_for_lesson(lesson_id: uuid.UUID, *, by: Actor) -> tuple[Participant, Lesson]:
    """Return the seat by which `by` may open a lesson, and the lesson; refuses (NotFound) lessons of other classes."""
    lesson = Lesson.objects.select_related("programme").filter(pk=lesson_id).first()
    if lesson is None:
        raise NotFound
    seats = _seats(by).filter(training_class__programme=lesson.programme)
    seat = seats.order_by("training_class__state", "-seated_at").first()
    if seat is None:
        raise NotFound
    return seat, lesson


def my_lesson(lesson_id: uuid.UUID, *, by: Actor) -> tuple[MyClass, LessonValue, Lesson]:
    """Return a lesson with its class as the learner sees them; refuses (NotFound) lessons of other classes."""
    seat, lesson = seat_for_lesson(lesson_id, by=by)
    mine = my_class(seat.training_class_id, by=by)
    return mine, next(value for value in mine.lessons if value.id == lesson.pk), lesson


def last_position(participant_id: uuid.UUID, lesson_id: uuid.UUID) -> int:
    """Return the second of a video at which the learner was last."""
    rows = Heartbeat.objects.filter(session__participant_id=participant_id, session__lesson_id=lesson_id)
    return rows.exclude(position=None).order_by("-id").values_list("position", flat=True).first() or 0


def participants(training_class: TrainingClass) -> QuerySet[Participant]:
    """Return the seats of a class that are held, by name, each with `credited` seconds."""
    rows = Participant.objects.filter(training_class=training_class, left_at=None)
    return rows.annotate(credited=Sum("hours__seconds")).order_by(PinyinKey("name", person=True), "id")


def seats_for_attendance(training_class: TrainingClass, participant_ids: Collection[uuid.UUID]) -> list[Participant]:
    """Return admitted participants of a class, locked in the order of their keys; refuses (NotFound) any other."""
    rows = Participant.objects.select_for_update().filter(
        training_class=training_class, pk__in=participant_ids, left_at=None, admitted_at__isnull=False
    )
    seats = list(rows.order_by("pk"))
    if len(seats) != len(set(participant_ids)):
        raise NotFound
    return seats


def seat_for_staff(participant_id: uuid.UUID, *, by: Actor) -> Participant:
    """Return a participant that staff may look at: the desk all, a teacher those of their own classes."""
    seat = Participant.objects.select_related("training_class__programme").filter(pk=participant_id).first()
    if seat is None:
        raise NotFound
    class_for(seat.training_class_id, by=by)
    return seat


def attendances_today(training_class: TrainingClass, day: date) -> dict[uuid.UUID, int]:
    """Return the seconds entered on a day by participant."""
    rows = Attendance.objects.filter(participant__training_class=training_class, day=day)
    return dict(rows.values_list("participant_id").annotate(total=Sum("seconds")))


@dataclass(frozen=True, slots=True)
class OpenCorrection:
    """A correction of hours that waits for a second person."""

    id: uuid.UUID
    name: str
    proposed_by: uuid.UUID
    proposed_name: str
    why: str


_PROPOSED = Statement(
    lambda: (
        Correction.objects.filter(state=CorrectionState.PROPOSED).order_by("proposed_at").select_related("participant")
    )
)


def any_correction_open() -> Figure:
    """Return whether a correction waits for a second person, to be asked."""
    return _PROPOSED.exists()


def corrections_open() -> list[OpenCorrection]:
    """Return the corrections that wait for a second person, oldest first."""
    return [
        OpenCorrection(row.pk, row.participant.name, row.proposed_by, row.proposed_name, row.why)
        for row in _PROPOSED.fetch()
    ]


def correction(correction_id: uuid.UUID, *, lock: bool = False) -> Correction:
    """Return a correction; refuses (NotFound) an unknown one."""
    rows = Correction.objects.select_related("participant__training_class__programme")
    row = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=correction_id).first()
    if row is None:
        raise NotFound
    return row
