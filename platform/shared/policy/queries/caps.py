"""The ceilings of fees."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.errors import NotFound
from kernel.money import Money
from kernel.states import LifeStep, timeline
from kernel.unchanging import asked_once

from ..models import FeeCap
from ..states import Unit
from .packs import day_of, pack_at


@dataclass(frozen=True, slots=True)
class FeeCapValue:
    """A ceiling, or the decision that there is none (`ceiling` is None and `max_amount` more than anybody can ask).

    A row that refers to it keeps (id, fee_item, position, unit, max_amount) in columns of its own.
    """

    id: uuid.UUID
    document_no: str
    fee_item: str
    position: str
    unit: str
    kind: str
    ceiling: Money | None
    max_amount: Money
    decision_note: str
    effective_from: date
    effective_to: date | None
    in_force: bool
    demo: bool

    @property
    def unit_label(self) -> str:
        """Return how the fee is counted, in the active language."""
        return str(Unit(self.unit).label)

    def allows(self, amount: Money) -> bool:
        """Say whether `amount` per unit may be asked."""
        return amount <= self.max_amount


_CAP_FIELDS = tuple(FeeCapValue.__dataclass_fields__)


def _caps(rows: QuerySet[FeeCap]) -> list[FeeCapValue]:
    return [FeeCapValue(**{name: getattr(row, name) for name in _CAP_FIELDS}) for row in rows]


def cap_at(
    fee_item: str, position: str, unit: str, on: datetime | date, jurisdiction: str | None = None
) -> FeeCapValue | None:
    """Return the ceiling (or decision that there is none) for a position on a day; None where nothing was decided, in
    which case no price may be published. A position's own row goes before the row for every position.
    """
    day = day_of(on)
    for cap in _caps_of(fee_item, position, unit, jurisdiction or settings.NUOXING_JURISDICTION):
        if cap.effective_from <= day and (cap.effective_to is None or cap.effective_to >= day):
            return cap
    return None


@asked_once
def _caps_of(fee_item: str, position: str, unit: str, place: str) -> list[FeeCapValue]:
    """Return all ceilings that ever held for a position, its own before those for every position."""
    rows = FeeCap.objects.filter(jurisdiction=place, fee_item=fee_item, unit=unit, position__in=["", position])
    return _caps(rows.order_by("-position"))


def cap(cap_id: uuid.UUID) -> FeeCapValue:
    """Return one ceiling; refuses (NotFound) an unknown one."""
    matches = _caps(FeeCap.objects.filter(pk=cap_id))
    if not matches:
        raise NotFound
    return matches[0]


_EVENTS = {
    "policy.cap": _("Entered"),
    "policy.cap_end": _("Its end was set"),
    "policy.cap_over": _("No longer in force"),
}


def cap_history(cap_id: uuid.UUID) -> list[LifeStep]:
    """Return what happened to a ceiling, oldest first."""
    return timeline(FeeCap(pk=cap_id), _EVENTS)


def cap_names(cap_id: uuid.UUID, when: datetime | date) -> tuple[str, str]:
    """Return what a ceiling is for, item and position, by the names of the pack in force."""
    pack, row = pack_at(when), cap(cap_id)
    items = {item.key: item.label for item in pack.fees.items}
    positions = {p.key: p.label for p in pack.positions}
    return items.get(row.fee_item, row.fee_item), positions.get(row.position, row.position)


def caps(on: datetime | date | None = None, jurisdiction: str | None = None) -> Sequence[FeeCapValue]:
    """Return the ceilings of a jurisdiction: those that hold on a day, or all that ever did, where no day is given."""
    rows = FeeCap.objects.filter(jurisdiction=jurisdiction or settings.NUOXING_JURISDICTION)
    if on is not None:
        day = day_of(on)
        rows = rows.filter(Q(effective_to=None) | Q(effective_to__gte=day), effective_from__lte=day)
    return _caps(rows)
