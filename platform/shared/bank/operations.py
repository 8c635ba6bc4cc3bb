"""Writes of the bank: items come in, papers are drawn, answers are marked."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, tenancy
from kernel.access import Actor, Denied
from kernel.errors import Invalid, NotFound, Refusal

from . import methods, queries
from .methods import Drawn, ItemDraft, PartDraft, ScoreValue
from .models import Item, ItemVersion, Paper, PaperKey

__all__ = [
    "BankTooSmall",
    "CodeTaken",
    "ImportResult",
    "ItemDraft",
    "PaperValue",
    "PartDraft",
    "ScoreValue",
    "UnsoundItems",
    "draw_paper",
    "draw_papers",
    "import_items",
    "score",
]

EDITORS = ("platform_operator", "province_officer")


class UnsoundItems(Invalid):
    """Some items cannot be used as they are; nothing was imported."""

    code = "unsound-items"
    words = _("Nothing was imported. %(count)s faults were found, the first: %(first)s")

    def __init__(self, faults: Sequence[methods.Fault]) -> None:
        """Keep all faults for the one who imports."""
        self.faults = tuple(faults)
        super().__init__(count=len(faults), first=f"{faults[0].code}: {faults[0].what}")


class CodeTaken(Refusal):
    """The code belongs to an item of another position or kind."""

    code = "item-code-taken"
    words = _("The code %(item)s belongs to an item of another position or kind.")


class BankTooSmall(Refusal):
    """The bank does not hold enough items for one paper."""

    code = "bank-too-small"
    words = _("The question bank cannot make a whole paper for this position: %(missing)s.")


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many items were new, came in a new version, or were known as they are."""

    created: int
    revised: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class PaperValue:
    """A drawn paper as it may be told: no key in it."""

    id: uuid.UUID
    position: str
    seed: str
    policy: str
    items: int
    questions: int


def import_items(*, items: Iterable[ItemDraft], by: Actor, at: datetime) -> ImportResult:
    """Take items into the bank; one whose content changed becomes a new version, papers drawn before keep theirs.

    All or nothing: refuses with UnsoundItems or CodeTaken. Importing the same again changes nothing.
    """
    if not (by.system or by.has(*EDITORS)):
        raise Denied
    drafts = list(items)
    if wrong := [fault for draft in drafts for fault in methods.faults(draft)] + _doubles(drafts):
        raise UnsoundItems(wrong)
    with transaction.atomic():
        rows = Item.objects.filter(code__in=[draft.code for draft in drafts]).order_by("pk")
        known = {item.code: item for item in rows.select_related("current").select_for_update(of=("self",))}
        taken = [take for draft in drafts if (take := _take(draft, known.get(draft.code), by=by, at=at)) is not None]
        _store(taken)
        for take in taken:
            after = {"version": take.version.number, "digest": take.version.digest}
            audit.note(f"bank.item.{take.word}", take.item, by=by, at=at, after=after)
    words = [take.word for take in taken]
    created, revised = words.count("created"), words.count("revised")
    return ImportResult(created, revised, len(drafts) - len(taken))


def _doubles(drafts: Sequence[ItemDraft]) -> list[methods.Fault]:
    seen: set[str] = set()
    found = []
    for draft in drafts:
        if draft.code in seen:
            found.append(methods.Fault(draft.code, "comes twice"))
        seen.add(draft.code)
    return found


@dataclass(frozen=True, slots=True)
class _Take:
    """An item that is new or has a new version, not yet stored."""

    word: str
    item: Item
    version: ItemVersion


def _take(draft: ItemDraft, item: Item | None, *, by: Actor, at: datetime) -> _Take | None:
    """Return what is to be stored of a draft; None where it is known as it is."""
    digest = methods.digest_of(draft)
    if item is not None and (item.position, item.kind) != (draft.position, draft.kind):
        raise CodeTaken(item=draft.code)
    if item is not None and item.current is not None and item.current.digest == digest:
        return None
    word = "revised" if item is not None else "created"
    if item is None:
        common = not draft.position
        item = Item(code=draft.code, position=draft.position, common=common, kind=draft.kind, entered_at=at)
    number = item.current.number + 1 if item.current is not None else 1
    item.block, item.block_name, item.block_name_en = draft.block, draft.block_name, draft.block_name_en
    return _Take(word, item, _version(draft, item, number=number, digest=digest, by=by, at=at))


