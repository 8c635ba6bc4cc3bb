"""Writes of courses: programmes and lessons, classes, seats, study, hours."""

from .classes import BadDays, TooFewSeats, close_class, open_class, plan_class, start_class
from .hours import (
    AlreadyDecided,
    DayOutside,
    Marked,
    NothingToMark,
    SecondPersonNeeded,
    TooMuch,
    attend,
    decide_correction,
    propose_correction,
)
from .programmes import InUse, NotCommitted, TooFewHours, add_lesson, open_programme
from .seats import ClassFull, NotEnrolling, NotSeated, admit, hold_seat, leave
from .study import Beaten, LearningEnded, NonceUsed, NotLearning, Studying, begin_study, end_study, heartbeat

__all__ = [
    "AlreadyDecided",
    "BadDays",
    "Beaten",
    "ClassFull",
    "DayOutside",
    "InUse",
    "LearningEnded",
    "Marked",
    "NonceUsed",
    "NotCommitted",
    "NotEnrolling",
    "NotLearning",
    "NotSeated",
    "NothingToMark",
    "SecondPersonNeeded",
    "Studying",
    "TooFewHours",
    "TooFewSeats",
    "TooMuch",
    "add_lesson",
    "admit",
    "attend",
    "begin_study",
    "close_class",
    "decide_correction",
    "end_study",
    "heartbeat",
    "hold_seat",
    "leave",
    "open_class",
    "open_programme",
    "plan_class",
    "propose_correction",
    "start_class",
]
