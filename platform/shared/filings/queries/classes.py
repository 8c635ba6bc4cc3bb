"""Classes that institutions filed: those that take enrolments, for whoever looks for one, and an authority's list."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, overload

from django.db.models import Case, DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Cast

from kernel.access import Actor
from kernel.clock import legal_day
from kernel.errors import NotFound
from kernel.fields import MoneyField
from kernel.names import with_part
from kernel.values import ValueList
from kernel.web.http import address
from shared.institutions.queries import listing as institution_listing_queries
from shared.institutions.queries import organisations
from shared.institutions.states import ALLOWED, Activity, Lifecycle
from shared.policy.queries import authorities
from shared.policy.queries import packs as pack_queries
from shared.policy.states import Unit
from shared.policy.values.pack import Pack

from ..models import ClassPlaces, FiledClass, PublishedPrice
from ..states import ClassState, enrolling_on, takes_enrolments
from ..values import ListedClass, Offer, OfferedPrice, Offerer

MOST_COMPARED = 3
_INSTITUTION = (
    "institution__name",
    "institution__slug",
    "institution__organisation__state",
    "institution__lifecycle",
    "institution__ready",
    "institution__stars",
    "institution__star_year",
    "institution__star_count",
)
_FACTS = (
    "id", "name", "position", "programme", "class_hours", "division_code", "place", "starts_on", "ends_on",
    "enrols_until", "seats", "state",
)  # fmt: skip
OFFER_COLUMNS = (*_FACTS, "free", *_INSTITUTION)
_LISTED = (
    "institution__name", "institution__slug", "name", "position", "starts_on", "ends_on", "seats", "free",
    "state",
)  # fmt: skip
_WHOLE = DecimalField(max_digits=5, decimal_places=0)  # a product that no amount overflows


def public_classes() -> QuerySet[FiledClass]:
    """Return the filed classes of institutions that are or were on the public list, taking enrolments or not."""
    return FiledClass.objects.filter(institution__organisation__state__in=institution_listing_queries.PUBLIC)


def enrolling_classes(at: datetime) -> QuerySet[FiledClass]:
    """Return the classes that take enrolments at `at`, as their institutions' own pages say, by their start: each is
    open and not over, its institution may enrol and is at work.
    """
    institutions = institution_listing_queries.enrolling()
    return FiledClass.objects.filter(enrolling_on(legal_day(at)), institution__in=institutions).order_by(
        "starts_on", "id"
    )


def _in_force(pack: Pack) -> QuerySet[PublishedPrice]:
    """Return the prices that enrolment owes from its beginning, whose ceilings are in force."""
    prices = PublishedPrice.objects.filter(in_force=True, cap__in_force=True)
    return prices.exclude(fee_item__in=pack.fees.later).order_by()


def total_column(pack: Pack) -> Subquery:
    """Return what enrolling in a class costs altogether, as a column; none where no price is published."""
    hours = Cast(OuterRef("class_hours"), _WHOLE)
    units = Case(When(unit=Unit.CLASS_HOUR, then=hours), default=Value(1), output_field=_WHOLE)
    prices = _in_force(pack).filter(class_id=OuterRef("pk")).values("class_id")
    return Subquery(prices.values(total=Sum(F("amount") * units, output_field=MoneyField())))


def free_column() -> Subquery:
    """Return how many places of a class are free, as a column."""
    return Subquery(ClassPlaces.objects.filter(pk=OuterRef("pk")).values("free"))


class OfferList(ValueList[Offer]):
    """Classes as whoever looks for one sees them; those of a slice are read with their prices when it is taken."""

    def __init__(self, rows: QuerySet[FiledClass], at: datetime, *, pack: Pack, port: int | str | None = None) -> None:
        """Take the classes, the time that is asked for, its policy, and the port of the host that shows them."""
        super().__init__(rows, Offer, OFFER_COLUMNS)
        self._at, self._pack, self._port = at, pack, port

    def __iter__(self) -> Iterator[Offer]:
        """Walk through all of them."""
        return iter(self[:])

    @overload
    def __getitem__(self, key: int) -> Offer: ...

    @overload
    def __getitem__(self, key: slice) -> list[Offer]: ...

    def __getitem__(self, key: int | slice) -> Offer | list[Offer]:
        """Return one of them, or those of a slice: found by their keys first, so that only theirs is looked up."""
        if isinstance(key, slice):
            keys = list(self._rows.values_list("pk", flat=True)[key])
            return _in_order(keys, offers(_offer_rows(keys), self._at, pack=self._pack, port=self._port))
        return self[key : key + 1][0]


def _offer_rows(keys: Collection[uuid.UUID]) -> Iterable[Mapping[str, Any]]:
    rows: Iterable[Mapping[str, Any]] = (
        FiledClass.objects.filter(pk__in=keys).annotate(free=free_column()).values(*OFFER_COLUMNS)
    )
    return rows


def _in_order(keys: Iterable[uuid.UUID], found: Iterable[Offer]) -> list[Offer]:
    by_key = {offer.id: offer for offer in found}
    return [by_key[key] for key in keys if key in by_key]


def offers(
    rows: Iterable[Mapping[str, Any]], at: datetime, *, pack: Pack, port: int | str | None = None
) -> list[Offer]:
    """Return classes as whoever looks for one sees them; `rows` have the columns of `OFFER_COLUMNS`."""
    classes = list(rows)
    if not classes:
        return []
    prices = _prices({row["id"]: row["class_hours"] for row in classes}, pack)
    names = {position.key: position.label for position in pack.positions}
    places = {place.code: place.label for place in authorities.authorities()}
    day = legal_day(at)
    return [_offer(row, prices.get(row["id"], ()), names, places, day, port) for row in classes]


def _offer(
    row: Mapping[str, Any],
    prices: tuple[OfferedPrice, ...],
    names: Mapping[str, str],
    places: Mapping[str, str],
    day: date,
    port: int | str | None,
) -> Offer:
    offerer = _offerer(row)
    slug = row["institution__slug"]
    return Offer(
        **{name: row[name] for name in _FACTS},
        free=row["free"] or 0,
        position_label=names.get(row["position"], row["position"]),
        area=_area(row["division_code"], places),
        enrolling=offerer.may_enrol and takes_enrolments(row["state"], row["enrols_until"], day),
        institution=offerer,
        prices=prices,
        url=institution_listing_queries.address_of(slug, address("class", row["id"]), port=port),
    )


def _offerer(row: Mapping[str, Any]) -> Offerer:
    standing = row["institution__organisation__state"]
    at_work = row["institution__ready"] and row["institution__lifecycle"] == Lifecycle.WORKING
    return Offerer(
        name=row["institution__name"],
        slug=row["institution__slug"],
        standing=standing,
        may_enrol=at_work and standing in ALLOWED[Activity.ENROL],
        stars=row["institution__stars"],
        star_year=row["institution__star_year"],
        star_count=row["institution__star_count"],
    )


def _area(code: str, places: Mapping[str, str]) -> str:
    """Return the city and the division of a code."""
    city, own = places.get(f"{code[:4]}00", ""), places.get(code, "")
    return own if own == city else f"{city} {own}".strip()


def _prices(hours: Mapping[uuid.UUID, int], pack: Pack) -> dict[uuid.UUID, tuple[OfferedPrice, ...]]:
    """Return what each class asks, in the policy's order of items; a class without a price is left out."""
    labels = {item.key: item.label for item in pack.fees.items}
    order = {key: place for place, key in enumerate(labels)}
    columns = ("class_id", "fee_item", "unit", "amount", "cap__ceiling", "cap__document_no", "cap__demo")
    rows = _in_force(pack).filter(class_id__in=hours).values_list(*columns)
    result: dict[uuid.UUID, tuple[OfferedPrice, ...]] = {}
    for class_id, item, unit, *rest in sorted(rows, key=lambda row: order.get(row[1], len(order))):
        quantity = hours[class_id] if unit == Unit.CLASS_HOUR else 1
        price = OfferedPrice(item, labels.get(item, item), unit, quantity, *rest)
        result[class_id] = (*result.get(class_id, ()), price)
    return result


