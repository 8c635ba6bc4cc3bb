"""Facts that institutions filed, within the reader's jurisdiction; never read inside an institution's schema."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, DateTimeField, F, IntegerField, QuerySet, Sum, Value, When

from kernel.access import Actor
from kernel.db.statements import Bind, Figure, Statement
from kernel.money import Money
from kernel.values import ValueList
from shared.institutions.queries import organisations

from .models import CAP, FILER, FiledFact, FiledSitting, PublishedPrice, ReportedIncident
from .states import LIVE, UPCOMING, Severity
from .values import Incident, Price, Sitting


def _within(rows: QuerySet[Any], covered: frozenset[str]) -> QuerySet[Any]:
    """Keep the facts filed by institutions that answer to one of the authorities `covered`."""
    inside: QuerySet[Any] = rows.filter(institution__organisation__authority_code__in=covered)
    return inside


def _named(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Bring along who filed the facts."""
    named: QuerySet[Any] = rows.annotate(**FILER)
    return named


def _filer(row: FiledFact) -> dict[str, str]:
    return {"institution_name": row.institution_name, "institution_slug": row.institution_slug}


def _sitting(row: FiledSitting) -> Sitting:
    return Sitting(
        **_filer(row),
        position=row.position,
        starts_at=row.starts_at,
        site=row.site,
        candidates=row.candidates,
        state=row.state,
        badge=row.badge,
    )


def _incident(row: ReportedIncident) -> Incident:
    return Incident(
        **_filer(row),
        happened_at=row.happened_at,
        severity=row.severity,
        badge=row.badge,
        words=row.words,
    )


def _price(row: PublishedPrice) -> Price:
    return Price(
        **_filer(row),
        position=row.position,
        class_name=row.class_name,
        fee_item=row.fee_item,
        published_at=row.published_at,
        badge=row.badge,
    )


def _sittings_within(covered: frozenset[str]) -> QuerySet[FiledSitting]:
    rank = Case(When(state__in=LIVE, then=0), When(state__in=UPCOMING, then=1), default=2, output_field=IntegerField())
    starts_ahead = Case(When(state__in=(*LIVE, *UPCOMING), then=F("starts_at")), default=Value(None))
    rows = _named(_within(FiledSitting.objects.all(), covered))
    return rows.order_by(rank, starts_ahead.asc(nulls_last=True), "-starts_at", "id")


def sittings_within(covered: frozenset[str]) -> ValueList[Sitting]:
    """Return the sittings filed under some authorities: those going on, those ahead by their start, the past."""
    return ValueList(_sittings_within(covered), _sitting)


def first_sittings(covered: frozenset[str], number: int) -> list[Sitting]:
    """Return the first sittings of that list. Those that go on or are ahead are few and come first: only what room they
    leave is looked for in the past, newest first.
    """
    rows = _sittings_within(covered)
    first = list(rows.filter(state__in=(*LIVE, *UPCOMING))[:number])
    room = number - len(first)
    past = rows.exclude(state__in=(*LIVE, *UPCOMING)).order_by("-starts_at", "id")
    return [_sitting(row) for row in (*first, *(past[:room] if room else ()))]


def incidents_within(covered: frozenset[str]) -> ValueList[Incident]:
    """Return the incidents reported under some authorities, newest first."""
    rows = _named(_within(ReportedIncident.objects.all(), covered))
    return ValueList(rows.order_by("-happened_at", "id"), _incident)


def prices_within(covered: frozenset[str]) -> ValueList[Price]:
    """Return the prices published under some authorities, newest first."""
    rows = _named(_within(PublishedPrice.objects.annotate(**CAP), covered))
    return ValueList(rows.order_by("-published_at", "id"), _price)


def first_incidents(covered: frozenset[str], number: int) -> list[Incident]:
    """Return the first incidents of that list."""
    return incidents_within(covered)[:number]


def first_prices(covered: frozenset[str], number: int) -> list[Price]:
    """Return the first prices of that list."""
    return prices_within(covered)[:number]


def sittings(by: Actor) -> ValueList[Sitting]:
    """Return filed sittings within the jurisdiction of `by` (a province sees all below it): those going on first, then
    those ahead by their start, then the past, newest first."""
    return sittings_within(organisations.jurisdiction(by))


def incidents(by: Actor) -> ValueList[Incident]:
    """Return reported incidents within the jurisdiction of `by`, newest first."""
    return incidents_within(organisations.jurisdiction(by))


def prices(by: Actor) -> ValueList[Price]:
    """Return published prices with their ceilings within the jurisdiction of `by`, newest first."""
    return prices_within(organisations.jurisdiction(by))


_COVERED: dict[str, Any] = {
    "institution__organisation__authority_code__any_of": Bind("covered", CharField(), many=True)
}
_RUNNING = Statement(lambda: FiledSitting.objects.filter(state__in=LIVE, **_COVERED))
_AHEAD = Statement(
    lambda: FiledSitting.objects.filter(
        state__in=UPCOMING,
        starts_at__gte=Bind("start", DateTimeField()),
        starts_at__lt=Bind("end", DateTimeField()),
        **_COVERED,
    )
)
_SERIOUS = Statement(
    lambda: ReportedIncident.objects.filter(
        severity=Severity.SERIOUS, happened_at__gte=Bind("since", DateTimeField()), **_COVERED
    )
)
_IN_FORCE = Statement(lambda: PublishedPrice.objects.filter(in_force=True, **_COVERED))


def sittings_running(covered: Collection[str]) -> Figure:
    """Return how many sittings go on under some authorities, to be asked."""
    return _RUNNING.count(covered=covered)


def sittings_ahead(covered: Collection[str], *, start: datetime, end: datetime) -> Figure:
    """Return how many sittings are to begin under some authorities in [start, end), to be asked."""
    return _AHEAD.count(covered=covered, start=start, end=end)


def serious_incidents(covered: Collection[str], *, since: datetime) -> Figure:
    """Return how many serious incidents happened under some authorities since a moment, to be asked."""
    return _SERIOUS.count(covered=covered, since=since)


def prices_in_force(covered: Collection[str]) -> Figure:
    """Return how many published prices are in force under some authorities, to be asked."""
    return _IN_FORCE.count(covered=covered)


def count_sittings_from(covered: Collection[str], day: date) -> int:
    """Return how many sittings under some authorities go on or lie ahead, from a day on."""
    rows = _within(FiledSitting.objects.all(), frozenset(covered))
    return rows.filter(state__in=(*UPCOMING, *LIVE), starts_at__date__gte=day).count()


def current_prices(institution_ids: Collection[uuid.UUID], at: datetime) -> dict[uuid.UUID, dict[str, Money]]:
    """Return what each institution asks now for the least dear of its classes, all fee items together, by position."""
    rows = PublishedPrice.objects.filter(institution_id__in=institution_ids, in_force=True, published_at__lte=at)
    classes = rows.order_by().values_list("institution_id", "position", "class_id").annotate(total=Sum("amount"))
    prices: dict[uuid.UUID, dict[str, Money]] = {}
    for institution_id, position, _class_id, total in classes:
        price = total if isinstance(total, Money) else Money(int(total))
        by_position = prices.setdefault(institution_id, {})
        by_position[position] = min(price, by_position.get(position, price))
    return prices
