"""Writes of certificates: report results, take numbers, issue, correct, revoke, hand out copies."""

from .issuing import receive_number, receive_refusal
from .keeping import NothingToCorrect, WordsNeeded, correct, own_copy, report_again, revoke
from .lookups import TooMany, admit
from .reporting import AnotherResult, ask_again, collect, request_certificate, send_result

__all__ = [
    "AnotherResult",
    "NothingToCorrect",
    "TooMany",
    "WordsNeeded",
    "admit",
    "ask_again",
    "collect",
    "correct",
    "own_copy",
    "receive_number",
    "receive_refusal",
    "report_again",
    "request_certificate",
    "revoke",
    "send_result",
]
