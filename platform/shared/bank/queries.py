"""Reads of the bank. Nothing here returns a key."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kernel.errors import NotFound
from shared.policy import queries as policy

from .methods import PaperRule, Question, Shortage, disjoint_papers, rule_of, shortages
from .models import Item, ItemVersion, Paper
from .states import FALSE, LETTERS, TRUE, Kind


@dataclass(frozen=True, slots=True)
class Option:
    """One choice as it is shown."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One question of a case as it is shown."""

    code: str
    kind: str
    stem: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One numbered item as it is shown."""

    no: int
    code: str
    kind: str
    stem: str
    options: tuple[Option, ...]
    parts: tuple[SheetPart, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names under which its questions are answered: "12", or "71.a" and so on."""
        return tuple(f"{self.no}.{part.code}" for part in self.parts) or (str(self.no),)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper as a candidate sees it: no key in it."""

    paper_id: uuid.UUID
    position: str
    policy: str
    items: tuple[SheetItem, ...]
    demo: bool

    @property
    def questions(self) -> int:
        """Return how many questions can be answered."""
        return sum(len(item.names) for item in self.items)


@dataclass(frozen=True, slots=True)
class BlockStock:
    """What one block of knowledge holds, by kind."""

    block: str
    name: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Feasibility:
    """Whether the bank makes whole papers for a position, how many without a common item, and what is missing."""

    position: str
    rule: PaperRule
    shortages: tuple[Shortage, ...]
    disjoint: int
    blocks: tuple[BlockStock, ...]

    @property
    def possible(self) -> bool:
        """Say whether at least one paper can be drawn."""
        return not self.shortages


def pool(position: str) -> list[Question]:
    """Return what can be drawn for a position: the current versions of the items in use, without their texts."""
    return [_question(item) for item in _in_use(position)]


def _in_use(position: str) -> "QuerySet[Item]":
    items = Item.objects.filter(position=position, retired_at=None, current__isnull=False)
    return items.select_related("current").order_by("code")


def _question(item: Item) -> Question:
    version = item.current
    assert version is not None  # _in_use asked for it
    parts = tuple(
        Question("", part["code"], part["kind"], item.block, len(part["options"]), part["key"])
        for part in version.parts
    )
    return Question(str(version.pk), item.code, item.kind, item.block, len(version.options), version.key, parts)


def feasibility(position: str, *, pack: Any) -> Feasibility:
    """Return the report on what papers the bank yields for a position under a policy pack."""
    rule = rule_of(pack)
    items = list(_in_use(position))
    questions = [_question(item) for item in items]
    stock: dict[str, dict[str, int]] = {}
    for item in items:
        counts = stock.setdefault(item.block, dict.fromkeys(Kind.values, 0))
        counts[item.kind] += 1
    names = {item.block: item.block_name for item in items}
    blocks = tuple(BlockStock(block, names[block], counts) for block, counts in sorted(stock.items()))
    short = tuple(shortages(rule, questions))
    return Feasibility(position, rule, short, 0 if short else disjoint_papers(rule, questions), blocks)


def feasibility_at(position: str, *, at: Any) -> Feasibility:
    """Return the same report under the policy in force at a moment."""
    return feasibility(position, pack=policy.pack_at(at))


def sheet(paper_id: uuid.UUID) -> Sheet:
    """Return a drawn paper as it is shown to its candidate; NotFound where there is none."""
    paper = Paper.objects.filter(pk=paper_id).first()
    if paper is None:
        raise NotFound
    versions = _versions(slot["version"] for slot in paper.slots)
    items = tuple(_shown(slot, versions[slot["version"]]) for slot in paper.slots)
    return Sheet(paper.pk, paper.position, paper.policy, items, any(v.demo for v in versions.values()))


def questions_in(paper_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return for each paper how many questions can be answered."""
    slots = Paper.objects.filter(pk__in=list(paper_ids)).values_list("pk", "slots")
    return {pk: sum(len(slot["orders"]) for slot in rows) for pk, rows in slots}


def _versions(ids: Iterable[str]) -> dict[str, ItemVersion]:
    found = ItemVersion.objects.filter(pk__in=list(ids)).select_related("item").defer("key", "reason")
    return {str(version.pk): version for version in found}


def _shown(slot: Mapping[str, Any], version: ItemVersion) -> SheetItem:
    orders: Mapping[str, str] = slot["orders"]
    parts = tuple(
        SheetPart(p["code"], p["kind"], p["stem"], _options(p["kind"], p["options"], orders[p["code"]]))
        for p in version.parts
    )
    options = () if parts else _options(slot["kind"], version.options, orders[""])
    return SheetItem(slot["no"], version.item.code, slot["kind"], version.stem, options, parts)


def _options(kind: str, texts: list[str], order: str) -> tuple[Option, ...]:
    if kind == Kind.JUDGEMENT:
        return Option(TRUE, _("True")), Option(FALSE, _("False"))
    return tuple(Option(LETTERS[n], texts[LETTERS.index(letter)]) for n, letter in enumerate(order))
