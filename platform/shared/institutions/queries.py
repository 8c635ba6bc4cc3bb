"""Reads: who is listed, how an organisation stands, and which of them an officer may see."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Case, F, QuerySet, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.errors import NotFound
from shared.policy import queries as policy
from shared.policy.states import Level

from . import rules
from .models import Institution, Organisation, Ruling, StandingEntry
from .states import TONES, WORDS, Standing

PUBLIC = (Standing.LISTED, Standing.NOT_ENROLLING, Standing.SUSPENDED, Standing.REMOVED)

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


@dataclass(frozen=True, slots=True)
class InstitutionValue:
    """A listed organisation and its place of work."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    name: str
    slug: str
    schema_name: str
    credit_code: str
    category: str
    division_code: str
    authority_code: str
    positions: tuple[str, ...]
    listed_at: datetime
    ready: bool
    state: str
    stars: int | None
    star_year: int | None


@dataclass(frozen=True, slots=True)
class OrganisationValue:
    """A legal entity as other apps need it."""

    id: uuid.UUID
    name: str
    credit_code: str
    category: str
    division_code: str
    authority_code: str
    address: str
    state: str


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One step of a life line (components/life_line.html)."""

    label: Words
    at: datetime
    actor_name: str = ""
    why: str = ""
    policy: str = ""


# --- Standing ---------------------------------------------------------------------------------------


def _standing(state: str, since: datetime) -> StandingValue:
    known = Standing(state)
    return StandingValue(known, since, known.label, WORDS[known], TONES[known], known == Standing.LISTED)


def standing_of(organisation: Organisation) -> StandingValue:
    """Return how an organisation stands now."""
    return _standing(organisation.state, organisation.state_since)


def standing(institution_id: uuid.UUID, at: datetime) -> StandingValue:
    """Return how an institution stands at `at`; a decision is in force from the moment it was taken.

    This is what rosters and billing ask at the time of every act. Refuses (NotFound) an unknown institution.
    """
    organisation = Organisation.objects.filter(institution=institution_id).first()
    if organisation is None:
        raise NotFound
    if at >= organisation.state_since:
        return standing_of(organisation)
    entry = StandingEntry.objects.filter(organisation=organisation, since__lte=at).order_by("-since", "-id").first()
    if entry is None:
        return _standing(Standing.REGISTERED, organisation.registered_at)
    return _standing(entry.state, entry.since)


def life(organisation: Organisation) -> list[LifeStep]:
    """Return the public life line of an organisation: its standings, by which authority, under which decision."""
    entries = organisation.standings.select_related("ruling").order_by("id")
    offices = {a.code: a.office_label for a in policy.authorities(Level.PROVINCE, Level.CITY, Level.NEW_AREA)}
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


# --- Institutions -----------------------------------------------------------------------------------


def _value(row: Institution) -> InstitutionValue:
    o = row.organisation
    return InstitutionValue(
        row.id,
        o.id,
        row.name,
        row.slug,
        row.schema_name,
        o.credit_code,
        o.category,
        o.division_code,
        o.authority_code,
        tuple(row.positions),
        row.listed_at,
        row.ready,
        o.state,
        row.stars,
        row.star_year,
    )


def public_list() -> QuerySet[Institution]:
    """Return the institutions that the public may see (all that ever were listed), by name."""
    return Institution.objects.select_related("organisation").filter(organisation__state__in=PUBLIC).order_by("name")


def best(rows: QuerySet[Institution]) -> QuerySet[Institution]:
    """Return institutions with the best rated first, those not rated after them, those removed from the list last."""
    gone = Case(When(organisation__state=Standing.REMOVED, then=1), default=0)
    return rows.order_by(gone, F("stars").desc(nulls_last=True), "name")


def listed_count() -> int:
    """Return how many institutions are on the list now."""
    return public_list().exclude(organisation__state=Standing.REMOVED).count()


def listed(on: datetime | date) -> list[InstitutionValue]:
    """Return the institutions on the list (not removed) that had been listed by `on`, by name."""
    rows = public_list().exclude(organisation__state=Standing.REMOVED)
    by = {"listed_at__lte": on} if isinstance(on, datetime) else {"listed_at__date__lte": on}
    return [_value(row) for row in rows.filter(**by)]


def institution(institution_id: uuid.UUID) -> InstitutionValue:
    """Return an institution; refuses (NotFound) an unknown one."""
    row = Institution.objects.select_related("organisation").filter(pk=institution_id).first()
    if row is None:
        raise NotFound
    return _value(row)


def institutions(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, InstitutionValue]:
    """Return several institutions by id, in one query; unknown ids are left out."""
    rows = Institution.objects.select_related("organisation").filter(pk__in=set(ids))
    return {row.id: _value(row) for row in rows}


def institution_of(organisation_id: uuid.UUID) -> InstitutionValue | None:
    """Return what an organisation has become, None while it is not listed."""
    row = Institution.objects.select_related("organisation").filter(organisation=organisation_id).first()
    return _value(row) if row is not None else None


def by_slug(slug: str) -> Institution:
    """Return an institution for its public page; refuses (NotFound) one that is not public."""
    row = public_list().filter(slug=slug).first()
    if row is None:
        raise NotFound
    return row


def host_of(slug: str) -> str:
    """Return the host that an institution is given when it is listed."""
    return f"{slug}.{settings.NUOXING_HOST}"


def address_of(slug: str, path: str = "/", *, port: int | str | None = None) -> str:
    """Return a whole address at an institution's host."""
    at_port = settings.NUOXING_PORT if port is None else port
    usual = {"http": 80, "https": 443}.get(settings.NUOXING_SCHEME)
    tail = "" if str(at_port) == str(usual) else f":{at_port}"
    return f"{settings.NUOXING_SCHEME}://{host_of(slug)}{tail}{path}"


