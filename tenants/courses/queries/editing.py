"""What of a programme, a lesson or a class can still be changed."""

import uuid

from kernel.errors import NotFound

from ..models import HourEntry, Lesson, Programme, TrainingClass


def lesson(lesson_id: uuid.UUID) -> Lesson:
    """Return a lesson with its programme; refuses (NotFound) an unknown one."""
    row = Lesson.objects.select_related("programme").filter(pk=lesson_id).first()
    if row is None:
        raise NotFound
    return row


def lock_class(class_id: uuid.UUID) -> TrainingClass:
    """Return a class, locked; refuses (NotFound) an unknown one."""
    row = TrainingClass.objects.select_for_update().filter(pk=class_id).first()
    if row is None:
        raise NotFound
    return row


def fixed_of_programme(row: Programme) -> frozenset[str]:
    """Return the fields of a programme that cannot be changed any more: classes have copied the hours."""
    return frozenset(["class_hours"]) if row.classes.exists() else frozenset()


def fixed_of_lesson(row: Lesson) -> frozenset[str]:
    """Return the fields of a lesson that cannot be changed any more, because hours were credited by it."""
    used = HourEntry.objects.filter(participant__training_class__programme=row.programme_id).exists()
    return frozenset(["kind", "minutes", "video"]) if used else frozenset()
