"""Rooms and sittings, attempts, and the tables that the gateway writes."""

from .attempts import Attempt, IdCheck, Score, TimeGrant
from .live import AnswerLog, Presence, SittingEvent, SittingHead
from .sittings import Candidacy, Duty, Impediment, Room, Sitting

__all__ = [
    "AnswerLog",
    "Attempt",
    "Candidacy",
    "Duty",
    "IdCheck",
    "Impediment",
    "Presence",
    "Room",
    "Score",
    "Sitting",
    "SittingEvent",
    "SittingHead",
    "TimeGrant",
]
