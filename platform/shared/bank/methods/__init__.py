"""Algorithms of the bank on plain values: soundness of items, drawing of papers, scores."""

from .drawing import DrawnItem, DrawnPart, Shortage, disjoint_papers, draw, least_overlap, order_of, shortages, shuffled
from .items import Fault, ItemDraft, PartDraft, Question, digest_of, faults
from .paper import PaperRule, PartRule, SectionRule, rule_of
from .scoring import QuestionKey, ScoreValue, SectionScore, mark, score

__all__ = [
    "DrawnItem",
    "DrawnPart",
    "Fault",
    "ItemDraft",
    "PaperRule",
    "PartDraft",
    "PartRule",
    "Question",
    "QuestionKey",
    "ScoreValue",
    "SectionRule",
    "SectionScore",
    "Shortage",
    "digest_of",
    "disjoint_papers",
    "draw",
    "faults",
    "least_overlap",
    "mark",
    "order_of",
    "rule_of",
    "score",
    "shortages",
    "shuffled",
]
