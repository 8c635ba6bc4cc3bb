"""Values of scored papers, as tests and scores above read them."""

from dataclasses import dataclass
from decimal import Decimal

QUESTIONS_RETENTION = "1 day, until its questions are taken in"
"""Of an uploaded file of questions, which holds their keys."""


@dataclass(frozen=True, slots=True)
class SectionScore:
    """What was reached in one section."""

    kind: str
    points: Decimal
    out_of: int
    right: int
    questions: int


@dataclass(frozen=True, slots=True)
class ScoreValue:
    """What a paper's answers are worth under one policy version."""

    points: Decimal
    full_mark: int
    pass_mark: int
    passed: bool
    sections: tuple[SectionScore, ...]
    policy: str
