"""Which items make a paper: the same seed always draws the same paper, in any language that has SHA-256.

No random generator is used: everything is put in the order of SHA-256(seed, name), which anybody can compute again.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
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
    """The bank holds fewer items of a kind than a paper needs; `own`: of the position's own, beside the common ones."""

    kind: str
    needed: int
    found: int
    own: bool = False


def order_of(seed: str, names: Iterable[str]) -> list[str]:
    """Return `names` in the order that `seed` gives them."""
    return sorted(names, key=lambda name: (hashlib.sha256(f"{seed}\n{name}".encode()).digest(), name))


def shortages(rule: PaperRule, pool: Sequence[Question]) -> list[Shortage]:
    """Return the kinds of which the pool does not hold enough for one paper; empty when a paper can be drawn.

    A paper of common items alone asks nothing of its position: each section needs an item of the position's own.
    """
    found = _by_kind(rule, pool)
    whole = [Shortage(s.kind, s.count, len(found[s.kind])) for s in rule.sections if len(found[s.kind]) < s.count]
    bare = [s.kind for s in rule.sections if s.count and all(question.common for question in found[s.kind])]
    return whole + [Shortage(kind, 1, 0, own=True) for kind in bare]


def disjoint_papers(rule: PaperRule, pool: Sequence[Question]) -> int:
    """Return how many papers without a common item the pool yields: what the scarcest kind allows."""
    found = _by_kind(rule, pool)
    return min((len(found[s.kind]) // s.count for s in rule.sections), default=0)


def least_overlap(rule: PaperRule, pool: Sequence[Question]) -> int:
    """Return how many items two papers must share at least, where the second avoids the first's."""
    found = _by_kind(rule, pool)
    return sum(max(0, 2 * section.count - len(found[section.kind])) for section in rule.sections)


def draw(rule: PaperRule, pool: Sequence[Question], seed: str, avoid: Collection[str] = ()) -> list[Drawn]:
    """Return a paper: common and own items, and their blocks, in proportion to what is held, options shuffled.

    Items whose code is in `avoid` are taken only where no other is left. Raises ValueError where the pool is too small
    (ask `shortages` first).
    """
    if missing := shortages(rule, pool):
        raise ValueError(f"the pool is too small: {missing}")
    found = _by_kind(rule, pool)
    paper: list[Drawn] = []
    for section in rule.sections:
        chosen = _chosen(found[section.kind], section.count, f"{seed}:{section.kind}", avoid)
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


def _chosen(questions: Sequence[Question], count: int, seed: str, avoid: Collection[str]) -> list[Question]:
    """Return `count` questions in the seed's order; at least one of the position's own, the rest by what is held."""
    own = [question for question in questions if not question.common]
    common = [question for question in questions if question.common]
    share = (2 * count * len(own) + len(questions)) // (2 * len(questions))  # rounded half up, without floats
    mine = min(len(own), max(share, 1, count - len(common)))
    codes = _fresh_first(own, mine, seed, avoid) + _fresh_first(common, count - mine, seed, avoid)
    by_code = {question.code: question for question in questions}
    return [by_code[code] for code in order_of(f"{seed}:places", codes)]


def _fresh_first(questions: Sequence[Question], count: int, seed: str, avoid: Collection[str]) -> list[str]:
    fresh = [question for question in questions if question.code not in avoid]
    seen = [question for question in questions if question.code in avoid]
    enough = min(count, len(fresh))
    return _spread(fresh, enough, seed) + _spread(seen, count - enough, seed)


def _spread(questions: Sequence[Question], count: int, seed: str) -> list[str]:
    """Return the codes of `count` questions, spread over the blocks by largest remainder."""
    if not count:
        return []
    held = Counter(question.block for question in questions)
    exact = {block: count * number / len(questions) for block, number in held.items()}
    take = {block: int(share) for block, share in exact.items()}
    by_seed = {block: n for n, block in enumerate(order_of(f"{seed}:blocks", held))}
    rest = sorted(held, key=lambda block: (take[block] - exact[block], by_seed[block]))
    for block in rest[: count - sum(take.values())]:
        take[block] += 1
    chosen: list[str] = []
    for block in sorted(held):
        codes = [question.code for question in questions if question.block == block]
        chosen += order_of(seed, codes)[: take[block]]
    return chosen


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
