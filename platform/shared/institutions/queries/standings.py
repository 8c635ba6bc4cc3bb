"""Standings of organisations, now and in the past."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise

from kernel.errors import NotFound
from kernel.states import LifeStep
from kernel.unchanging import asked_once
from shared.policy.queries import authorities
from shared.policy.states import Level

from ..models import Organisation, Ruling, StandingEntry
from ..states import DESCRIPTIONS, STANDING, Standing

Words = str | Promise


@dataclass(frozen=True, slots=True)
class StandingValue:
    """How an organisation stands at a moment, in words; the value that components/standing_badge.html shows."""

    state: str
    since: datetime
    label: Words
    words: Words
    tone: str
    may_enrol: bool

    @property
    def listed(self) -> bool:
        """Say whether it is on the public list, enrolling or not."""
        return self.state in (Standing.LISTED, Standing.NOT_ENROLLING, Standing.SUSPENDED)


def _standing(state: str, since: datetime) -> StandingValue:
    known = Standing(state)
    return StandingValue(known, since, known.label, DESCRIPTIONS[known], STANDING.tone(known), known == Standing.LISTED)


def standing_of(organisation: Organisation) -> StandingValue:
    """Return how an organisation stands now."""
    return _standing(organisation.state, organisation.state_since)


def standing(institution_id: uuid.UUID, at: datetime) -> StandingValue:
    """Return how an institution stands at `at`; a decision is in force from the moment it was taken.

    This is what rosters and billing ask at the time of every act. Refuses (NotFound) an unknown institution.
    """
    organisation = _organisation_of(institution_id)
    if at >= organisation.state_since:
        return standing_of(organisation)
    entry = StandingEntry.objects.filter(organisation=organisation, since__lte=at).order_by("-since", "-id").first()
    if entry is None:
        return _standing(Standing.REGISTERED, organisation.registered_at)
    return _standing(entry.state, entry.since)


@asked_once
def _organisation_of(institution_id: uuid.UUID) -> Organisation:
    organisation = Organisation.objects.filter(institution=institution_id).first()
    if organisation is None:
        raise NotFound
    return organisation


def life(organisation: Organisation) -> list[LifeStep]:
    """Return the public life line of an organisation: its standings, by which authority, under which decision."""
    entries = organisation.standings.select_related("ruling").order_by("id")
    offices = {a.code: a.office_label for a in authorities.authorities(Level.PROVINCE, Level.CITY, Level.NEW_AREA)}
    steps = []
    for entry in entries:
        ruling = entry.ruling
        office = offices.get(ruling.authority_code, "") if ruling else ""
        why = f"{ruling.document_no} · {ruling.reason}" if ruling else ""
        label = ruling.get_kind_display() if ruling else Standing(entry.state).label
        steps.append(LifeStep(label, entry.since, office, why, ruling.policy if ruling else ""))
    return steps


def rulings(organisation: Organisation) -> QuerySet[Ruling]:
    """Return the authority's decisions on an organisation, newest first."""
    return organisation.rulings.order_by("-id")