def _store(taken: Sequence[_Take]) -> None:
    """Write items and versions in a fixed number of statements, however many they are."""
    Item.objects.bulk_create([take.item for take in taken if take.word == "created"])
    ItemVersion.objects.bulk_create([take.version for take in taken])
    for take in taken:
        take.item.current = take.version
    Item.objects.bulk_update([take.item for take in taken], ["current", "block", "block_name", "block_name_en"])


def _version(draft: ItemDraft, item: Item, *, number: int, digest: str, by: Actor, at: datetime) -> ItemVersion:
    return ItemVersion(
        item=item,
        number=number,
        stem=draft.stem,
        options=list(draft.options),
        key=draft.key,
        parts=[{**asdict(part), "options": list(part.options)} for part in draft.parts],
        topic=draft.topic,
        reason=draft.reason,
        difficulty=draft.difficulty,
        demo=draft.demo,
        digest=digest,
        made_at=at,
        made_by=by.account_id,
    )


def draw_paper(*, pack: Any, position: str, seed: str, at: datetime, avoiding: Sequence[uuid.UUID] = ()) -> PaperValue:
    """Draw one paper by the structure of a policy pack; the same bank and seed draw the same. Refuses BankTooSmall.

    Items of the papers in `avoiding` (those a candidate has had) come on it only where no other is left.
    """
    return draw_papers(pack=pack, position=position, seeds=[seed], at=at, avoiding=avoiding)[0]


@tenancy.open_public()  # items, keys and papers are no institution's to read
def draw_papers(
    *, pack: Any, position: str, seeds: Sequence[str], at: datetime, avoiding: Sequence[uuid.UUID] = ()
) -> list[PaperValue]:
    """Draw one paper per seed, in order; the keys go into a table of their own. Refuses with BankTooSmall."""
    rule = methods.rule_of(pack, position)
    pool = queries.pool(position)
    if missing := methods.shortages(rule, pool):
        raise BankTooSmall(missing=queries.in_words(missing))
    avoid = queries.codes_on(avoiding) if avoiding else frozenset()
    drawn = [methods.draw(rule, pool, seed, avoid) for seed in seeds]
    avoided = [str(paper_id) for paper_id in avoiding]
    papers = [
        Paper(position=position, seed=seed, policy=rule.policy, slots=_slots(paper), avoided=avoided, drawn_at=at)
        for seed, paper in zip(seeds, drawn, strict=True)
    ]
    keys = [
        PaperKey(paper=row, rule=asdict(rule), marked=[asdict(m) for m in _marked(rule, paper)])
        for row, paper in zip(papers, drawn, strict=True)
    ]
    with transaction.atomic():
        Paper.objects.bulk_create(papers)
        PaperKey.objects.bulk_create(keys)
    return [PaperValue(p.pk, position, p.seed, p.policy, rule.items, rule.questions) for p in papers]


def _slots(paper: Sequence[Drawn]) -> list[dict[str, Any]]:
    return [
        {"no": d.no, "kind": d.kind, "version": d.version_id, "orders": {q.code: q.order for q in d.questions}}
        for d in paper
    ]


def _marked(rule: methods.PaperRule, paper: Sequence[Drawn]) -> list[methods.Marked]:
    sections = {section.kind: section for section in rule.sections}
    marked = []
    for drawn in paper:
        section = sections[drawn.kind]
        for n, question in enumerate(drawn.questions):
            part = section.parts[n] if section.parts else methods.PartRule(drawn.kind, section.points)
            name = f"{drawn.no}.{question.code}" if question.code else str(drawn.no)
            marked.append(methods.Marked(name, drawn.kind, part.kind, question.key, part.points))
    return marked


@tenancy.open_public()
def score(*, paper_id: uuid.UUID, answers: Mapping[str, str]) -> ScoreValue:
    """Return what `answers` (question name to letters) are worth on a paper, by the rule it was drawn under."""
    row = PaperKey.objects.filter(paper_id=paper_id).first()
    if row is None:
        raise NotFound
    sections = tuple(
        methods.SectionRule(s["kind"], s["count"], s["points"], tuple(methods.PartRule(**p) for p in s["parts"]))
        for s in row.rule["sections"]
    )
    rule = methods.PaperRule(**{**row.rule, "sections": sections})
    return methods.score(rule, [methods.Marked(**m) for m in row.marked], answers)
