"""Writes of certificates: report results, take numbers, issue, correct, revoke, hand out copies."""

from .education import Revoked, take_education
from .issuing import receive_number, receive_refusal
from .keeping import NothingToCorrect, WordsNeeded, correct, own_copy, report_again, revoke
from .lookups import TooMany, admit
from .numbering import give_own_number
from .reporting import (
    AnotherResult,
    note_refused,
    note_sent,
    request_certificate,
    send_result,
    take_answer,
    told,
)

__all__ = [
    "AnotherResult",
    "NothingToCorrect",
    "Revoked",
    "TooMany",
    "WordsNeeded",
    "admit",
    "correct",
    "give_own_number",
    "note_refused",
    "note_sent",
    "own_copy",
    "receive_number",
    "receive_refusal",
    "report_again",
    "request_certificate",
    "revoke",
    "send_result",
    "take_answer",
    "take_education",
    "told",
]
