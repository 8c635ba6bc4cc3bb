"""Which items make a paper: the same seed always draws the same paper, in any language that has SHA-256.

No random generator is used: everything is put in the order of SHA-256(seed, name), which anybody can compute again.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..states import LETTERS, Kind
from .items import Question
from .paper import PaperRule


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """One answerable question of a paper: the order in which its options are shown, and the key in shown letters."""

    code: str
    order: str
    key: str


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """One numbered item of a paper: the version drawn, and its questions (a case has several)."""

    no: int
    version_id: str
    kind: str
    questions: tuple[DrawnPart, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Shortage:
    """The bank holds fewer items of a kind than a paper needs; `own`: of the position's own, beside the common ones.

    `block` is a block that the blueprint names, or empty for all of them.
    """

    kind: str
    needed: int
    available: int
    own: bool = False
    block: str = ""


def order_of(seed: str, names: Iterable[str]) -> list[str]:
    """Return `names` in the order that `seed` gives them."""
    return sorted(names, key=lambda name: (hashlib.sha256(f"{seed}\n{name}".encode()).digest(), name))


@dataclass(frozen=True, slots=True)
class _Pool:
    """A part of the pool from which a section takes a fixed number: a block of the blueprint, or own and common."""

    questions: Sequence[Question]
    take: int
    block: str = ""


def shortages(rule: PaperRule, pool: Sequence[Question]) -> list[Shortage]:
    """Return the kinds of which the pool does not hold enough for one paper; empty when a paper can be drawn.

    A paper of common items alone asks nothing of its position: each section needs an item of the position's own. Under
    a blueprint each of its blocks needs its share.
    """
    by_kind = _by_kind(rule, pool)
    short_kinds = [
        Shortage(s.kind, s.count, len(by_kind[s.kind])) for s in rule.sections if len(by_kind[s.kind]) < s.count
    ]
    without_own = [s.kind for s in rule.sections if s.count and all(question.common for question in by_kind[s.kind])]
    short_blocks = [
        Shortage(section.kind, group.take, len(group.questions), block=group.block)
        for section in rule.sections
        for group in _groups(rule, by_kind[section.kind], section.count)
        if group.block and len(group.questions) < group.take
    ]
    return [*short_kinds, *(Shortage(kind, 1, 0, own=True) for kind in without_own), *short_blocks]


def disjoint_papers(rule: PaperRule, pool: Sequence[Question]) -> int:
    """Return how many papers without a common item the pool yields: what the scarcest part of it allows."""
    groups = _all_groups(rule, pool)
    return min((len(group.questions) // group.take for group in groups if group.take), default=0)


def least_overlap(rule: PaperRule, pool: Sequence[Question]) -> int:
    """Return how many items two papers must share at least, where the second avoids the first's."""
    return sum(max(0, 2 * group.take - len(group.questions)) for group in _all_groups(rule, pool))


def _all_groups(rule: PaperRule, pool: Sequence[Question]) -> list[_Pool]:
    by_kind = _by_kind(rule, pool)
    return [group for section in rule.sections for group in _groups(rule, by_kind[section.kind], section.count)]


def _groups(rule: PaperRule, questions: Sequence[Question], count: int) -> list[_Pool]:
    """Return from where a section's `count` items come: by the blueprint, or own and common ones by what is held."""
    if rule.weights:
        take = _shares(dict(rule.weights), count, sorted(block for block, _ in rule.weights))
        return [_Pool([q for q in questions if q.block == block], take[block], block) for block in take]
    own = [question for question in questions if not question.common]
    common = [question for question in questions if question.common]
    own_share = (2 * count * len(own) + len(questions)) // (
        2 * max(1, len(questions))
    )  # rounded half up, without floats
    own_count = min(len(own), max(own_share, 1, count - len(common)))
    return [_Pool(own, own_count), _Pool(common, count - own_count)]


