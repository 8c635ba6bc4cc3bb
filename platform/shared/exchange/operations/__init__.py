"""Writes of the exchange: messages out and in, reconciliation, files of existing platforms."""

from .arrivals import KeyReused, Malformed, conclude, receive, refused, said, take, take_due
from .files import Faulty, bring_file, drop_file, take_file
from .kept import keep_hours
from .messages import (
    NOT_CONNECTED,
    ReasonNeeded,
    SettledElsewhere,
    give_up,
    move_on,
    note_refused,
    note_settled,
    push,
    send,
    send_again,
    take_answer,
)
from .reconciling import reconcile, reconcile_all, resolve

__all__ = [
    "NOT_CONNECTED",
    "Faulty",
    "KeyReused",
    "Malformed",
    "ReasonNeeded",
    "SettledElsewhere",
    "bring_file",
    "conclude",
    "drop_file",
    "give_up",
    "keep_hours",
    "move_on",
    "note_refused",
    "note_settled",
    "push",
    "receive",
    "reconcile",
    "reconcile_all",
    "refused",
    "resolve",
    "said",
    "send",
    "send_again",
    "take",
    "take_answer",
    "take_due",
    "take_file",
]
