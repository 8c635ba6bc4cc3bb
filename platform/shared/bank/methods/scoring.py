"""Scores. Points are exact decimals: half a point exists where the policy counts subsets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..states import Kind
from ..values import ScoreValue, SectionScore
from .paper import PaperRule

ALL_OR_NOTHING = "all-or-nothing"
HALF_FOR_SUBSET = "half-for-subset"


@dataclass(frozen=True, slots=True)
class QuestionKey:
    """One answerable question of a paper as it is marked: its name ("12", "71.a"), section, kind, key, points."""

    name: str
    section: str
    kind: str
    key: str
    points: int


def mark(question: QuestionKey, choice: str, method: str) -> Decimal:
    """Return what one answer earns: everything for exactly the key; for part of a multiple's key what `method` says."""
    chosen, key = set(choice), set(question.key)
    if chosen == key:
        return Decimal(question.points)
    if question.kind == Kind.MULTIPLE and method == HALF_FOR_SUBSET and chosen and chosen < key:
        return Decimal(question.points) / 2
    return Decimal(0)


def score(rule: PaperRule, questions: Sequence[QuestionKey], answers: Mapping[str, str]) -> ScoreValue:
    """Return the score of `answers` (by question name); what is not answered, or asked nowhere, earns nothing."""
    earned = {q.name: mark(q, answers.get(q.name, ""), rule.multiple_choice) for q in questions}
    sections = []
    for section in rule.sections:
        own = [q for q in questions if q.section == section.kind]
        points = sum((earned[q.name] for q in own), Decimal(0))
        right = sum(earned[q.name] == q.points for q in own)
        sections.append(SectionScore(section.kind, points, sum(q.points for q in own), right, len(own)))
    total = sum((s.points for s in sections), Decimal(0))
    return ScoreValue(total, rule.full_mark, rule.pass_mark, total >= rule.pass_mark, tuple(sections), rule.policy)
