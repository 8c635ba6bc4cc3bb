"""Pure functions of a test: its clock, its seats, its numbers, its protocol."""

from .numbering import room_group, sitting_number, ticket_number
from .protocol import Answer, BadRequest, Finish, Save, has_result, page_state, read_finish, read_save, score_text
from .seating import seats_for
from .timing import HOLD_GRACE, SAVE_GRACE, SWEEP_GRACE, Timing, Verdict, deadline, judge
from .tokens import TOKEN_GRACE, BadToken, Token, mint, read_token

__all__ = [
    "HOLD_GRACE",
    "SAVE_GRACE",
    "SWEEP_GRACE",
    "TOKEN_GRACE",
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
    "page_state",
    "read_finish",
    "read_save",
    "read_token",
    "room_group",
    "score_text",
    "seats_for",
    "sitting_number",
    "ticket_number",
]
