"""Writes of the exchange: messages out and in, reconciliation, files of existing platforms."""

from .arrivals import (
    KeyReused,
    Malformed,
    conclude,
    in_all_languages,
    process_arrival,
    process_due,
    receive,
    refusal_outcome,
)
from .files import FaultyRows, discard_file, import_file, upload_file
from .hour_records import record_hours
from .messages import (
    NOT_CONNECTED,
    ReasonRequired,
    SettledElsewhere,
    give_up,
    note_refused,
    note_settled,
    push,
    push_due,
    send,
    send_again,
    take_answer,
)
from .reconciling import reconcile, reconcile_all, resolve

__all__ = [
    "NOT_CONNECTED",
    "FaultyRows",
    "KeyReused",
    "Malformed",
    "ReasonRequired",
    "SettledElsewhere",
    "conclude",
    "discard_file",
    "give_up",
    "import_file",
    "in_all_languages",
    "note_refused",
    "note_settled",
    "process_arrival",
    "process_due",
    "push",
    "push_due",
    "receive",
    "reconcile",
    "reconcile_all",
    "record_hours",
    "refusal_outcome",
    "resolve",
    "send",
    "send_again",
    "take_answer",
    "upload_file",
]
