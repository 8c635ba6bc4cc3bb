"""What of a programme, a lesson or a class can still be changed."""

import uuid
from typing import Any

from kernel.errors import NotFound
from kernel.roles import Role

from ..models import HourEntry, Lesson, Programme, TrainingClass


def lesson(lesson_id: uuid.UUID) -> Lesson:
    """Return a lesson with its programme; refuses (NotFound) an unknown one."""
    row = Lesson.objects.select_related("programme").filter(pk=lesson_id).first()
    if row is None:
        raise NotFound
    return row


def lock_class(class_id: uuid.UUID) -> TrainingClass:
    """Return a class with its programme, locked; refuses (NotFound) an unknown one."""
    rows = TrainingClass.objects.select_for_update(of=("self",)).select_related("programme")
    row = rows.filter(pk=class_id).first()
    if row is None:
        raise NotFound
    return row


def stored_of_programme(row: Programme) -> dict[str, Any]:
    """Return the values that the page of a programme shows for change."""
    return {"title": row.title, "class_hours": row.class_hours}


def stored_of_lesson(row: Lesson) -> dict[str, Any]:
    """Return the values that the page of a lesson shows for change: its length in whole minutes."""
    return {"title": row.title, "kind": row.kind, "minutes": row.seconds // 60, "body": row.body, "video": row.media}


def stored_of_class(row: TrainingClass) -> dict[str, Any]:
    """Return the values that the page of a class shows for change."""
    names = ("name", "starts_on", "ends_on", "capacity", "place")
    return {name: getattr(row, name) for name in names} | {Role.TEACHER: str(row.teacher or "")}


def fixed_of_programme(row: Programme) -> frozenset[str]:
    """Return the fields of a programme that cannot be changed any more: classes have copied the hours."""
    return frozenset(["class_hours"]) if row.classes.exists() else frozenset()


def fixed_of_lesson(row: Lesson) -> frozenset[str]:
    """Return the fields of a lesson that cannot be changed any more, because hours were credited by it."""
    used = HourEntry.objects.filter(participant__training_class__programme=row.programme_id).exists()
    return frozenset(["kind", "minutes", "video"]) if used else frozenset()
