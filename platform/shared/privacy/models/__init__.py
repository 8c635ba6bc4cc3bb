"""Tables of privacy: rights asked for, deletions made, incidents, and what must be on record."""

from .breaches import Breach, BreachEntry
from .deletions import Deletion, Hold
from .processing import Assessment, Entrusting
from .rights import Closing, ClosingAnswer, Copy, CopyPart, Correction

__all__ = [
    "Assessment",
    "Breach",
    "BreachEntry",
    "Closing",
    "ClosingAnswer",
    "Copy",
    "CopyPart",
    "Correction",
    "Deletion",
    "Entrusting",
    "Hold",
]
