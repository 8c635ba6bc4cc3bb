"""Items before they are stored, and the faults that make one unusable."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext as _

from ..states import FALSE, LETTERS, TRUE, Kind


@dataclass(frozen=True, slots=True)
class PartDraft:
    """One question of a case as it comes in; `key` holds letters of its options, or T or F."""

    code: str
    kind: str
    stem: str
    key: str
    options: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An item as it comes in from a file or a form. A case has parts and no key of its own.

    `position` is a key of the policy pack, or empty for an item that is common to every position.
    """

    code: str
    position: str
    block: str
    block_name: str
    kind: str
    stem: str
    key: str = ""
    options: tuple[str, ...] = ()
    topic: str = ""
    reason: str = ""
    difficulty: int = 1
    parts: tuple[PartDraft, ...] = ()
    demo: bool = False
    block_name_en: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What can be asked of one item: the shape that the draw looks at, without any text."""

    version_id: str
    code: str
    kind: str
    block: str
    options: int = 0
    key: str = ""
    parts: tuple["Question", ...] = field(default=())
    common: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one item."""

    code: str
    what: str


def faults(item: ItemDraft) -> list[Fault]:
    """Return everything that makes an item unusable, in the active language; an empty list for a sound one."""
    if item.kind not in Kind.values:
        return [Fault(item.code, _("unknown kind %(kind)s") % {"kind": item.kind})]
    if item.kind != Kind.CASE:
        result = question_faults(item.kind, item.stem, item.options, item.key)
        return [Fault(item.code, what) for what in result + ([_("has parts")] if item.parts else [])]
    result = [] if item.stem.strip() else [_("has no stem")]
    if item.key or item.options:
        result.append(_("a case has no key or options of its own"))
    if not item.parts:
        result.append(_("a case without parts"))
    if len({part.code for part in item.parts}) != len(item.parts):
        result.append(_("two parts of the same code"))
    for part in item.parts:
        if part.kind == Kind.CASE or part.kind not in Kind.values:
            what = [_("unknown kind %(kind)s") % {"kind": part.kind}]
        else:
            what = question_faults(part.kind, part.stem, part.options, part.key)
        result += [_("part %(code)s: %(fault)s") % {"code": part.code, "fault": fault} for fault in what]
    return [Fault(item.code, what) for what in result]


def question_faults(kind: str, stem: str, options: Sequence[str], key: str) -> list[str]:
    """Return what is wrong with one question, in the active language."""
    result = [] if stem.strip() else [_("has no stem")]
    if kind == Kind.JUDGEMENT:
        if options:
            result.append(_("a judgement has no options"))
        return result + ([] if key in (TRUE, FALSE) else [_("a judgement's key is T or F")])
    letters = LETTERS[: len(options)]
    if not 2 <= len(options) <= len(LETTERS):
        result.append(_("needs 2 to %(most)s options") % {"most": len(LETTERS)})
    if len(set(options)) != len(options) or any(not option.strip() for option in options):
        result.append(_("has empty or equal options"))
    if not key or set(key) - set(letters) or list(key) != sorted(set(key)):
        result.append(_("the key is not letters of its options in order"))
    if kind == Kind.SINGLE and len(key) != 1:
        result.append(_("a single choice has exactly one right option"))
    if kind == Kind.MULTIPLE and len(key) < 2:
        result.append(_("a multiple choice has at least two right options"))
    return result


def digest_of(item: ItemDraft) -> str:
    """Return the digest of what an item asks and of its key, by which an unchanged item is known again."""
    content = {k: v for k, v in asdict(item).items() if k not in ("code", "position")}
    raw = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()
