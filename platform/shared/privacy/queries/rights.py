"""Copies, corrections and closings, as their person and those who decide see them; and what other apps tell."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import DateField, Q, QuerySet, UUIDField
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel import clock, states, tenancy
from kernel.access import Actor
from kernel.db.statements import Bind, Figure, Statement
from kernel.errors import NotFound
from kernel.hooks import Hook
from kernel.languages import localized
from kernel.todos import Todo, only_if
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import areas
from shared.identity.queries import people as people_queries

from .. import rules
from ..models.rights import Closing, ClosingAnswer, Copy, Correction
from ..states import ClosingState, CopyState, CorrectionState
from .subject_data import current_side


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something that is still open, or that the law keeps (`until`: None while nobody can say)."""

    words: str | Promise
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """About whom an app is asked."""

    account_id: uuid.UUID
    person_id: uuid.UUID


ItemSource = Callable[[Subject, datetime], Iterable[OpenItem]]
open_item_sources: Hook[ItemSource] = Hook(
    "privacy.open_items", "Is given a Subject and a time; yields an OpenItem for everything that keeps an account open."
)
retained_item_sources: Hook[ItemSource] = Hook(
    "privacy.retained_items",
    "Is given a Subject and a time; yields an OpenItem, with its last day, for what must stay after closing.",
)
PaperSource = Callable[[uuid.UUID], Iterable[tuple[str | Promise, str]]]
paper_sources: Hook[PaperSource] = Hook(
    "privacy.papers",
    "Is given a person; yields the title of each paper that bears the name, and the address where it is corrected.",
)
register_open_items = open_item_sources.connect()
register_retained_items = retained_item_sources.connect()
register_papers = paper_sources.connect()


def _here(sources: Hook[ItemSource]) -> list[ItemSource]:
    side = current_side()
    return [s for s in sources.functions() if s.__module__.startswith(f"{side}.")]


def _collect_items(
    sources: Hook[ItemSource], account_id: uuid.UUID, person_id: uuid.UUID | None, at: datetime
) -> list[dict[str, str]]:
    """Return what the apps of the open schema say, in both languages; of an account without a person, nothing."""
    items: list[dict[str, str]] = []
    if person_id is None:
        return items
    subject = Subject(account_id, person_id)
    for source in _here(sources):
        for item in source(subject, at):
            entry = {"until": item.until.isoformat() if item.until else ""}
            for language, _name in settings.LANGUAGES:
                with translation.override(language):
                    entry[language] = str(item.words)
            items.append(entry)
    return items


def open_items(account_id: uuid.UUID, person_id: uuid.UUID | None, at: datetime) -> list[dict[str, str]]:
    """Return what is open for somebody in the open schema."""
    return _collect_items(open_item_sources, account_id, person_id, at)


def retained_items(account_id: uuid.UUID, person_id: uuid.UUID | None, at: datetime) -> list[dict[str, str]]:
    """Return what the law keeps of somebody in the open schema."""
    return _collect_items(retained_item_sources, account_id, person_id, at)


def papers(person_id: uuid.UUID) -> list[tuple[str, str]]:
    """Return the papers that bear a person's name, with the address where each is corrected."""
    return [(str(title), url) for source in paper_sources.functions() for title, url in source(person_id)]


@dataclass(frozen=True, slots=True)
class CopyValue:
    """A copy as its person sees it."""

    id: uuid.UUID
    asked_at: datetime
    state: str
    label: str
    ready: bool
    expires_at: datetime | None
    fetched_at: datetime | None


def copies(actor: Actor) -> list[CopyValue]:
    """Return the actor's own copies, newest first."""
    rows = Copy.objects.filter(account_id=account_queries.own_id(actor)).defer("content")
    return [
        CopyValue(
            r.pk,
            r.asked_at,
            r.state,
            str(r.get_state_display()),
            r.state == CopyState.READY,
            r.expires_at,
            r.fetched_at,
        )
        for r in rows[:20]
    ]


def copy_of(copy_id: uuid.UUID, actor: Actor) -> Copy:
    """Return one of the actor's own copies; refuses (NotFound) anybody else's."""
    row = Copy.objects.filter(pk=copy_id, account_id=account_queries.own_id(actor)).defer("content").first()
    if row is None:
        raise NotFound
    return row


def corrections_of(actor: Actor) -> "QuerySet[Correction]":
    """Return the actor's own requests for correction."""
    return Correction.objects.filter(account_id=account_queries.own_id(actor)).order_by("-asked_at")


def corrections(actor: Actor) -> "QuerySet[Correction]":
    """Return the requests that the actor may decide: a counter's own, an authority's those of its area, the province's
    officers and the operator all; the open ones first due.

    A request to a counter is of the area of its institution, one to the authority of its person's.
    """
    rows = Correction.objects.order_by("state", "due_on")
    institution_id = tenancy.current_institution_id()
    if institution_id is not None:
        return rows.filter(institution_id=institution_id)
    if not rules.officer(actor):
        return rows.none()
    return rows.filter(_of_area(actor))


def _of_area(actor: Actor) -> Q:
    codes = areas.covered(actor)
    if codes is None:
        return Q()
    at_a_counter = Q(institution_id__in=areas.institutions_in(codes))
    return at_a_counter | Q(Q(institution_id=None), areas.belonging(codes))


