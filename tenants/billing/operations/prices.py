"""Prices: published under the ceiling of their day, filed with the authority, withdrawn (policy part 2.2)."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, conflicts, tenancy
from kernel.access import SYSTEM, Actor
from kernel.conflicts import Stamps
from kernel.errors import Invalid, Refusal
from kernel.money import ZERO, Money
from shared.filings import operations as filings
from shared.institutions.queries import standings
from shared.institutions.states import Activity
from shared.policy.queries import authorities
from shared.policy.queries import caps as cap_queries
from shared.policy.queries import packs as pack_queries
from shared.policy.states import Unit
from tenants.courses.queries import catalogue

from .. import rules
from ..models import Price
from ..queries import prices as price_queries


class NoCap(Refusal):
    """Nobody has entered a ceiling, nor the decision that there is none."""

    code = "no-cap"
    message = _(
        "No ceiling for “%(item)s” (%(unit)s) of %(position)s is entered. %(office)s must enter it, or the decision"
        " that there is none, before a price can be published or asked."
    )


class CapExceeded(Refusal):
    """The price lies above its ceiling."""

    code = "above-cap"
    status = 422
    message = _("%(amount)s lies above the ceiling of %(ceiling)s %(unit)s for “%(item)s” set by %(document)s.")


def cap_for(*, fee_item: str, position: str, unit: str, amount: Money, at: datetime) -> cap_queries.FeeCapValue:
    """Return the day's ceiling for `amount` per unit; refuses (NoCap) where there is none, (CapExceeded) above it."""
    pack = pack_queries.pack_at(at)
    try:
        item = pack.fees.item(fee_item)
    except KeyError:
        raise pack_queries.UnknownKey(field="fee_item", key=fee_item) from None
    if unit not in item.units:
        raise Invalid(_("This fee is not counted that way."), field="unit")
    cap = cap_queries.cap_at(fee_item, position, unit, at)
    unit_label = Unit(unit).label
    if cap is None:
        office = authorities.authority(settings.NUOXING_JURISDICTION).office_label
        name = pack_queries.position(position, at).label
        raise NoCap(field="fee_item", item=item.label, unit=unit_label, position=name, office=office)
    if not cap.allows(amount):
        raise CapExceeded(
            field="base",
            amount=str(amount),
            ceiling=str(cap.ceiling),
            unit=unit_label,
            item=item.label,
            document=cap.document_no,
        )
    return cap


def publish_price(
    *,
    class_id: uuid.UUID,
    fee_item: str,
    amount: Money,
    addons: Money = ZERO,
    unit: str = "",
    made_from: Stamps | None = None,
    by: Actor,
    at: datetime,
) -> Price:
    """Publish what a class asks for a fee item, per unit, extras included in the check; filed with the authority.

    `unit` defaults to the item's first. A price published before for the same item is withdrawn. Refuses (NoCap),
    (CapExceeded), (Invalid) amounts below nothing, (NotFound) an unknown class, (StandingForbids), and
    (ChangedMeanwhile) where the item asks something else than on the page, whose stamps `made_from` are.
    """
    access.demand(by, rules.prices)
    if amount < ZERO or addons < ZERO:
        raise Invalid(_("An amount is not below zero."), field="base")
    with transaction.atomic():
        training_class = catalogue.class_value(class_id, lock=True)
        standings.require(Activity.PRICE, tenancy.institution_id(), at)
        unit_key = unit or _first_unit(fee_item, at)
        stored = price_queries.stored_of_class(class_id, [fee_item])
        entered = {fee_item: price_queries.asked(amount, addons, unit_key)}
        conflicts.changes(seen=made_from, stored=stored, entered=entered)
        cap = cap_for(fee_item=fee_item, position=training_class.position, unit=unit_key, amount=amount + addons, at=at)
        before = Price.objects.select_for_update().filter(
            training_class_id=class_id, fee_item=fee_item, withdrawn_at=None
        )
        for old in before:
            _withdraw(old, class_name=training_class.name, by=by, at=at)
        assert by.account_id is not None
        row = Price.objects.create(
            training_class_id=class_id,
            position=training_class.position,
            class_hours=training_class.class_hours,
            fee_item=fee_item,
            base=amount,
            addons=addons,
            unit=unit_key,
            quantity=training_class.class_hours if unit_key == Unit.CLASS_HOUR else 1,
            cap_in_force=cap.in_force,
            policy=pack_queries.pack_at(at).version,
            published_at=at,
            published_by=by.account_id,
            **cap_columns(cap),
        )
        facts = ("fee_item", "base", "addons", "unit", "quantity", "cap_id", "max_amount", "cap_document")
        audit.note("price.publish", row, by=by, at=at, after=audit.values(row, *facts), policy=row.policy)
        _notify_authority(row, class_name=training_class.name, in_force=True, by=by, at=at)
    return row


def cap_columns(cap: cap_queries.FeeCapValue) -> dict[str, object]:
    """Return what a price or line keeps of its ceiling; the database checks it against the ceiling's own row."""
    return {
        "cap_id": cap.id,
        "cap_position": cap.position,
        "max_amount": cap.max_amount,
        "cap_kind": cap.kind,
        "cap_document": cap.document_no,
        "cap_demo": cap.demo,
    }


def _first_unit(fee_item: str, at: datetime) -> str:
    try:
        return pack_queries.pack_at(at).fees.item(fee_item).units[0]
    except KeyError:
        raise pack_queries.UnknownKey(field="fee_item", key=fee_item) from None


def withdraw_price(*, price_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Take a price off sale; orders that were placed keep theirs."""
    access.demand(by, rules.prices)
    with transaction.atomic():
        row = price_queries.price_row(price_id, lock=True)
        _withdraw(row, class_name=row.class_name, by=by, at=at)


def _withdraw(row: Price, *, class_name: str, by: Actor, at: datetime) -> None:
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    audit.note("price.withdraw", row, by=by, at=at, after=audit.values(row, "withdrawn_at"))
    _notify_authority(row, class_name=class_name, in_force=False, by=by, at=at)


def retire_prices(*, at: datetime) -> int:
    """Withdraw the prices whose ceiling is no longer in force (off sale already) and file that; return how many."""
    with transaction.atomic():
        stale = list(price_queries.stale_prices().select_for_update(of=("self",)).order_by("pk"))
        for row in stale:
            _withdraw(row, class_name=row.class_name, by=SYSTEM, at=at)
    return len(stale)


def _notify_authority(row: Price, *, class_name: str, in_force: bool, by: Actor, at: datetime) -> None:
    filings.record_price(
        institution_id=tenancy.institution_id(),
        price_id=row.pk,
        class_id=row.training_class_id,
        class_name=class_name,
        position=row.position,
        fee_item=row.fee_item,
        unit=row.unit,
        amount=row.amount,
        cap_id=row.cap_id,
        published_at=row.published_at,
        in_force=in_force,
        by=by,
        at=at,
    )
