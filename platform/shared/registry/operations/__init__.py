"""Writes of the registry: the institution's, the authority's, the public's, and the ministry's answer."""

from .drafts import (
    BadValue,
    NoSelfCheck,
    NotEditable,
    OneIsOpen,
    add_evidence,
    apply,
    open_commitment,
    remove_evidence,
    save_draft,
)
from .existing import ConfirmedAlready, ListNeeded, TooYoung, confirm_existing
from .ministry import note_sent, receive_receipt, take_receipt, told, upload
from .publicity import NoticeOver, SayWhat, TooMany, close_notice, close_notices, decide_objection, object_
from .signing import Incomplete, NotAccepted, NotConfirmed, NotMet, TrainsOn, submit, withdraw
from .terms import recount_terms
from .verifications import (
    BadVisit,
    Contradiction,
    FoundLine,
    LinesOpen,
    ReasonNeeded,
    VersionChanged,
    save_checks,
    sign_verification,
)

__all__ = [
    "BadValue",
    "BadVisit",
    "ConfirmedAlready",
    "Contradiction",
    "FoundLine",
    "Incomplete",
    "LinesOpen",
    "ListNeeded",
    "NoSelfCheck",
    "NotAccepted",
    "NotConfirmed",
    "NotEditable",
    "NotMet",
    "NoticeOver",
    "OneIsOpen",
    "ReasonNeeded",
    "SayWhat",
    "TooMany",
    "TooYoung",
    "TrainsOn",
    "VersionChanged",
    "add_evidence",
    "apply",
    "close_notice",
    "close_notices",
    "confirm_existing",
    "decide_objection",
    "note_sent",
    "object_",
    "open_commitment",
    "receive_receipt",
    "recount_terms",
    "remove_evidence",
    "save_checks",
    "save_draft",
    "sign_verification",
    "submit",
    "take_receipt",
    "told",
    "upload",
    "withdraw",
]
