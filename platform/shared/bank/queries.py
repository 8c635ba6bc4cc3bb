"""Reads of the bank. Nothing here returns a key."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kernel import tenancy
from kernel.errors import NotFound
from kernel.languages import enumeration, localized
from kernel.unchanging import asked_once
from shared.policy.queries import packs as pack_queries
from shared.records import queries as record_queries

from .methods import question_sheet
from .methods.drawing import Shortage, disjoint_papers, least_overlap, shortages
from .methods.items import ItemDraft, Question, digest_of
from .methods.paper import PaperRule, rule_of
from .methods.question_sheet import QuestionFile
from .models import Item, ItemVersion, Paper
from .states import FALSE, LETTERS, TRUE, Kind
from .values import QUESTIONS_RETENTION


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
    """What one block of knowledge holds, by kind; `common`: for every position."""

    block: str
    name: str
    counts: Mapping[str, int]
    common: bool = False


@dataclass(frozen=True, slots=True)
class KindStock:
    """What a paper needs of one kind, and what there is of it: of the position's own, and common to all."""

    kind: str
    needed: int
    own: int
    common: int

    @property
    def label(self) -> str:
        """Return the kind's name."""
        return str(Kind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Feasibility:
    """Whether the bank makes whole papers for a position, how many without a common item, and what is missing.

    `overlap` is the least number of items that two papers share; meaningless where none can be drawn.
    """

    position: str
    rule: PaperRule
    shortages: tuple[Shortage, ...]
    disjoint: int
    overlap: int
    kinds: tuple[KindStock, ...]
    blocks: tuple[BlockStock, ...]

    @property
    def possible(self) -> bool:
        """Say whether at least one paper can be drawn."""
        return not self.shortages

    @property
    def ample(self) -> bool:
        """Say whether two papers can be drawn that share less than half of their items."""
        return self.possible and 2 * self.overlap < self.rule.items

    @property
    def missing(self) -> str:
        """Return in words what is missing for one paper; empty where nothing is."""
        return shortage_text(self.shortages)


def shortage_text(missing: Iterable[Shortage]) -> str:
    """Return shortages as words for people, each kind with how many there are and how many are needed.

    The kinds without an item of the position's own are one lack; a kind of which there is nothing at all says it once.
    """
    lacks = list(missing)
    empty = {short.kind for short in lacks if not (short.own or short.block or short.available)}
    without_own = [str(Kind(short.kind).label) for short in lacks if short.own and short.kind not in empty]
    words = [_shortage(short) for short in lacks if not short.own]
    if without_own:
        kinds = {"kinds": enumeration(without_own)}
        words.append(_("no questions of this position's own (%(kinds)s); at least one of each is needed") % kinds)
    return _("; ").join(words)


def _shortage(short: Shortage) -> str:
    values = {"kind": Kind(short.kind).label, "found": short.available, "needed": short.needed, "block": short.block}
    if short.block:
        return _("%(kind)s in block %(block)s: %(found)s of %(needed)s") % values
    return _("%(kind)s: %(found)s of %(needed)s") % values


@asked_once
def pool(position: str) -> list[Question]:
    """Return what can be drawn for a position, its own and the common items: current versions, without their texts."""
    return [_question(item) for item in _in_use(position)]


def codes_on(paper_ids: Iterable[uuid.UUID]) -> frozenset[str]:
    """Return the codes of the items that some papers show, whatever version of them; NotFound where one is missing."""
    wanted = set(paper_ids)
    papers = list(Paper.objects.filter(pk__in=wanted).values_list("slots", flat=True))
    if len(papers) < len(wanted):
        raise NotFound
    versions = {slot["version"] for slots in papers for slot in slots}
    return frozenset(ItemVersion.objects.filter(pk__in=versions).values_list("item__code", flat=True))


def _in_use(*positions: str) -> "QuerySet[Item]":
    items = Item.objects.filter(Q(common=True) | Q(position__in=positions), retired_at=None, current__isnull=False)
    return items.select_related("current").order_by("code")


def _question(item: Item) -> Question:
    version = item.current
    assert version is not None  # _in_use asked for it
    parts = tuple(
        Question("", part["code"], part["kind"], item.block, len(part["options"]), part["key"])
        for part in version.parts
    )
    return Question(
        str(version.pk), item.code, item.kind, item.block, len(version.options), version.key, parts, item.common
    )


@tenancy.open_public()  # items and papers are no institution's to read
def feasibility(position: str, *, pack: Any) -> Feasibility:
    """Return the report on what papers the bank yields for a position under a policy pack."""
    return _report(position, list(_in_use(position)), rule_of(pack, position))


def feasibilities(*, pack: Any) -> list[Feasibility]:
    """Return the report for every position that is certified, in the pack's order."""
    positions = [position.key for position in pack.certifiable]
    items = list(_in_use(*positions))
    return [
        _report(key, [item for item in items if item.common or item.position == key], rule_of(pack, key))
        for key in positions
    ]


def feasibility_of(position: str, *, pack: Any) -> Feasibility:
    """Return the report for a position that may come from anywhere; NotFound where none of that key is certified."""
    if position not in {certified.key for certified in pack.certifiable}:
        raise NotFound
    return feasibility(position, pack=pack)


def holds_demo() -> bool:
    """Say whether items made for demonstrations are in use."""
    return Item.objects.filter(retired_at=None, current__demo=True).exists()


def _report(position: str, items: Sequence[Item], rule: PaperRule) -> Feasibility:
    questions = [_question(item) for item in items]
    short = tuple(shortages(rule, questions))
    disjoint, overlap = (0, 0) if short else (disjoint_papers(rule, questions), least_overlap(rule, questions))
    kinds = tuple(_kind(section.kind, section.count, items) for section in rule.sections)
    return Feasibility(position, rule, short, disjoint, overlap, kinds, _blocks(items))


def _kind(kind: str, needed: int, items: Sequence[Item]) -> KindStock:
    common = [item.common for item in items if item.kind == kind]
    return KindStock(kind, needed, own=common.count(False), common=common.count(True))


def _blocks(items: Sequence[Item]) -> tuple[BlockStock, ...]:
    """Return what each block holds: the position's own blocks first, then the common ones."""
    stock: dict[tuple[bool, str], dict[str, int]] = {}
    for item in items:
        counts = stock.setdefault((item.common, item.block), dict.fromkeys(Kind.values, 0))
        counts[item.kind] += 1
    names = {item.block: localized(item.block_name, item.block_name_en or item.block_name) for item in items}
    return tuple(BlockStock(block, names[block], counts, common) for (common, block), counts in sorted(stock.items()))


def feasibility_at(position: str, *, at: Any) -> Feasibility:
    """Return the same report under the policy in force at a moment."""
    return feasibility(position, pack=pack_queries.pack_at(at))


@tenancy.open_public()
def sheet(paper_id: uuid.UUID) -> Sheet:
    """Return a drawn paper as it is shown to its candidate; NotFound where there is none."""
    paper = Paper.objects.filter(pk=paper_id).first()
    if paper is None:
        raise NotFound
    versions = _versions(slot["version"] for slot in paper.slots)
    items = tuple(_sheet_item(slot, versions[slot["version"]]) for slot in paper.slots)
    return Sheet(paper.pk, paper.position, paper.policy, items, any(v.demo for v in versions.values()))


def questions_in(paper_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return for each paper how many questions can be answered."""
    slots = Paper.objects.filter(pk__in=list(paper_ids)).values_list("pk", "slots")
    return {pk: sum(len(slot["orders"]) for slot in rows) for pk, rows in slots}


def _versions(ids: Iterable[str]) -> dict[str, ItemVersion]:
    versions = ItemVersion.objects.filter(pk__in=list(ids)).select_related("item").defer("key", "reason")
    return {str(version.pk): version for version in versions}


def _sheet_item(slot: Mapping[str, Any], version: ItemVersion) -> SheetItem:
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


def positions(at: Any) -> dict[str, str]:
    """Return the names of the certified positions by their keys, as a file of questions has them."""
    return {position.key: position.name for position in pack_queries.pack_at(at).certifiable}


def case_parts(at: Any) -> list[str]:
    """Return the kinds that the questions of a case must have, in order; none where the policy marks no cases."""
    pack = pack_queries.pack_at(at)
    parts = {s.kind: [part.kind for part in s.parts] for s in rule_of(pack, pack.certifiable[0].key).sections}
    return parts.get(Kind.CASE, [])


def question_file(raw: bytes, *, at: Any) -> QuestionFile:
    """Return a file of questions as it would be taken in now; refuses (Unreadable) what is no such table."""
    return question_sheet.read(raw, positions(at), case_parts(at))


def stored_questions(file_id: uuid.UUID) -> bytes:
    """Return the content of an uploaded file of questions; NotFound where it was taken in, dropped or is too old."""
    return record_queries.content_for(file_id, retention=QUESTIONS_RETENTION)


def outcomes(file: QuestionFile) -> dict[str, str]:
    """Return for each item of a file, by its code, what taking it in would do: new, revised, same, or taken."""
    rows = Item.objects.filter(code__in=[item.code for item in file.items]).select_related("current")
    known = {row.code: row for row in rows}
    return {item.code: _outcome(item, known[item.code]) if item.code in known else "new" for item in file.items}


def _outcome(item: ItemDraft, row: Item) -> str:
    if (row.position, row.kind) != (item.position, item.kind):
        return "taken"
    return "same" if row.current is not None and row.current.digest == digest_of(item) else "revised"
