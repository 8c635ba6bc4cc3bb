"""Desks of the operator and the authority: incidents, deletions, holds, assessments, entrusted parties."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel import clock, states, tenancy
from kernel.access import Actor
from kernel.db.statements import Statement
from kernel.errors import NotFound
from kernel.todos import Todo, only_if
from shared.identity.queries import accounts as account_queries

from .. import rules
from ..models.breaches import Breach, BreachEntry
from ..models.deletions import Deletion, Hold
from ..models.processing import Assessment, Entrusting
from ..states import BREACH, BreachState, EntryKind

VERBS = {"data-breach.report": _("Reported"), "data-breach.note": _("Noted on the timeline")}


def province() -> str:
    """Return the code of the authority whose officers look after incidents with the operator."""
    return str(settings.NUOXING_JURISDICTION)


def breaches(actor: Actor) -> "QuerySet[Breach]":
    """Return the incidents that an actor may see: all for who looks after them, their own reports for others."""
    rows = Breach.objects.order_by("-reported_at")
    return rows if rules.handler(actor) else rows.filter(reported_by=account_queries.own_id(actor))


@dataclass(frozen=True, slots=True)
class BreachPage:
    """One incident with its timeline and clocks."""

    row: Breach
    place: str
    entries: Sequence[BreachEntry]
    authority_notified_at: datetime | None
    people_notified_at: datetime | None
    history: Sequence[states.LifeStep]
    moves: Sequence[states.Move]


def breach(breach_id: uuid.UUID, actor: Actor) -> BreachPage:
    """Return an incident; refuses (NotFound) one that the actor may not see."""
    row = breaches(actor).filter(pk=breach_id).first()
    if row is None:
        raise NotFound
    entries = list(row.entries.all())
    places = tenancy.institution_hosts(institution_ids=[row.institution_id]) if row.institution_id else []
    return BreachPage(
        row=row,
        place=places[0].name if places else "",
        entries=entries,
        authority_notified_at=next((e.happened_at for e in entries if e.kind == EntryKind.AUTHORITY), None),
        people_notified_at=next((e.happened_at for e in entries if e.kind == EntryKind.PEOPLE), None),
        history=states.timeline(row, VERBS),
        moves=list(BREACH.offers(row, actor).values()),
    )


def stored_of_breach(row: Breach) -> dict[str, Any]:
    """Return what the page of an incident shows of what its steps change, and its timeline."""
    timeline = [[entry.kind, entry.words] for entry in row.entries.order_by("entered_at", "id")]
    names = ("state", "severity", "kinds", "people", "measures")
    return {name: getattr(row, name) for name in names} | {"timeline": timeline}


def deletions() -> "QuerySet[Deletion]":
    """Return the log of deleting jobs, newest first."""
    return Deletion.objects.order_by("-id")


def holds() -> list[Hold]:
    """Return the holds in force, newest first."""
    return list(Hold.objects.filter(lifted_at=None).order_by("-placed_at")[:200])


def assessments() -> list[Assessment]:
    """Return the impact assessments, newest first."""
    return list(Assessment.objects.order_by("-made_on", "-id"))


def entrustings() -> list[Entrusting]:
    """Return the entrusted parties, newest first."""
    return list(Entrusting.objects.order_by("-begins_on", "-id"))


_OPEN = Statement(lambda: Breach.objects.exclude(state__in=[BreachState.CLOSED, BreachState.DISMISSED]))


@only_if(lambda actor, at: [_OPEN.exists()] if rules.handler(actor) else [])
def todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return what incidents and assessments ask of who looks after them."""
    if not rules.handler(actor):
        return []
    entries = []
    rows = Breach.objects.exclude(state__in=[BreachState.CLOSED, BreachState.DISMISSED])
    due = list(rows.order_by("authority_due_at").values_list("authority_due_at", flat=True)[:100])
    if due:
        words = ngettext("%(n)d incident with personal data", "%(n)d incidents with personal data", len(due))
        url = reverse("privacy:breaches", settings.PUBLIC_SCHEMA_URLCONF)
        by_when = date_format(due[0].astimezone(clock.CHINA), "DATETIME_FORMAT")
        detail = _("authority to be notified by %(moment)s") % {"moment": by_when}
        entries.append(Todo(words % {"n": len(due)}, url, _("Look"), detail, tone="bad", icon="alert-triangle"))
    return entries


def own_reports(actor: Actor) -> list[Breach]:
    """Return the incidents that the actor reported, newest first."""
    return list(Breach.objects.filter(reported_by=account_queries.own_id(actor)).order_by("-reported_at")[:20])
