"""Writes of certificates: report results, take numbers, issue, correct, revoke, hand out copies."""

from .corrections import NothingToCorrect, ReasonRequired, correct, own_copy, report_again, revoke
from .education import Revoked, take_education
from .issuing import receive_number, receive_refusal
from .lookups import TooManyLookups, limit_lookups
from .numbering import assign_own_number
from .reporting import (
    AnotherResult,
    compose_report,
    note_refused,
    note_sent,
    request_certificate,
    send_result,
    take_answer,
)

__all__ = [
    "AnotherResult",
    "NothingToCorrect",
    "ReasonRequired",
    "Revoked",
    "TooManyLookups",
    "assign_own_number",
    "compose_report",
    "correct",
    "limit_lookups",
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
]
