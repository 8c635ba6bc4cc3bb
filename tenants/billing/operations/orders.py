"""Orders: placed and cancelled in one transaction with the seat; a class opens only with a price."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, reasons, tenancy
from kernel.access import SYSTEM, Actor
from kernel.clock import legal_day
from kernel.errors import Refusal
from kernel.later import later
from shared.identity.queries import people as people_queries
from shared.institutions.queries import standings
from shared.institutions.states import Activity
from shared.policy.queries import packs as pack_queries
from tenants.courses.operations import classes
from tenants.courses.queries import catalogue
from tenants.rosters.operations import enrolments
from tenants.rosters.queries import enrolments as enrolment_queries
from tenants.rosters.states import EnrolmentState

from .. import methods, rules
from ..models import Order, OrderLine, Price
from ..queries import orders as order_queries
from ..queries import prices as price_queries
from ..states import ORDER, OrderState
from .payable import ClassOver, PapersNotSeen, ceiling_refusal
from .prices import cap_columns, cap_for


class NoPrice(Refusal):
    """The class has no price for what the policy requires."""

    code = "no-price"
    message = _("No training fee is published for this class. Publish one under its ceiling first.")


class NothingToOrder(Refusal):
    """The enrolment is not one that is to be paid."""

    code = "nothing-to-order"
    message = _("This enrolment is not one that is to be paid: %(state)s.")


def open_enrolment(*, class_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Open a class for enrolment; refuses (NotFound) one that is not this institution's, (NoPrice) one of which a fee
    that the policy requires is not on sale, (ClassOver), and (StandingForbids) where nobody may be enrolled.
    """
    access.demand(by, rules.prices)
    with transaction.atomic():
        training_class = catalogue.class_value(class_id)
        standings.require(Activity.OPEN, tenancy.institution_id(), at)
        if training_class.ends_on < legal_day(at):
            raise ClassOver(name=training_class.name, state=_("its last day has passed"))
        _refuse_unpriced(price_queries.on_sale_of(class_id, at), at)
        classes.open_class(class_id=class_id, by=by, at=at)


def _refuse_unpriced(prices: list[Price], at: datetime) -> None:
    if pack_queries.pack_at(at).fees.required - {price.fee_item for price in prices}:
        raise NoPrice


def place_order(*, enrolment_id: uuid.UUID, by: Actor, at: datetime) -> Order:
    """Reserve the seat of an eligible enrolment and place its order at the prices of now, each checked again under the
    ceiling of the day, payable until the pack's term ends. An order that stands is returned; one whose prices are
    above a ceiling of meanwhile is cancelled and placed anew, with the term that it had. Nothing to pay is paid.

    Refuses what `rosters.enrol` refuses, (NothingToOrder), (NoPrice), (NoCap), (CapExceeded), and (PapersNotSeen) where
    nothing is to be paid; then no seat is held.
    """
    with transaction.atomic():
        enrolment = enrolment_queries.enrolment(enrolment_id, lock=True)
        existing = order_queries.live_order(enrolment_id)
        if existing is not None and not _outdated(existing, at):
            return existing
        if existing is not None:
            ORDER.move(existing, "cancel", by=by, at=at, why=str(_("placed anew under a lower ceiling")))
            later("billing.expire_checkouts", order_id=str(existing.pk))
        if enrolment.state == EnrolmentState.ELIGIBLE:
            enrolments.enrol(enrolment_id=enrolment_id, by=by, at=at)
        elif enrolment.state != EnrolmentState.ENROLLED:
            raise NothingToOrder(state=EnrolmentState(enrolment.state).label)
        prices = price_queries.on_sale_of(enrolment.class_id, at)
        _refuse_unpriced(prices, at)
        pack = pack_queries.pack_at(at)
        assert by.account_id is not None
        row = Order.objects.create(
            number=f"{enrolment.number}-{Order.objects.filter(enrolment_id=enrolment.id).count() + 1}",
            enrolment_id=enrolment.id,
            person_id=enrolment.person_id,
            payer=people_queries.person(enrolment.person_id).name,
            placed_at=at,
            placed_by=by.account_id,
            pay_by=existing.pay_by if existing else methods.last_moment(pack, at),
            policy=pack.version,
            state_since=at,
        )
        lines = OrderLine.objects.bulk_create([_line(row, price, at=at) for price in prices])
        total = methods.total([line.total for line in lines])
        audit.note("order.place", row, by=by, at=at, after={"number": row.number, "total": total}, policy=row.policy)
        if not total:
            if enrolment_queries.row(enrolment_id).papers_due:
                raise PapersNotSeen
            ORDER.move(row, "pay", by=SYSTEM, at=at, why="nothing to pay")
            enrolments.confirm_paid(enrolment_id=enrolment_id, by=SYSTEM, at=at)
    return row


def _outdated(order: Order, at: datetime) -> bool:
    """Say whether an unpaid order asks what may not be asked any more."""
    open_still = order.state == OrderState.OPEN and not order_queries.balance(order).net_paid
    return open_still and ceiling_refusal(order, at) is not None


def _line(order: Order, price: Price, *, at: datetime) -> OrderLine:
    cap = cap_for(fee_item=price.fee_item, position=price.position, unit=price.unit, amount=price.amount, at=at)
    return OrderLine(
        order=order,
        price=price,
        position=price.position,
        fee_item=price.fee_item,
        base=price.base,
        addons=price.addons,
        quantity=price.quantity,
        unit=price.unit,
        **cap_columns(cap),
    )


def withdraw(*, enrolment_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """End an enrolment with its seat, and cancel its order if that is unpaid; what was paid waits for a refund.

    Refuses (WrongState) an enrolment that is completed or gone, and (ReasonRequired) to end it without a reason.
    """
    why = reasons.require(why)
    with transaction.atomic():
        enrolment_queries.enrolment(enrolment_id, lock=True)
        order = order_queries.live_order(enrolment_id, lock=True)
        if order is not None and order.state == OrderState.OPEN:
            ORDER.move(order, "cancel", by=by, at=at, why=why)
            later("billing.expire_checkouts", order_id=str(order.pk))
        enrolments.withdraw(enrolment_id=enrolment_id, why=why, by=by, at=at)
