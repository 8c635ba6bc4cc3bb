"""Pure sums of a test: its clock, its seats, its numbers, what comes over its wire."""

from .numbering import sitting_number, ticket_number
from .seating import seats_for
from .timing import FLUSH, SAVE_GRACE, SWEEP_GRACE, Timing, Verdict, deadline, judge
from .wire import Answer, BadRequest, Finish, Save, read_finish, read_save, score_text, wire_state

__all__ = [
    "FLUSH",
    "SAVE_GRACE",
    "SWEEP_GRACE",
    "Answer",
    "BadRequest",
    "Finish",
    "Save",
    "Timing",
    "Verdict",
    "deadline",
    "judge",
    "read_finish",
    "read_save",
    "score_text",
    "seats_for",
    "sitting_number",
    "ticket_number",
    "wire_state",
]
