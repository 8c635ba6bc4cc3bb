"""Facts that institutions filed, within the reader's jurisdiction; never read inside an institution's schema."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    QuerySet,
    Sum,
    Value,
    When,
)

from kernel.access import Actor
from kernel.db.statements import Bind, Figure, Statement
from kernel.money import Money
from kernel.values import ValueList
from shared.institutions.queries import organisations

from ..models import FiledClass, FiledSitting, PublishedPrice, ReportedIncident
from ..states import LIVE, UPCOMING, ClassState, Severity
from ..values import Incident, Price, Sitting

_FILER = ("institution__name", "institution__slug")
_SITTING = (*_FILER, "position", "starts_at", "site", "candidates", "state")
_INCIDENT = (*_FILER, "happened_at", "severity", "words")
_CAP = ("cap__ceiling", "cap__document_no", "cap__demo")
_PRICE = (*_FILER, "position", "class_name", "fee_item", "published_at", "amount", *_CAP, "unit")
_RANK = Case(When(state__in=LIVE, then=0), When(state__in=UPCOMING, then=1), default=2, output_field=IntegerField())
_OPEN = (*LIVE, *UPCOMING)
_COVERED = Bind("covered", CharField(), many=True)


def _within(rows: QuerySet[Any], covered: Collection[str] | Bind) -> QuerySet[Any]:
    """Keep the facts filed by institutions that answer to one of the authorities `covered`."""
    inside: QuerySet[Any] = rows.filter(organisations.AnsweringTo("institution_id", covered))
    return inside


def _incidents(covered: Collection[str] | Bind) -> QuerySet[ReportedIncident]:
    return _within(ReportedIncident.objects.all(), covered).order_by("-happened_at", "id")


def _prices(covered: Collection[str] | Bind) -> QuerySet[PublishedPrice]:
    return _within(PublishedPrice.objects.all(), covered).order_by("-published_at", "id")


def sittings_within(covered: frozenset[str]) -> ValueList[Sitting]:
    """Return the sittings filed under some authorities: those going on, those ahead by their start, the past."""
    starts_ahead = Case(When(state__in=_OPEN, then=F("starts_at")), default=Value(None))
    rows = _within(FiledSitting.objects.all(), covered)
    return ValueList(rows.order_by(_RANK, starts_ahead.asc(nulls_last=True), "-starts_at", "id"), Sitting, _SITTING)


def incidents_within(covered: frozenset[str]) -> ValueList[Incident]:
    """Return the incidents reported under some authorities, newest first."""
    return ValueList(_incidents(covered), Incident, _INCIDENT)


def prices_within(covered: frozenset[str]) -> ValueList[Price]:
    """Return the prices published under some authorities, newest first."""
    return ValueList(_prices(covered), Price, _PRICE)


@cache
def _first_open(number: int) -> Statement[tuple[Any, ...]]:
    rows = FiledSitting.objects.filter(state__in=_OPEN).order_by(_RANK, "starts_at", "id")
    return Statement(lambda: _within(rows, _COVERED).values_list(*_SITTING)[:number])


@cache
def _first_past(number: int) -> Statement[tuple[Any, ...]]:
    rows = FiledSitting.objects.exclude(state__in=_OPEN).order_by("-starts_at", "id")
    return Statement(lambda: _within(rows, _COVERED).values_list(*_SITTING)[:number])


@cache
def _first_incidents(number: int) -> Statement[tuple[Any, ...]]:
    return Statement(lambda: _incidents(_COVERED).values_list(*_INCIDENT)[:number])


@cache
def _first_prices(number: int) -> Statement[tuple[Any, ...]]:
    return Statement(lambda: _prices(_COVERED).values_list(*_PRICE)[:number])


def first_sittings(covered: Collection[str], number: int) -> list[Sitting]:
    """Return the first sittings of that list. Those that go on or are ahead are few and come first: only what room they
    leave is looked for in the past, newest first.
    """
    rows = _first_open(number).fetch(covered=covered)
    if room := number - len(rows):
        rows += _first_past(number).fetch(covered=covered)[:room]
    return [Sitting(*row) for row in rows]


def first_incidents(covered: Collection[str], number: int) -> list[Incident]:
    """Return the first incidents of that list."""
    return [Incident(*row) for row in _first_incidents(number).fetch(covered=covered)]


def first_prices(covered: Collection[str], number: int) -> list[Price]:
    """Return the first prices of that list."""
    return [Price(*row) for row in _first_prices(number).fetch(covered=covered)]


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


_RUNNING = Statement(lambda: _within(FiledSitting.objects.filter(state__in=LIVE), _COVERED))
_AHEAD = Statement(
    lambda: _within(
        FiledSitting.objects.filter(
            state__in=UPCOMING,
            starts_at__gte=Bind("start", DateTimeField()),
            starts_at__lt=Bind("end", DateTimeField()),
        ),
        _COVERED,
    )
)
_SERIOUS = Statement(
    lambda: _within(
        ReportedIncident.objects.filter(severity=Severity.SERIOUS, happened_at__gte=Bind("since", DateTimeField())),
        _COVERED,
    )
)
_ENROLLING = Statement(
    lambda: _within(
        FiledClass.objects.filter(state=ClassState.OPEN, enrols_until__gte=Bind("day", DateField())), _COVERED
    )
)
_IN_FORCE = Statement(lambda: _within(PublishedPrice.objects.filter(in_force=True), _COVERED))


def sittings_running(covered: Collection[str]) -> Figure:
    """Return how many sittings go on under some authorities, to be asked."""
    return _RUNNING.count(covered=covered)


def sittings_ahead(covered: Collection[str], *, start: datetime, end: datetime) -> Figure:
    """Return how many sittings are to begin under some authorities in [start, end), to be asked."""
    return _AHEAD.count(covered=covered, start=start, end=end)


def serious_incidents(covered: Collection[str], *, since: datetime) -> Figure:
    """Return how many serious incidents happened under some authorities since a moment, to be asked."""
    return _SERIOUS.count(covered=covered, since=since)


def classes_enrolling(covered: Collection[str], day: date) -> Figure:
    """Return how many classes are open for enrolment under some authorities on a day, to be asked."""
    return _ENROLLING.count(covered=covered, day=day)


def prices_in_force(covered: Collection[str]) -> Figure:
    """Return how many published prices are in force under some authorities, to be asked."""
    return _IN_FORCE.count(covered=covered)


def count_sittings_from(covered: Collection[str], day: date) -> int:
    """Return how many sittings under some authorities go on or lie ahead, from a day on."""
    rows = _within(FiledSitting.objects.all(), covered)
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


def count_prices(
    *, fee_item: str, position: str, unit: str, above: Money | None, cap_id: uuid.UUID | None
) -> tuple[int, int]:
    """Return how many prices are in force for a fee, of how many institutions: above an amount, or under a ceiling."""
    rows = PublishedPrice.objects.filter(in_force=True, fee_item=fee_item, unit=unit)
    if position:
        rows = rows.filter(position=position)
    if cap_id is not None:
        rows = rows.filter(cap_id=cap_id)
    elif above is not None:
        rows = rows.filter(amount__gt=above)
    else:
        return 0, 0
    found = rows.aggregate(prices=Count("pk"), institutions=Count("institution_id", distinct=True))
    return found["prices"], found["institutions"]
