"""Writes of courses: programmes and lessons, classes, seats, study, hours."""

from .classes import InvalidClassDates, TooFewSeats, close_class, open_class, plan_class, start_class
from .hours import (
    AlreadyDecided,
    AttendanceIncomplete,
    AttendanceResult,
    DayLimitExceeded,
    DayOutsideClass,
    SecondPersonNeeded,
    attend,
    decide_correction,
    propose_correction,
)
from .programmes import NotCommitted, ProgrammeInUse, TooFewHours, add_lesson, open_programme
from .seats import ClassFull, NotEnrolling, NotSeated, admit, hold_seat, leave
from .study import (
    HeartbeatResult,
    LearningEnded,
    LessonUnavailable,
    NonceUsed,
    StudySessionValue,
    begin_study,
    end_study,
    heartbeat,
)

__all__ = [
    "AlreadyDecided",
    "AttendanceIncomplete",
    "AttendanceResult",
    "ClassFull",
    "DayLimitExceeded",
    "DayOutsideClass",
    "HeartbeatResult",
    "InvalidClassDates",
    "LearningEnded",
    "LessonUnavailable",
    "NonceUsed",
    "NotCommitted",
    "NotEnrolling",
    "NotSeated",
    "ProgrammeInUse",
    "SecondPersonNeeded",
    "StudySessionValue",
    "TooFewHours",
    "TooFewSeats",
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
