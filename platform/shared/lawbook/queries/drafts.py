"""The policy desk: versions and drafts of a province, what a draft says otherwise, what it lacks, whom it touches."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import audit
from kernel.access import Actor, Denied
from kernel.clock import legal_day
from kernel.db.statements import Bind, Figure, Statement
from kernel.errors import NotFound
from kernel.languages import enumeration
from kernel.states import Badge, LifeStep, Tone, life_step
from shared.policy.queries.impact import Impact, impacts_of, provinces_of
from shared.policy.queries.packs import PackVersion, conflicts_of, day_of, versions
from shared.policy.values.pack import Source
from shared.policy.values.problems import PackFileError, Problem
from shared.policy.values.reading import read_body

from .. import rules
from ..methods import labels
from ..methods.differences import Difference, differences
from ..methods.outline import HEADER as ABOUT
from ..methods.outline import Spec, outline
from ..methods.sheet import Cell, belongs, documents_of, sheet
from ..models import PACK, PolicyDraft
from ..states import EDITABLE, DraftState

HEADER = ABOUT  # the section of what a version says of itself
MAX_NAMES = 4
IN_FORCE, TO_COME, PAST = "in_force", "to_come", "past"
BADGES = {
    IN_FORCE: Badge(gettext_lazy("in force"), Tone.GOOD),
    TO_COME: Badge(gettext_lazy("to come"), Tone.SIGNAL),
    PAST: Badge(gettext_lazy("past"), Tone.MUTED),
}


@dataclass(frozen=True, slots=True)
class VersionStanding:
    """A version and where it stands on a day."""

    version: PackVersion
    standing: str

    @property
    def badge(self) -> Badge:
        """Return the same in words, with its tone."""
        return BADGES[self.standing]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a pack among the others: its name and how many faults it has."""

    name: str
    label: str
    faults: int
    changed: int


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One difference in words."""

    path: str
    section: str
    label: str
    kind: str
    before: str
    after: str
    source_before: Source | None
    source: Source | None

    @property
    def source_changed(self) -> bool:
        """Say whether the source differs."""
        return self.source_before != self.source


def home_province(by: Actor) -> str:
    """Return the province whose law `by` reads at the desk; refuses (Denied) who belongs to none."""
    provinces = provinces_of(rules.reads_desk.scopes(by))
    if not provinces:
        raise Denied
    return min(provinces)


def standings(jurisdiction: str, when: datetime | date) -> list[VersionStanding]:
    """Return the versions of a jurisdiction, the last to begin first, each with where it stands on that day."""
    day, result, ruling = day_of(when), [], False
    for version in versions(jurisdiction):
        over = version.effective_to is not None and version.effective_to < day
        if version.effective_from > day:
            result.append(VersionStanding(version, TO_COME))
        elif ruling or over:
            result.append(VersionStanding(version, PAST))
        else:
            result.append(VersionStanding(version, IN_FORCE))
            ruling = True
    return result


def version_of(by: Actor, version: str) -> PackVersion:
    """Return a version of the reader's province; refuses (NotFound) every other."""
    match = next((row for row in versions(home_province(by)) if row.version == version), None)
    if match is None:
        raise NotFound
    return match


def drafts(by: Actor) -> list[PolicyDraft]:
    """Return the drafts of the reader's province, those saved last first."""
    rows = PolicyDraft.objects.filter(jurisdiction=home_province(by)).annotate(**PACK).defer("body")
    return list(rows[:100])


def draft(by: Actor, draft_id: uuid.UUID) -> PolicyDraft:
    """Return a draft of the reader's province; refuses (NotFound) every other."""
    row = PolicyDraft.objects.filter(pk=draft_id, jurisdiction=home_province(by)).annotate(**PACK).first()
    if row is None:
        raise NotFound
    return row


def editable(by: Actor, row: PolicyDraft) -> bool:
    """Say whether `by` may write in a draft as it stands."""
    return row.state in EDITABLE and rules.drafts_packs(by, scope=row.jurisdiction)


def decidable(by: Actor, row: PolicyDraft) -> bool:
    """Say whether `by` is a second officer before whom a draft lies."""
    return row.state == DraftState.SUBMITTED and rules.may_decide(by, row.jurisdiction, row.authors)


