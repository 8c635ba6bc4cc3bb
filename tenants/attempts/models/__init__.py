"""Attempts, what the live side writes of them, and what they yield."""

from .answers import AnswerLog, Presence
from .attempts import Attempt, IdCheck, Impediment, Score, TimeGrant

__all__ = ["AnswerLog", "Attempt", "IdCheck", "Impediment", "Presence", "Score", "TimeGrant"]