def area_of(row: Correction) -> frozenset[str]:
    """Return the codes of the offices that answer for a request."""
    if row.institution_id is not None:
        return areas.area_of_institution(row.institution_id)
    subject = areas.Subject(row.person_id, row.account_id)
    return areas.areas([subject])[subject]


def correction(correction_id: uuid.UUID, actor: Actor) -> Correction:
    """Return a request that the actor may decide; refuses (NotFound) others."""
    row = corrections(actor).filter(pk=correction_id).first()
    if row is None:
        raise NotFound
    return row


def closing_of(actor: Actor) -> Closing | None:
    """Return the actor's own closing that is under way, if there is one."""
    rows = Closing.objects.filter(account_id=account_queries.own_id(actor)).exclude(state=ClosingState.TAKEN_BACK)
    return rows.first()


@dataclass(frozen=True, slots=True)
class Answers:
    """What the schemas have said to a closing, in the active language."""

    answered: int
    expected: int
    open: Sequence[str]
    retained: Sequence[tuple[str, str]]


def answers(closing: Closing) -> Answers:
    """Return what has been said to a closing in its present round."""
    rows = list(ClosingAnswer.objects.filter(closing=closing, round=closing.round))
    opened = [localized(entry["zh-hans"], entry["en"]) for row in rows for entry in row.open]
    retained = [(localized(entry["zh-hans"], entry["en"]), entry["until"]) for row in rows for entry in row.retained]
    return Answers(len(rows), closing.expected, opened, retained)


_ASKED = Statement(
    lambda: Correction.objects.filter(
        Q(institution_id=None) | Q(due_on__lt=Bind("day", DateField())), state=CorrectionState.ASKED
    )
)
_READY = Statement(
    lambda: Copy.objects.filter(account_id=Bind("account", UUIDField()), state=CopyState.READY, fetched_at=None)
)


def _signs(actor: Actor, at: datetime) -> Iterable[Figure]:
    if rules.officer(actor):
        yield _ASKED.exists(day=clock.legal_day(at))
    if actor.account_id is not None:
        yield _READY.exists(account=actor.account_id)


@only_if(_signs)
def todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return what corrections ask of the authority, and what a person has waiting under “My privacy”."""
    entries = []
    if rules.officer(actor):
        rows = Correction.objects.filter(Q(institution_id=None) | Q(due_on__lt=clock.legal_day(at)), _of_area(actor))
        due = list(rows.filter(state=CorrectionState.ASKED).order_by("due_on").values_list("due_on", flat=True)[:200])
        if due:
            words = ngettext("%(n)d correction to decide", "%(n)d corrections to decide", len(due)) % {"n": len(due)}
            url = reverse("privacy:corrections-desk", settings.PUBLIC_SCHEMA_URLCONF)
            first = _("the first by %(day)s") % {"day": date_format(due[0], "DATE_FORMAT")}
            entries.append(Todo(words, url, _("Look"), first, icon="id-badge-2"))
    if actor.account_id is not None:
        entries += _own_todos(actor, at)
    return entries


def _own_todos(actor: Actor, at: datetime) -> Iterable[Todo]:
    assert actor.account_id is not None
    ready = Copy.objects.filter(account_id=actor.account_id, state=CopyState.READY, fetched_at=None)
    if ready.exists():
        url = reverse("privacy:copies", settings.PUBLIC_SCHEMA_URLCONF)
        yield Todo(_("The copy of your data is ready"), url, _("Fetch it"), icon="download")


def is_overdue(row: Correction, at: datetime) -> bool:
    """Say whether a request for correction waits longer than it may."""
    return row.state == CorrectionState.ASKED and row.due_on < clock.legal_day(at)


def due_after(at: datetime, days: int) -> date:
    """Return the last day of a term of calendar days."""
    return clock.legal_day(at) + timedelta(days=days)


def desks_of(actor: Actor) -> list[tuple[str, str]]:
    """Return the institutions at whose counter the actor may ask for a correction: (key, name)."""
    ids = people_queries.institutions_of(actor.person_id) if actor.person_id else []
    return [(str(place.institution_id), place.name) for place in tenancy.institution_hosts(institution_ids=ids)]


@dataclass(frozen=True, slots=True)
class CorrectionValue:
    """A request for correction as a desk's list shows it."""

    id: uuid.UUID
    number: str
    field: str
    asked_at: datetime
    due_on: date
    label: str
    open: bool
    overdue: bool


def correction_values(actor: Actor, at: datetime) -> list[CorrectionValue]:
    """Return what the actor may decide, the open ones first due, then the newest decided; a hundred at most."""
    rows = corrections(actor)
    open_rows = list(rows.filter(state=CorrectionState.ASKED).order_by("due_on")[:100])
    decided_rows = list(rows.exclude(state=CorrectionState.ASKED).order_by("-decided_at")[: 100 - len(open_rows)])
    return [
        CorrectionValue(
            r.pk,
            r.number,
            str(r.get_field_display()),
            r.asked_at,
            r.due_on,
            str(r.get_state_display()),
            r.state == CorrectionState.ASKED,
            is_overdue(r, at),
        )
        for r in [*open_rows, *decided_rows]
    ]


VERBS = {"data-correction.ask": _("Correction asked for")}


def correction_history(row: Correction) -> list[states.LifeStep]:
    """Return the life line of a request for correction."""
    return states.timeline(row, VERBS)
