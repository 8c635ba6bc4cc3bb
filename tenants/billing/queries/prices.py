"""Prices: what is on sale, and what no longer may be."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet

from kernel.db.statements import Figure, Statement
from kernel.errors import NotFound
from kernel.money import Money
from shared.policy.queries import caps as cap_queries
from shared.policy.queries import packs as pack_queries
from shared.policy.states import Unit

from ..models import CappedAmount, Price
from ..states import CapKind


@dataclass(frozen=True, slots=True)
class PriceValue:
    """A price (or order line) with its ceiling, as components/price_under_cap.html shows it."""

    id: uuid.UUID
    fee_item: str
    label: str
    amount: Money
    quantity: int
    total: Money
    ceiling: Money | None
    unit: str
    basis: str
    demo: bool


def fee_items(when: datetime | date) -> dict[str, str]:
    """Return the fee items of the policy in force, key to name, in the policy's order."""
    return {item.key: item.label for item in pack_queries.pack_at(when).fees.items}


def price_value(row: CappedAmount, labels: dict[str, str]) -> PriceValue:
    """Return a row's value."""
    capped = row.cap_kind == CapKind.CAPPED
    return PriceValue(
        id=row.pk,
        fee_item=row.fee_item,
        label=labels.get(row.fee_item, row.fee_item),
        amount=row.amount,
        quantity=row.quantity,
        total=row.total,
        ceiling=row.max_amount if capped else None,
        unit=str(Unit(row.unit).label),
        basis=row.cap_document,
        demo=row.cap_demo,
    )


def in_order(rows: Iterable[CappedAmount], labels: dict[str, str]) -> list[PriceValue]:
    """Return rows' values in the policy's order of items."""
    places = {key: place for place, key in enumerate(labels)}
    return [price_value(row, labels) for row in sorted(rows, key=lambda r: places.get(r.fee_item, 99))]


def on_sale(class_ids: Collection[uuid.UUID], when: datetime | date) -> dict[uuid.UUID, list[PriceValue]]:
    """Return what each class asks of who enrols, in the policy's order; a class without a price is left out."""
    fees = pack_queries.pack_at(when).fees
    labels = {item.key: item.label for item in fees.items}
    result: dict[uuid.UUID, list[Price]] = {}
    rows = Price.objects.filter(training_class_id__in=class_ids, withdrawn_at=None, cap_in_force=True)
    for row in rows.exclude(fee_item__in=fees.later):
        result.setdefault(row.training_class_id, []).append(row)
    return {key: in_order(prices, labels) for key, prices in result.items()}


def on_sale_of(class_id: uuid.UUID, when: datetime | date) -> list[Price]:
    """Return the rows on sale that an enrolment in a class owes from its beginning."""
    rows = Price.objects.filter(training_class_id=class_id, withdrawn_at=None, cap_in_force=True)
    return list(rows.exclude(fee_item__in=pack_queries.pack_at(when).fees.later).order_by("fee_item"))


_CLASS = {"class_name": F("training_class__name")}


def _named() -> QuerySet[Price]:
    return Price.objects.annotate(**_CLASS)


def published() -> QuerySet[Price]:
    """Return every price that is not withdrawn, by class and item."""
    return _named().filter(withdrawn_at=None).order_by("training_class__name", "fee_item")


def published_of(class_id: uuid.UUID, when: datetime | date) -> list[tuple[Price, PriceValue]]:
    """Return the prices of a class that are not withdrawn, on sale or not."""
    labels = fee_items(when)
    return [(row, price_value(row, labels)) for row in published().filter(training_class_id=class_id)]


def asked(base: Money, addons: Money, unit: str) -> list[str]:
    """Return what a price asks, as a page's stamp has it."""
    return [str(base), str(addons), unit]


def stored_of_class(class_id: uuid.UUID, items: Collection[str]) -> dict[str, list[str] | None]:
    """Return what a class asks now for each of the fee items, None where nothing is published."""
    rows = {row.fee_item: row for row in Price.objects.filter(training_class_id=class_id, withdrawn_at=None)}
    return {key: asked(row.base, row.addons, row.unit) if (row := rows.get(key)) else None for key in {*items, *rows}}


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What holds a fee item down now, for a position; `cap` None where nobody has entered anything."""

    label: str
    unit: str
    cap: cap_queries.FeeCapValue | None


def ceilings(position: str, when: datetime | date) -> list[Ceiling]:
    """Return the ceiling of every fee item and unit of the policy for a position on a day."""
    return [
        Ceiling(item.label, str(Unit(unit).label), cap_queries.cap_at(item.key, position, unit, when))
        for item in pack_queries.pack_at(when).fees.items
        for unit in item.units
    ]


def price_row(price_id: uuid.UUID, *, lock: bool = False) -> Price:
    """Return a price that is not withdrawn; refuses (NotFound) others. The caller has checked who asks."""
    rows = _named()
    row = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=price_id, withdrawn_at=None).first()
    if row is None:
        raise NotFound
    return row


_STALE = Statement(lambda: stale_prices())


def any_price_stale() -> Figure:
    """Return whether a price is off sale until published anew, to be asked."""
    return _STALE.exists()


def stale_prices() -> QuerySet[Price]:
    """Return the prices, not withdrawn, whose ceiling is no longer in force: off sale until published anew."""
    return _named().filter(withdrawn_at=None, cap_in_force=False)
