"""Institutions: who is on the list, and where each works."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, F, QuerySet, When

from kernel import audit, folding, tenancy
from kernel.db.statements import Bind, Figure, Statement
from kernel.errors import NotFound
from kernel.unchanging import asked_once

from ..models import Institution
from ..states import ALLOWED, Activity, Lifecycle, Standing

PUBLIC = (Standing.LISTED, Standing.NOT_ENROLLING, Standing.SUSPENDED, Standing.REMOVED)


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
    rows: QuerySet[Institution] = Institution.objects.select_related("organisation")
    return rows.filter(organisation__state__in=PUBLIC).order_by("name_key", "id")


def by_rating(rows: QuerySet[Institution]) -> QuerySet[Institution]:
    """Return institutions with the best rated first, those not rated after them, those removed from the list last."""
    gone = Case(When(organisation__state=Standing.REMOVED, then=1), default=0)
    return rows.order_by(gone, F("stars").desc(nulls_last=True), "name_key", "id")


_LISTED = tuple(state for state in PUBLIC if state != Standing.REMOVED)
_COVERED = Statement(
    lambda: Institution.objects.filter(
        organisation__state__in=_LISTED, organisation__authority_code__any_of=Bind("covered", CharField(), many=True)
    )
)


STARS = ("stars", "star_year", "star_score", "star_count")


def stars(institution_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """Return the stars that institutions carry, as a note holds them, by institution."""
    rows = Institution.objects.filter(pk__in=institution_ids)
    return {row.pk: audit.values(row, *STARS) for row in rows}


def listed_count() -> int:
    """Return how many institutions are on the list now, in the whole province."""
    return int(Institution.objects.filter(organisation__state__in=_LISTED).count())


def institutions_listed(authorities: Collection[str]) -> Figure:
    """Return how many institutions are on the list now under some authorities, to be asked."""
    return _COVERED.count(covered=authorities)


def listed(on: datetime | date, authorities: Collection[str] | None = None) -> list[InstitutionValue]:
    """Return the institutions on the list (not removed) that had been listed by `on`, by name; under some authorities
    only, if they are given.
    """
    rows = public_list().exclude(organisation__state=Standing.REMOVED)
    if authorities is not None:
        rows = rows.filter(organisation__authority_code__in=authorities)
    by = {"listed_at__lte": on} if isinstance(on, datetime) else {"listed_at__date__lte": on}
    return [_value(row) for row in rows.filter(**by)]


@asked_once
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


def slugs(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the slugs of several institutions by id; unknown ids are left out."""
    return dict(Institution.objects.order_by().filter(pk__in=set(ids)).values_list("pk", "slug"))


def institution_by_code(credit_code: str) -> InstitutionValue | None:
    """Return the institution on the public list with this unified social credit code, None where there is none."""
    code = folding.number(credit_code)
    row = public_list().exclude(organisation__state=Standing.REMOVED).filter(organisation__credit_code=code)
    institution_row = row.first()
    return _value(institution_row) if institution_row is not None else None


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


def public_institution(slug: str) -> InstitutionValue:
    """Return what the public may know of an institution; refuses (NotFound) one that is not public."""
    return _value(by_slug(slug))


def slug_of(organisation_id: uuid.UUID) -> str:
    """Return the slug of an organisation's institution; refuses (NotFound) one that is not listed."""
    row = Institution.objects.filter(organisation=organisation_id).first()
    if row is None:
        raise NotFound
    return str(row.slug)


def host_of(slug: str) -> str:
    """Return the host that an institution is given when it is listed."""
    return f"{slug}.{settings.NUOXING_HOST}"


def address_of(slug: str, path: str = "/", *, port: int | str | None = None) -> str:
    """Return a whole address at an institution's host."""
    at_port = settings.NUOXING_PORT if port is None else port
    usual = {"http": 80, "https": 443}.get(settings.NUOXING_SCHEME)
    tail = "" if str(at_port) == str(usual) else f":{at_port}"
    return f"{settings.NUOXING_SCHEME}://{host_of(slug)}{tail}{path}"


def address_here(path: str) -> str:
    """Return the whole address of a path at the host of the institution that is open now."""
    return address_of(institution(tenancy.institution_id()).slug, path)


def enrolling() -> QuerySet[Institution, dict[str, Any]]:
    """Return the keys of the institutions that may take new trainees now and are at work, as a part of a question."""
    rows: QuerySet[Institution] = Institution.objects.filter(
        organisation__state__in=ALLOWED[Activity.ENROL], lifecycle=Lifecycle.WORKING, ready=True
    )
    return rows.order_by().values("pk")


def without_schema() -> list[uuid.UUID]:
    """Return the institutions whose schema does not stand yet, oldest first."""
    return list(
        Institution.objects.filter(ready=False, lifecycle=Lifecycle.WORKING).order_by("pk").values_list("pk", flat=True)
    )
