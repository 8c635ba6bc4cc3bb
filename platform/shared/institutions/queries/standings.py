"""Standings of organisations, now and in the past."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.errors import NotFound, Refusal
from kernel.states import LifeStep
from kernel.unchanging import asked_once
from shared.policy.queries import authorities
from shared.policy.states import Level

from ..models import Organisation, Ruling, StandingEntry
from ..states import ALLOWED, DESCRIPTIONS, STANDING, Activity, Standing

Words = str | Promise


class StandingForbids(Refusal):
    """An institution that stands so may not do this."""

    code = "standing-forbids"
    message = _("This institution may not %(activity)s now: %(standing)s. %(reason)s")


@dataclass(frozen=True, slots=True)
class StandingValue:
    """How an organisation stands at a moment, in words; the value that components/standing_badge.html shows."""

    state: str
    since: datetime | None
    label: Words
    words: Words
    tone: str

    @property
    def may_enrol(self) -> bool:
        """Say whether it may take new trainees."""
        return self.may(Activity.ENROL)

    def may(self, activity: Activity) -> bool:
        """Say whether who stands so may do something."""
        return self.state in ALLOWED[activity]

    @property
    def listed(self) -> bool:
        """Say whether it is on the public list, enrolling or not."""
        return self.state in (Standing.LISTED, Standing.NOT_ENROLLING, Standing.SUSPENDED)


def _standing(state: str, since: datetime | None) -> StandingValue:
    known = Standing(state)
    return StandingValue(known, since, known.label, DESCRIPTIONS[known], STANDING.tone(known))


def in_words(state: str) -> StandingValue:
    """Return a standing in words, where nobody asks since when."""
    return _standing(state, None)


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


def refusal(activity: Activity, institution_id: uuid.UUID, at: datetime) -> Refusal | None:
    """Return why an institution may not do something at `at`, None where it may: the one rule of what a standing allows
    (`ALLOWED`). Refuses (NotFound) an unknown institution.
    """
    now = standing(institution_id, at)
    if now.may(activity):
        return None
    return StandingForbids(activity=activity.label, standing=now.label, reason=now.words)


def require(activity: Activity, institution_id: uuid.UUID, at: datetime) -> None:
    """Refuse (StandingForbids) an institution that may not do something at `at`."""
    if (forbidden := refusal(activity, institution_id, at)) is not None:
        raise forbidden


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