def withdrawable(by: Actor, row: PolicyDraft) -> bool:
    """Say whether `by` may withdraw a draft: who wrote in it, as long as it is open."""
    open_ = row.state in (*EDITABLE, DraftState.SUBMITTED)
    return open_ and rules.drafts_packs(by, scope=row.jurisdiction) and rules.is_author(by, row.authors)


def begins(content: Mapping[str, Any]) -> date | None:
    """Return the day from which a body says that it is in force; None where it says none that can be read."""
    node = content.get("effective_from")
    try:
        return date.fromisoformat(str(node.get("value") if isinstance(node, dict) else node))
    except ValueError:
        return None


def first_day(jurisdiction: str, at: datetime) -> date:
    """Return the first day on which a new version may begin: after today, and after all versions there are."""
    last = max((row.effective_from for row in versions(jurisdiction)), default=date.min)
    return max(legal_day(at), last) + timedelta(days=1)


def draft_problems(row: PolicyDraft, at: datetime) -> tuple[Problem, ...]:
    """Return all that keeps a draft from being a version: faults of the file, and a day that has begun."""
    problems: list[Problem] = []
    try:
        problems += conflicts_of(read_body(row.body))
    except PackFileError as fault:
        problems += fault.problems
    if row.body.get("jurisdiction") != row.jurisdiction:
        problems.append(Problem(None, "jurisdiction", _("This is another province's.")))
    day, first = begins(row.body), first_day(row.jurisdiction, at)
    if day is not None and day < first:
        words = _("A new version begins on %(day)s at the earliest: after today, and after every version there is.")
        problems.append(Problem(None, "effective_from", words % {"day": first.isoformat()}))
    return tuple(problems)


