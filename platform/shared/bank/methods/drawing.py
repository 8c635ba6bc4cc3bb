"""Which items make a paper: the same seed always draws the same paper, in any language that has SHA-256.

No random generator is used: everything is put in the order of SHA-256(seed, name), which anybody can compute again.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.bank.states import LETTERS, Kind

from .items import Question
from .paper import PaperRule


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """One answerable question of a paper: the order in which its options are shown, and the key in shown letters."""

    code: str
    order: str
    key: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One numbered item of a paper: the version drawn, and its questions (a case has several)."""

    no: int
    version_id: str
    kind: str
    questions: tuple[DrawnPart, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Shortage:
    """The bank holds fewer items of a kind than a paper needs."""

    kind: str
    needed: int
    found: int


def order_of(seed: str, names: Iterable[str]) -> list[str]:
    """Return `names` in the order that `seed` gives them."""
    return sorted(names, key=lambda name: (hashlib.sha256(f"{seed}\n{name}".encode()).digest(), name))


def shortages(rule: PaperRule, pool: Sequence[Question]) -> list[Shortage]:
    """Return the kinds of which the pool does not hold enough for one paper; empty when a paper can be drawn."""
    found = _by_kind(rule, pool)
    return [Shortage(s.kind, s.count, len(found[s.kind])) for s in rule.sections if len(found[s.kind]) < s.count]


def disjoint_papers(rule: PaperRule, pool: Sequence[Question]) -> int:
    """Return how many papers without a common item the pool yields: what the scarcest kind allows."""
    found = _by_kind(rule, pool)
    return min((len(found[s.kind]) // s.count for s in rule.sections), default=0)


def draw(rule: PaperRule, pool: Sequence[Question], seed: str) -> list[Drawn]:
    """Return a paper: each kind spread over the blocks in proportion to what they hold, options shuffled.

    Raises ValueError where the pool is too small (ask `shortages` first).
    """
    if missing := shortages(rule, pool):
        raise ValueError(f"the pool is too small: {missing}")
    found = _by_kind(rule, pool)
    paper: list[Drawn] = []
    for section in rule.sections:
        chosen = _spread(found[section.kind], section.count, f"{seed}:{section.kind}")
        for question in chosen:
            paper.append(_drawn(len(paper) + 1, question, seed))
    return paper


def _by_kind(rule: PaperRule, pool: Sequence[Question]) -> Mapping[str, list[Question]]:
    """Return the usable items by kind: a case counts only if its parts are those that the rule marks."""
    wanted = {s.kind: tuple(p.kind for p in s.parts) for s in rule.sections}
    found: dict[str, list[Question]] = defaultdict(list)
    for question in pool:
        if wanted.get(question.kind) == tuple(part.kind for part in question.parts):
            found[question.kind].append(question)
    return found


def _spread(questions: Sequence[Question], count: int, seed: str) -> list[Question]:
    """Return `count` questions, spread over the blocks by largest remainder, in the seed's order."""
    held = Counter(question.block for question in questions)
    exact = {block: count * number / len(questions) for block, number in held.items()}
    take = {block: int(share) for block, share in exact.items()}
    by_seed = {block: n for n, block in enumerate(order_of(f"{seed}:blocks", held))}
    rest = sorted(held, key=lambda block: (take[block] - exact[block], by_seed[block]))
    for block in rest[: count - sum(take.values())]:
        take[block] += 1
    by_code = {question.code: question for question in questions}
    chosen: list[str] = []
    for block in sorted(held):
        codes = [question.code for question in questions if question.block == block]
        chosen += order_of(seed, codes)[: take[block]]
    return [by_code[code] for code in order_of(f"{seed}:places", chosen)]


def _drawn(no: int, question: Question, seed: str) -> Drawn:
    asked = question.parts or (question,)
    parts = tuple(
        shuffled(part, seed=f"{seed}:{question.code}:{part.code}", code=part.code if question.parts else "")
        for part in asked
    )
    return Drawn(no, question.version_id, question.kind, parts)


def shuffled(question: Question, *, seed: str, code: str = "") -> DrawnPart:
    """Return the shown order of a question's options ("BDAC": B is shown first) and its key in shown letters."""
    if question.kind == Kind.JUDGEMENT:
        return DrawnPart(code, "", question.key)
    order = "".join(order_of(seed, LETTERS[: question.options]))
    key = "".join(sorted(LETTERS[order.index(letter)] for letter in question.key))
    return DrawnPart(code, order, key)