def compared(class_ids: Collection[uuid.UUID], at: datetime, *, port: int | str | None = None) -> list[Offer]:
    """Return classes side by side in the order in which they were chosen; unknown ones are left out."""
    rows = public_classes().filter(pk__in=class_ids).annotate(free=free_column()).values(*OFFER_COLUMNS)
    return _in_order(class_ids, offers(rows, at, pack=pack_queries.pack_at(at), port=port))


def offer(class_id: uuid.UUID, at: datetime, *, port: int | str | None = None) -> Offer:
    """Return a class of an institution on the public list, taking enrolments or not; refuses (NotFound) others."""
    found = compared([class_id], at, port=port)
    if not found:
        raise NotFound
    return found[0]


def classes_filed(
    by: Actor, *, text: str = "", position: str = "", division: str = "", state: str = ""
) -> ValueList[ListedClass]:
    """Return the classes filed within the jurisdiction of `by`, the latest start on top; `text` is a part of the name
    of the class or of its institution.
    """
    rows = FiledClass.objects.filter(organisations.AnsweringTo("institution_id", organisations.jurisdiction(by)))
    if text:
        rows = rows.filter(with_part("name", text) | with_part("institution__name", text))
    if position:
        rows = rows.filter(position=position)
    if division:
        rows = rows.filter(division_code__in=divisions_of(division))
    if state:
        rows = rows.filter(state=ClassState(state))
    return ValueList(rows.annotate(free=free_column()).order_by("-starts_on", "id"), ListedClass, _LISTED)


def divisions_of(city: str) -> list[str]:
    """Return the codes of a city and of its counties."""
    return [city, *(place.code for place in authorities.authorities(parent=city))]
