"""The structure of a paper, as a small frozen value made from the policy pack."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PartRule:
    """One question of a case: its kind and what it is worth."""

    kind: str
    points: int


@dataclass(frozen=True, slots=True)
class SectionRule:
    """So many items of one kind, each worth so many points; a case's points are split over its parts."""

    kind: str
    count: int
    points: int
    parts: tuple[PartRule, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperRule:
    """What a paper consists of and how it is marked, stamped with the policy version it was read from.

    `weights` is the blueprint: blocks with their percent; empty where the spread follows what the bank holds.
    """

    policy: str
    minutes: int
    full_mark: int
    pass_mark: int
    multiple_choice: str
    sections: tuple[SectionRule, ...]
    weights: tuple[tuple[str, float], ...] = ()

    @property
    def items(self) -> int:
        """Return how many items a paper has, a case being one."""
        return sum(section.count for section in self.sections)

    @property
    def questions(self) -> int:
        """Return how many questions are answered, each part of a case being one."""
        return sum(section.count * max(1, len(section.parts)) for section in self.sections)


def rule_of(pack: Any, position: str) -> PaperRule:
    """Return the structure of a position's paper under a policy pack (shared.policy.queries.pack_at)."""
    paper = pack.paper
    sections = tuple(
        SectionRule(s.key, s.count, s.points, tuple(PartRule(p.kind, p.points) for p in s.parts))
        for s in paper.sections
    )
    weights = tuple(paper.blocks(position).items())
    return PaperRule(
        pack.version, paper.minutes, paper.full_mark, paper.pass_mark, paper.multiple_choice, sections, weights
    )
