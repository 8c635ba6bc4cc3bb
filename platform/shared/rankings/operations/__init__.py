"""Writes of the rankings: ratings, the authority's scores, yearly runs."""

from .ratings import AlreadyRated, AnswersIncomplete, count_asked, record_rating
from .runs import (
    CountsDiffer,
    NothingToRun,
    ReasonForCorrection,
    SameOfficer,
    ScoresMissing,
    YearNotOver,
    discard_run,
    publish_run,
    run_year,
)
from .scores import ScoreIncomplete, YearAhead, enter_authority_score

__all__ = [
    "AlreadyRated",
    "AnswersIncomplete",
    "CountsDiffer",
    "NothingToRun",
    "ReasonForCorrection",
    "SameOfficer",
    "ScoreIncomplete",
    "ScoresMissing",
    "YearAhead",
    "YearNotOver",
    "count_asked",
    "discard_run",
    "enter_authority_score",
    "publish_run",
    "record_rating",
    "run_year",
]