def problem_labels(problems: Sequence[Problem], content: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return what is missing in words: the section, the place, what is wrong."""
    result = []
    for problem in problems:
        spec = next(s for s in (*outline()[1:], outline()[0]) if belongs(s, problem.key))
        result.append((spec.name, labels.path_label(problem.key, content)[0], labels.fault_message(problem.what)))
    return result


def sections(problems: Sequence[Problem] = (), changed: Sequence[ChangedValue] = ()) -> list[Section]:
    """Return the sections of a pack with the faults and the changes in each."""
    return [
        Section(
            spec.name,
            labels.name_of(spec),
            sum(belongs(spec, problem.key) for problem in problems),
            sum(belongs(spec, change.path) for change in changed),
        )
        for spec in outline()
    ]


def section(name: str) -> Spec:
    """Return a section; refuses (NotFound) a name that is none."""
    match = next((spec for spec in outline() if spec.name == name), None)
    if match is None:
        raise NotFound
    return match


def section_sheet(spec: Spec, content: Mapping[str, Any], problems: Sequence[Problem] = ()) -> Cell:
    """Return a section's sheet."""
    return sheet(spec, content, problems)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[ChangedValue]:
    """Return what one body says otherwise than another, in words."""
    return [_changed_value(difference, before, after) for difference in differences(before, after)]


def _changed_value(difference: Difference, before: Mapping[str, Any], after: Mapping[str, Any]) -> ChangedValue:
    label, spec = labels.path_label(difference.path, after, before)
    old, new = (
        labels.value_label(spec, value, content) if spec is not None else str(value or labels.NOTHING)
        for value, content in ((difference.before, before), (difference.after, after))
    )
    return ChangedValue(
        difference.path,
        difference.section,
        label,
        difference.kind,
        old,
        new,
        difference.source_before,
        difference.source,
    )


def base_of(row: PolicyDraft, at: datetime) -> str:
    """Return the version with which a draft is compared: the one on whose day it follows, else the one it came from.

    A version that was approved is compared with the one that it replaced.
    """
    own = row.pack_version or ""
    day = begins(row.body) or legal_day(at)
    others = [match for match in versions(row.jurisdiction) if match.version != own]
    match = next((version.version for version in others if version.effective_from <= day), None)
    return match or row.base


def before_version(version: PackVersion) -> str:
    """Return the version that another replaces; "" for the first."""
    rows = versions(version.jurisdiction)
    place = next(n for n, row in enumerate(rows) if row.version == version.version)
    return rows[place + 1].version if place + 1 < len(rows) else ""


def changes_since(row: PolicyDraft, edition: int) -> list[ChangedValue]:
    """Return what was saved in a draft after an edition."""
    return changes(as_at(row, edition), row.body)


def as_at(row: PolicyDraft, edition: int) -> dict[str, Any]:
    """Return what a draft said in an earlier edition."""
    was = dict(row.body)
    for note in reversed(audit.history(row)):
        if int(note.after.get("edition", 0)) > edition and "sections" in note.before:
            for name in note.after["sections"]:
                was.pop(name, None)
            was |= note.before["sections"]
    return was


def merge(was: Any, typed: Any, now: Any) -> Any:
    """Return what somebody typed over an earlier edition, with what others saved meanwhile where he typed nothing."""
    if typed in (was, now):
        return now
    if isinstance(was, dict) and isinstance(typed, dict) and isinstance(now, dict):
        result = {name: merge(was.get(name), typed.get(name), now.get(name)) for name in {**now, **typed}}
        return {name: below for name, below in result.items() if below is not None}
    lists = isinstance(was, list) and isinstance(typed, list) and isinstance(now, list)
    if lists and len(was) == len(typed) == len(now):
        return [merge(*three) for three in zip(was, typed, now, strict=True)]
    return typed


def draft_impacts(row: PolicyDraft, changed: Sequence[ChangedValue], at: datetime) -> list[Impact]:
    """Return whom the changes of a draft touch on its first day."""
    day = begins(row.body) or first_day(row.jurisdiction, at)
    labels_by_path = {change.path: change.label for change in changed}
    impacts = impacts_of(list(labels_by_path), jurisdiction=row.jurisdiction, on=day, at=at)
    return [replace(impact, labels=_few([labels_by_path[path] for path in impact.paths])) for impact in impacts]


def _few(names: Sequence[str]) -> tuple[str, ...]:
    """Return the first names, and how many more there are."""
    more = len(names) - MAX_NAMES
    return (*names[:MAX_NAMES], *([_("and %(n)s more") % {"n": more}] if more > 0 else []))


def document_choices(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the documents on which a value of a body may rest."""
    return [(key, document.number or key) for key, document in documents_of(content).items()]


_EVENTS = {
    "lawbook.draft": gettext_lazy("Begun"),
    "lawbook.draft_import": gettext_lazy("Taken from a file"),
    "lawbook.draft_save": gettext_lazy("Saved"),
}


def draft_life(row: PolicyDraft) -> list[LifeStep]:
    """Return what happened to a draft, oldest first; saving says which sections."""
    return [_step(note) for note in audit.history(row)]


def _step(note: audit.HistoryEntry) -> LifeStep:
    step = life_step(note, _EVENTS)
    if note.verb != "lawbook.draft_save":
        return step
    saved = note.after.get("sections", {})
    names = {f.name for f in outline()[0].fields}
    tops = [HEADER] if any(name in names for name in saved) else []
    tops += [name for name in saved if name not in names]
    section_labels = {spec.name: labels.name_of(spec) for spec in outline()}
    return replace(step, label=f"{step.label}: " + enumeration(section_labels.get(name, name) for name in tops))


_WAITING = Statement(
    lambda: PolicyDraft.objects.filter(
        jurisdiction__any_of=Bind("provinces", CharField(), many=True),
        state__in=[DraftState.SUBMITTED, DraftState.RETURNED],
    )
)


def signs_of_waiting(by: Actor, at: datetime) -> list[Figure]:
    """Return what to ask before `drafts_waiting_for`: whether any draft of the officer's province waits."""
    provinces = rules.drafts_packs.scopes(by)
    return [_WAITING.exists(provinces=list(provinces))] if provinces else []


def drafts_waiting_for(by: Actor) -> list[PolicyDraft]:
    """Return what waits for an officer at the desk: drafts to decide on, and his own that came back; oldest first."""
    provinces = rules.drafts_packs.scopes(by)
    if not provinces:
        return []
    rows = PolicyDraft.objects.filter(jurisdiction__in=provinces).defer("body").order_by("state_since")
    waiting = rows.filter(state__in=[DraftState.SUBMITTED, DraftState.RETURNED])
    return [row for row in waiting if (row.state == DraftState.RETURNED) == (by.account_id in row.authors)]
