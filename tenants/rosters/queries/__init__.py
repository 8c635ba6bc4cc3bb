"""Reads of rosters: enrolments, readiness for the test, and what waits for trainees and staff."""

from .enrolments import (
    EnrolmentValue,
    Readiness,
    RefusalReason,
    Training,
    declared,
    enrolment,
    enrolment_for,
    enrolment_lines,
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
from .privacy import OVERWRITTEN, applications_due, evidence_due, with_evidence
from .todos import figures, staff_todo_source, staff_todos, trainee_todo_source, trainee_todos

__all__ = [
    "OVERWRITTEN",
    "EnrolmentValue",
    "Readiness",
    "RefusalReason",
    "Training",
    "applications_due",
    "declared",
    "enrolment",
    "enrolment_for",
    "enrolment_lines",
    "enrolment_of_class",
    "enrolments",
    "enrolments_of",
    "evidence_due",
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
    "with_evidence",
]
