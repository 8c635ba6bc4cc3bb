"""Reads of rosters: enrolments, readiness for the test, and what waits for trainees and staff."""

from .desks import figures, staff_todo_source, staff_todos, trainee_todo_source, trainee_todos
from .enrolments import (
    EnrolmentValue,
    Readiness,
    Told,
    Training,
    declared,
    enrolment,
    enrolment_for,
    enrolment_of_class,
    enrolments,
    enrolments_of,
    ready_for_test,
    row,
    steps,
    trainings_of,
    value,
)
from .life import life

__all__ = [
    "EnrolmentValue",
    "Readiness",
    "Told",
    "Training",
    "declared",
    "enrolment",
    "enrolment_for",
    "enrolment_of_class",
    "enrolments",
    "enrolments_of",
    "figures",
    "life",
    "ready_for_test",
    "row",
    "staff_todo_source",
    "staff_todos",
    "steps",
    "trainee_todo_source",
    "trainee_todos",
    "trainings_of",
    "value",
]
