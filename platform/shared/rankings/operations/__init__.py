"""Writes of the rankings: ratings, the authority's scores, yearly runs."""

from .ratings import AlreadyRated, AnswersIncomplete, count_eligible, record_rating
from .runs import (
    CorrectionReasonRequired,
    CountsDiffer,
    NothingToRun,
    SameOfficer,
    ScoresMissing,
    YearNotOver,
    discard_run,
    publish_run,
    run_year,
)
from .scores import ScoreIncomplete, YearNotBegun, enter_authority_score

__all__ = [
    "AlreadyRated",
    "AnswersIncomplete",
    "CorrectionReasonRequired",
    "CountsDiffer",
    "NothingToRun",
    "SameOfficer",
    "ScoreIncomplete",
    "ScoresMissing",
    "YearNotBegun",
    "YearNotOver",
    "count_eligible",
    "discard_run",
    "enter_authority_score",
    "publish_run",
    "record_rating",
    "run_year",
]