def _shares(weights: Mapping[str, float], count: int, order: Sequence[str]) -> dict[str, int]:
    """Return `count` split by weights, by largest remainder; of equal remainders the first in `order` has it."""
    total = sum(weights.values())
    exact = {block: count * weight / total for block, weight in weights.items()}
    take = {block: int(share) for block, share in exact.items()}
    rest = sorted(weights, key=lambda block: (take[block] - exact[block], order.index(block)))
    for block in rest[: count - sum(take.values())]:
        take[block] += 1
    return take


def draw(rule: PaperRule, pool: Sequence[Question], seed: str, avoid: Collection[str] = ()) -> list[DrawnItem]:
    """Return a paper, spread over the blocks by the blueprint or by what is held, common and own, options shuffled.

    Items whose code is in `avoid` are taken only where no other is left. Raises ValueError where the pool is too small
    (ask `shortages` first).
    """
    if missing := shortages(rule, pool):
        raise ValueError(f"the pool is too small: {missing}")
    by_kind = _by_kind(rule, pool)
    paper: list[DrawnItem] = []
    for section in rule.sections:
        groups = _groups(rule, by_kind[section.kind], section.count)
        chosen = _choose(groups, f"{seed}:{section.kind}", avoid)
        for question in chosen:
            paper.append(_draw_item(len(paper) + 1, question, seed))
    return paper


def _by_kind(rule: PaperRule, pool: Sequence[Question]) -> Mapping[str, list[Question]]:
    """Return the usable items by kind: a case counts only if its parts are those that the rule marks."""
    wanted = {s.kind: tuple(p.kind for p in s.parts) for s in rule.sections}
    result: dict[str, list[Question]] = defaultdict(list)
    for question in pool:
        if wanted.get(question.kind) == tuple(part.kind for part in question.parts):
            result[question.kind].append(question)
    return result


def _choose(groups: Sequence[_Pool], seed: str, avoid: Collection[str]) -> list[Question]:
    """Return the questions that a section takes from its groups, in the seed's order."""
    by_code = {question.code: question for group in groups for question in group.questions}
    codes = [code for group in groups for code in _unseen_first(group, seed, avoid)]
    return [by_code[code] for code in order_of(f"{seed}:places", codes)]


def _unseen_first(group: _Pool, seed: str, avoid: Collection[str]) -> list[str]:
    unseen = [question for question in group.questions if question.code not in avoid]
    seen = [question for question in group.questions if question.code in avoid]
    enough = min(group.take, len(unseen))
    return _spread(unseen, enough, seed) + _spread(seen, group.take - enough, seed)


def _spread(questions: Sequence[Question], count: int, seed: str) -> list[str]:
    """Return the codes of `count` questions, spread over the blocks by what they hold."""
    if not count:
        return []
    stock = Counter(question.block for question in questions)
    take = _shares(stock, count, order_of(f"{seed}:blocks", stock))
    chosen: list[str] = []
    for block in sorted(stock):
        codes = [question.code for question in questions if question.block == block]
        chosen += order_of(seed, codes)[: take[block]]
    return chosen


def _draw_item(no: int, question: Question, seed: str) -> DrawnItem:
    answerable = question.parts or (question,)
    parts = tuple(
        shuffled(part, seed=f"{seed}:{question.code}:{part.code}", code=part.code if question.parts else "")
        for part in answerable
    )
    return DrawnItem(no, question.version_id, question.kind, parts)


def shuffled(question: Question, *, seed: str, code: str = "") -> DrawnPart:
    """Return the shown order of a question's options ("BDAC": B is shown first) and its key in shown letters."""
    if question.kind == Kind.JUDGEMENT:
        return DrawnPart(code, "", question.key)
    order = "".join(order_of(seed, LETTERS[: question.options]))
    key = "".join(sorted(LETTERS[order.index(letter)] for letter in question.key))
    return DrawnPart(code, order, key)
