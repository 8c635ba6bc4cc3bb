"""Reads: the questions, the scores that are due, runs, the public tables, an institution's history."""

from .editions import stars_rows
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
    "Check",
    "HistoryRow",
    "MethodFact",
    "Question",
    "Ranking",
    "Row",
    "ScoreLine",
    "UnscoredInstitutions",
    "check",
    "ended_year",
    "entrants",
    "for_officer",
    "has_rated",
    "history",
    "institution_for_scoring",
    "item_names",
    "last_day",
    "latest_year",
    "method_at",
    "method_facts",
    "months_differ",
    "preview",
    "published",
    "questions",
    "ranking",
    "rater_key",
    "row_of",
    "run_for",
    "run_life",
    "runs",
    "score_lines",
    "score_of",
    "scores_missing",
    "star_year",
    "stars_rows",
    "unscored",
    "years",
    "years_to_run",
]
