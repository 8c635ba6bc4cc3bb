"""Refunds: part or all of a payment; a full one ends the enrolment and gives the seat back."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import reasons
from kernel.access import SYSTEM, Actor
from kernel.errors import Invalid, NotFound, Refusal
from kernel.money import ZERO, Money
from tenants.rosters.operations import enrolments
from tenants.rosters.queries import enrolments as enrolment_queries
from tenants.rosters.states import EnrolmentState

from .. import adapters
from ..models import Order, Refund
from ..queries import orders as order_queries
from ..states import ORDER, REFUND, Method, OrderState, RefundState
from .payments import send_back


class RefundExceedsPayment(Refusal):
    """More than is left of the payment."""

    code = "refund-exceeds-payment"
    status = 422
    message = _("%(amount)s cannot be paid back: %(left)s of this payment is left.")


def refund(*, payment_id: uuid.UUID, amount: Money, why: str, reference: str = "", by: Actor, at: datetime) -> Refund:
    """Pay back part or all of a payment, for a reason that is kept. Cash and transfers are back when this returns (the
    cashier has done it), online money when Stripe says so.

    Refuses (RefundExceedsPayment), (Invalid) nothing, and (ReasonRequired) no reason.
    """
    if amount <= ZERO:
        raise Invalid(_("A refund needs an amount."), field="amount")
    why = reasons.require(why)
    with transaction.atomic():
        order = order_queries.locked_order(order_queries.payment_row(payment_id).order_id)
        payment = order_queries.payment_row(payment_id)
        left = payment.amount - payment.refunded_amount
        if amount > left:
            raise RefundExceedsPayment(field="amount", amount=str(amount), left=str(left))
        row = send_back(payment, amount, why=why, by=by, at=at)
        if payment.method != Method.STRIPE:
            REFUND.move(row, "finish", by=by, at=at, reference=reference.strip())
            _settle(order, by=by, at=at)
    return row


def send_refund(*, refund_id: uuid.UUID, at: datetime) -> str:
    """Send an online refund to Stripe (again harmlessly) and note how it stands; return that.

    Refuses (NotFound) an unknown refund. A refusal by Stripe makes it "failed" and frees the amount again.
    """
    with transaction.atomic():
        refund_row = Refund.objects.select_related("payment").filter(pk=refund_id).first()
        if refund_row is None:
            raise NotFound
        order = order_queries.locked_order(refund_row.payment.order_id)
        row = Refund.objects.select_for_update(of=("self",)).select_related("payment").get(pk=refund_id)
        if row.state != RefundState.REQUESTED:
            return row.state
        if row.reference:
            state = adapters.read_refund(row.reference)
        else:
            intent = row.payment.reference
            row.reference, state = adapters.refund(key=f"refund-{row.pk}", intent=intent, amount=row.amount)
        _note(row, order, state, at=at)
    return row.state


def _note(row: Refund, order: Order, state: str, *, at: datetime) -> None:
    if state == "succeeded":
        REFUND.move(row, "finish", by=SYSTEM, at=at, reference=row.reference)
        _settle(order, by=SYSTEM, at=at)
    elif state in ("failed", "canceled"):
        REFUND.move(row, "fail", by=SYSTEM, at=at, reference=row.reference)
    else:
        row.save(update_fields=["reference"])


def _settle(order: Order, *, by: Actor, at: datetime) -> None:
    """Mark the order refunded and release the enrolment's seat where all the money went back."""
    if order.state != OrderState.PAID or order_queries.balance(order).net_paid:
        return
    ORDER.move(order, "refund", by=by, at=at)
    enrolment = enrolment_queries.enrolment(order.enrolment_id)
    if enrolment.state in (EnrolmentState.ENROLLED, EnrolmentState.CONFIRMED):
        enrolments.withdraw(enrolment_id=enrolment.id, why=str(_("Refunded in full")), by=by, at=at)
