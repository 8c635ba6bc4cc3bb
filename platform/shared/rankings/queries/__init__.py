"""Reads: the questions, the scores that are due, runs, the public tables, an institution's history."""

from .impact import star_year
from .periods import ended_year, last_day
from .questions import MethodFact, Question, has_rated, item_names, method_at, method_facts, questions, rater_key
from .runs import (
    UnscoredInstitutions,
    entrants,
    months_differ,
    published,
    run_for,
    run_life,
    runs,
    unscored,
    years_to_run,
)
from .scores import ScoreLine, institution_for_scoring, score_lines, score_of, scores_missing
from .tables import Check, HistoryRow, Ranking, Row, check, history, latest_year, preview, ranking, row_of, years
from .todos import for_officer

__all__ = [
    "UnscoredInstitutions",
    "Check",
    "HistoryRow",
    "MethodFact",
    "Question",
    "Ranking",
    "Row",
    "ScoreLine",
    "item_names",
    "unscored",
    "check",
    "ended_year",
    "entrants",
    "history",
    "last_day",
    "latest_year",
    "method_at",
    "method_facts",
    "months_differ",
    "preview",
    "published",
    "questions",
    "ranking",
    "has_rated",
    "rater_key",
    "row_of",
    "run_for",
    "run_life",
    "runs",
    "score_lines",
    "score_of",
    "institution_for_scoring",
    "scores_missing",
    "star_year",
    "for_officer",
    "years",
    "years_to_run",
]
