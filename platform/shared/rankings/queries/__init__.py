"""Reads: the questions, the scores that are due, runs, the public tables, an institution's history."""

from .periods import ended_year, last_day
from .questions import MethodFact, Question, asked, method_at, method_facts, questions, rated, rater_key
from .runs import Blocked, blocked_by, entrants, months_differ, published, run_for, run_life, runs, years_to_run
from .scores import ScoreLine, score_lines, score_of, scored_by, scores_missing
from .tables import Check, HistoryRow, Ranking, Row, check, history, latest_year, preview, ranking, row_of, years
from .todos import waiting
from .touched import star_year

__all__ = [
    "Blocked",
    "Check",
    "HistoryRow",
    "MethodFact",
    "Question",
    "Ranking",
    "Row",
    "ScoreLine",
    "asked",
    "blocked_by",
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
    "rated",
    "rater_key",
    "row_of",
    "run_for",
    "run_life",
    "runs",
    "score_lines",
    "score_of",
    "scored_by",
    "scores_missing",
    "star_year",
    "waiting",
    "years",
    "years_to_run",
]
