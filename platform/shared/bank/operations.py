"""Writes of the bank: items come in, papers are drawn, answers are marked."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, clock, tenancy
from kernel.access import Actor
from kernel.errors import Invalid, NotFound, Refusal
from kernel.later import later
from shared.records import operations as records

from . import queries, rules
from .methods import drawing, scoring
from .methods import items as item_methods
from .methods import paper as paper_methods
from .methods.drawing import DrawnItem
from .methods.items import ItemDraft, PartDraft
from .models import Item, ItemVersion, Paper, PaperKey
from .values import QUESTIONS_RETENTION, ScoreValue

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
    "drop_questions",
    "import_items",
    "import_questions",
    "score",
    "upload_questions",
]


QUESTIONS_STAY = timedelta(days=1)


class UnsoundItems(Invalid):
    """Some items cannot be used as they are; nothing was imported."""

    code = "unsound-items"
    message = _("Nothing was imported. %(count)s faults were found, the first: %(first)s")

    def __init__(self, faults: Sequence[item_methods.Fault]) -> None:
        """Keep all faults for the one who imports."""
        self.faults = tuple(faults)
        super().__init__(count=len(faults), first=f"{faults[0].code}: {faults[0].what}")


class FaultyFile(Refusal):
    """A file of questions is taken in whole or not at all."""

    code = "faulty-questions"
    message = _("Nothing was imported: the file has %(count)s faults. Correct it and bring it again.")


class CodeTaken(Refusal):
    """The code belongs to an item of another position or kind."""

    code = "item-code-taken"
    message = _("The code %(item)s belongs to an item of another position or kind.")


class BankTooSmall(Refusal):
    """The bank does not hold enough items for one paper."""

    code = "bank-too-small"
    message = _("The question bank cannot make a whole paper for this position: %(missing)s.")


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many items were new, came in a new version, or were known as they are."""

    created: int
    revised: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class PaperValue:
    """A drawn paper without its key."""

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
    access.demand(by, rules.imports)
    drafts = list(items)
    if faults := [fault for draft in drafts for fault in item_methods.faults(draft)] + _duplicates(drafts):
        raise UnsoundItems(faults)
    with transaction.atomic():
        rows = Item.objects.filter(code__in=[draft.code for draft in drafts]).order_by("pk")
        known = {item.code: item for item in rows.select_related("current").select_for_update(of=("self",))}
        changes = [
            change
            for draft in drafts
            if (change := _item_change(draft, known.get(draft.code), by=by, at=at)) is not None
        ]
        _store(changes)
        for change in changes:
            after = {"version": change.version.number, "digest": change.version.digest}
            audit.note(f"bank.item.{change.action}", change.item, by=by, at=at, after=after)
    actions = [change.action for change in changes]
    created, revised = actions.count("created"), actions.count("revised")
    return ImportResult(created, revised, len(drafts) - len(changes))


def upload_questions(*, content: "UploadedFile[Any]", by: Actor, at: datetime) -> uuid.UUID:
    """Store a file of questions until somebody says that it is to be taken in, or for a day; return its key.

    Refuses (Unreadable, FileRefused) what is no such table. Nothing of it is in the bank yet.
    """
    access.demand(by, rules.imports)
    raw, name = content.read(), str(content.name)
    queries.question_file(raw, at=at)
    with transaction.atomic():
        file = records.store_file(content=raw, name=name, by=by, at=at, kinds=("sheet",), retention=QUESTIONS_RETENTION)
        later("bank.drop_questions", not_before=clock.real_now() + QUESTIONS_STAY, file_id=str(file.id))
    return file.id


def import_questions(*, file_id: uuid.UUID, by: Actor, at: datetime) -> ImportResult:
    """Take a stored file's items into the bank and the file away. Refuses as `import_items` does, and FaultyFile."""
    access.demand(by, rules.imports)
    with transaction.atomic():
        file = queries.question_file(queries.stored_questions(file_id), at=at)
        if file.faults:
            raise FaultyFile(count=len(file.faults))
        result = import_items(items=file.items, by=by, at=at)
        records.erase_file(file_id=file_id, by=by, at=at, why="its questions are in the bank")
    return result