def unready() -> list[uuid.UUID]:
    """Return the institutions whose schema does not stand yet, oldest first."""
    return list(Institution.objects.filter(ready=False).order_by("pk").values_list("pk", flat=True))


# --- Organisations ----------------------------------------------------------------------------------


def organisation(organisation_id: uuid.UUID) -> OrganisationValue:
    """Return an organisation's public facts; refuses (NotFound) an unknown one. The caller has checked who asks."""
    row = Organisation.objects.filter(pk=organisation_id).first()
    if row is None:
        raise NotFound
    fields = (row.id, row.name, row.credit_code, row.category, row.division_code, row.authority_code, row.address)
    return OrganisationValue(*fields, row.state)


def jurisdiction(by: Actor) -> frozenset[str]:
    """Return the codes of the authorities that the offices of `by` cover: a province covers all below it."""
    scopes = by.scopes(*rules.REGULATORS)
    if not scopes:
        return frozenset()
    known = policy.authorities(Level.PROVINCE, Level.CITY, Level.NEW_AREA)
    return scopes | {a.code for a in known if a.parent in scopes}


def facts(organisation: Organisation, at: datetime) -> list[tuple[Words, Words]]:
    """Return what the public may know of an organisation, as components/facts.html shows it."""
    law = policy.pack_at(at)
    category = {c.key: c.label for c in law.institutions.categories}.get(organisation.category, organisation.category)
    places = {a.code: a for a in policy.authorities()}
    place, office = places.get(organisation.division_code), places.get(organisation.authority_code)
    return [
        (_("Unified social credit code"), organisation.credit_code),
        (_("Category"), category),
        (_("Place of the test site"), f"{place.label if place else ''} {organisation.address}".strip()),
        (_("Competent authority"), office.office_label if office else ""),
    ]


def in_jurisdiction(by: Actor) -> QuerySet[Organisation]:
    """Return the organisations that an officer may see, by name, with what they have become."""
    covered = jurisdiction(by)
    return Organisation.objects.filter(authority_code__in=covered).select_related("institution").order_by("name")


def organisation_for(by: Actor, organisation_id: uuid.UUID) -> Organisation:
    """Return an organisation that `by` may see: its authority's officers and inspectors; refuses (NotFound) others."""
    row = in_jurisdiction(by).filter(pk=organisation_id).first()
    if row is None:
        raise NotFound
    return row


def covers(by: Actor, authority_code: str) -> bool:
    """Say whether `by` may decide about organisations of an authority."""
    return rules.may_decide(by, authority_code, jurisdiction(by))
