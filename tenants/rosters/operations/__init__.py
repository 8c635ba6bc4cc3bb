"""Writes of rosters: applications with their decision, enrolments, people at the counter."""

from .applications import AlreadyApplied, BirthdayMissing, NotTaking, admit_by_decision, apply
from .counter import NameDiffers, apply_at_counter, register_walk_in
from .enrolments import complete, confirm_paid, enrol, withdraw

__all__ = [
    "AlreadyApplied",
    "BirthdayMissing",
    "NameDiffers",
    "NotTaking",
    "admit_by_decision",
    "apply",
    "apply_at_counter",
    "complete",
    "confirm_paid",
    "enrol",
    "register_walk_in",
    "withdraw",
]