def drop_questions(*, file_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take a stored file away without taking anything in; twice is harmless."""
    access.demand(by, rules.imports)
    records.erase_file(file_id=file_id, by=by, at=at, why="not taken into the bank")


def _duplicates(drafts: Sequence[ItemDraft]) -> list[item_methods.Fault]:
    seen: set[str] = set()
    faults = []
    for draft in drafts:
        if draft.code in seen:
            faults.append(item_methods.Fault(draft.code, str(_("comes twice"))))
        seen.add(draft.code)
    return faults


@dataclass(frozen=True, slots=True)
class _ItemChange:
    """An item that is new or has a new version, not yet stored."""

    action: str
    item: Item
    version: ItemVersion


def _item_change(draft: ItemDraft, item: Item | None, *, by: Actor, at: datetime) -> _ItemChange | None:
    """Return what is to be stored of a draft; None where it is known as it is."""
    digest = item_methods.digest_of(draft)
    if item is not None and (item.position, item.kind) != (draft.position, draft.kind):
        raise CodeTaken(item=draft.code)
    if item is not None and item.current is not None and item.current.digest == digest:
        return None
    action = "revised" if item is not None else "created"
    if item is None:
        common = not draft.position
        item = Item(code=draft.code, position=draft.position, common=common, kind=draft.kind, entered_at=at)
    number = item.current.number + 1 if item.current is not None else 1
    item.block, item.block_name, item.block_name_en = draft.block, draft.block_name, draft.block_name_en
    return _ItemChange(action, item, _version(draft, item, number=number, digest=digest, by=by, at=at))


def _store(changes: Sequence[_ItemChange]) -> None:
    """Write items and versions in a fixed number of statements, however many they are."""
    Item.objects.bulk_create([change.item for change in changes if change.action == "created"])
    ItemVersion.objects.bulk_create([change.version for change in changes])
    for change in changes:
        change.item.current = change.version
    Item.objects.bulk_update([change.item for change in changes], ["current", "block", "block_name", "block_name_en"])


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
    rule = paper_methods.rule_of(pack, position)
    pool = queries.pool(position)
    if missing := drawing.shortages(rule, pool):
        raise BankTooSmall(missing=queries.shortage_text(missing))
    avoid = queries.codes_on(avoiding) if avoiding else frozenset()
    drawings = [drawing.draw(rule, pool, seed, avoid) for seed in seeds]
    avoided_papers = [str(paper_id) for paper_id in avoiding]
    papers = [
        Paper(
            position=position,
            seed=seed,
            policy=rule.policy,
            slots=_slots(paper),
            avoided_papers=avoided_papers,
            drawn_at=at,
        )
        for seed, paper in zip(seeds, drawings, strict=True)
    ]
    keys = [
        PaperKey(paper=row, rule=asdict(rule), question_keys=[asdict(m) for m in _question_keys(rule, paper)])
        for row, paper in zip(papers, drawings, strict=True)
    ]
    with transaction.atomic():
        Paper.objects.bulk_create(papers)
        PaperKey.objects.bulk_create(keys)
    return [PaperValue(p.pk, position, p.seed, p.policy, rule.items, rule.questions) for p in papers]


def _slots(paper: Sequence[DrawnItem]) -> list[dict[str, Any]]:
    return [
        {"no": d.no, "kind": d.kind, "version": d.version_id, "orders": {q.code: q.order for q in d.questions}}
        for d in paper
    ]


def _question_keys(rule: paper_methods.PaperRule, paper: Sequence[DrawnItem]) -> list[scoring.QuestionKey]:
    sections = {section.kind: section for section in rule.sections}
    keys = []
    for item in paper:
        section = sections[item.kind]
        for n, question in enumerate(item.questions):
            part = section.parts[n] if section.parts else paper_methods.PartRule(item.kind, section.points)
            name = f"{item.no}.{question.code}" if question.code else str(item.no)
            keys.append(scoring.QuestionKey(name, item.kind, part.kind, question.key, part.points))
    return keys


@tenancy.open_public()
def score(*, paper_id: uuid.UUID, answers: Mapping[str, str]) -> ScoreValue:
    """Return what `answers` (question name to letters) are worth on a paper, by the rule it was drawn under."""
    row = PaperKey.objects.filter(paper_id=paper_id).first()
    if row is None:
        raise NotFound
    sections = tuple(
        paper_methods.SectionRule(
            s["kind"], s["count"], s["points"], tuple(paper_methods.PartRule(**p) for p in s["parts"])
        )
        for s in row.rule["sections"]
    )
    rule = paper_methods.PaperRule(**{**row.rule, "sections": sections})
    return scoring.score(rule, [scoring.QuestionKey(**m) for m in row.question_keys], answers)
