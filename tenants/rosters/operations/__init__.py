"""Writes of rosters: applications with their decision, enrolments, people at the counter."""

from .applications import AlreadyApplied, BirthdayMissing, InstitutionNotEnrolling, admit_by_decision, apply
from .arrivals import Applicant, ConsentMissing, NoOpenClass, apply_from_outside
from .counter import NameDiffers, apply_at_counter, register_walk_in
from .enrolments import complete, confirm_paid, enrol, withdraw
from .privacy import note_evidence_seen

__all__ = [
    "AlreadyApplied",
    "Applicant",
    "BirthdayMissing",
    "ConsentMissing",
    "InstitutionNotEnrolling",
    "NameDiffers",
    "NoOpenClass",
    "admit_by_decision",
    "apply",
    "apply_at_counter",
    "apply_from_outside",
    "complete",
    "confirm_paid",
    "enrol",
    "note_evidence_seen",
    "register_walk_in",
    "withdraw",
]
