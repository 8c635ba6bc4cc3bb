"""Pure sums of a test: its clock, its seats, its numbers, what comes over its wire."""

from .numbering import room_group, sitting_number, ticket_number
from .seating import seats_for
from .timing import FLUSH, SAVE_GRACE, SWEEP_GRACE, Timing, Verdict, deadline, judge
from .tokens import AFTER_THE_END, BadToken, Token, mint, read_token
from .wire import Answer, BadRequest, Finish, Save, has_result, read_finish, read_save, score_text, wire_state

__all__ = [
    "AFTER_THE_END",
    "FLUSH",
    "SAVE_GRACE",
    "SWEEP_GRACE",
    "Answer",
    "BadRequest",
    "BadToken",
    "Finish",
    "Save",
    "Timing",
    "Token",
    "Verdict",
    "deadline",
    "has_result",
    "judge",
    "mint",
    "read_finish",
    "read_save",
    "read_token",
    "room_group",
    "score_text",
    "seats_for",
    "sitting_number",
    "ticket_number",
    "wire_state",
]
