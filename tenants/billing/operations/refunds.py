"""Refunds: part or all of a payment; a full one ends the enrolment and gives the seat back.

None is final while the payment service may still say otherwise: one that fails after it was done opens its order again.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, outside, reasons
from kernel.access import SYSTEM, Actor
from kernel.errors import Invalid, NotFound, Refusal
from kernel.money import ZERO, Money
from tenants.rosters.operations import enrolments
from tenants.rosters.queries import enrolments as enrolment_queries
from tenants.rosters.states import EnrolmentState

from .. import adapters, rules
from ..models import Order, Payment, Refund
from ..queries import orders as order_queries
from ..queries import refunds as refund_queries
from ..states import ORDER, REFUND, DisputeState, Method, OrderState, RefundState
from .payments import send_back
from .service_faults import clear_fault, count_fault


class RefundExceedsPayment(Refusal):
    """More than is left of the payment."""

    code = "refund-exceeds-payment"
    status = 422
    message = _("%(amount)s cannot be paid back: %(left)s of this payment is left.")


class PaymentDisputed(Refusal):
    """The payer asks their bank for the same money."""

    code = "payment-disputed"
    message = _(
        "The payer has asked the bank for this money. Answer the dispute at the payment service first: paying back now "
        "would pay twice."
    )


class RefundNotFailed(Refusal):
    """Nothing stands in place of this refund: it has not failed, or that was settled."""

    code = "refund-not-failed"
    message = _("This refund has not failed, or what is to be done about it was decided. Reload the page.")


class RefundOnItsWay(Refusal):
    """The order cannot be closed before the payment service has answered."""

    code = "refund-on-its-way"
    message = _("A refund of this order is still on its way, or failed and waits for a decision. Settle it first.")


def refund(
    *,
    payment_id: uuid.UUID,
    amount: Money,
    why: str,
    reference: str = "",
    other_method: str = "",
    instead_of: uuid.UUID | None = None,
    by: Actor,
    at: datetime,
) -> Refund:
    """Pay back part or all of a payment, for a reason that is kept. Cash and transfers are back when this returns (the
    cashier has done it), online money when Stripe says so.

    It goes back the way it came, or in place of a refund that failed another way (`other_method`). Refuses
    (RefundExceedsPayment), (PaymentDisputed), (RefundNotFailed), (Invalid) nothing and another way without a refund
    that failed, and (ReasonRequired) no reason.
    """
    if amount <= ZERO:
        raise Invalid(_("A refund needs an amount."), field="amount")
    if other_method and (instead_of is None or other_method not in (Method.CASH, Method.TRANSFER)):
        raise Invalid(_("Online money goes back the way it came; another way only after that failed."))
    why = reasons.require(why)
    with transaction.atomic():
        order = order_queries.locked_order(order_queries.payment_row(payment_id).order_id)
        payment = order_queries.payment_row(payment_id)
        _refuse_refund(payment, amount, instead_of)
        row = send_back(payment, amount, why=why, other_method=other_method, instead_of_id=instead_of, by=by, at=at)
        if row.by_hand:
            REFUND.move(row, "finish", by=by, at=at, reference=reference.strip())
            _settle(order, by=by, at=at)
    return row


def _refuse_refund(payment: Payment, amount: Money, instead_of: uuid.UUID | None) -> None:
    left = payment.amount - payment.refunded_amount
    if amount > left:
        raise RefundExceedsPayment(field="amount", amount=str(amount), left=str(left))
    if payment.disputes.filter(state=DisputeState.OPEN).exists():
        raise PaymentDisputed
    if instead_of is not None:
        _undecided(instead_of, payment_id=payment.pk)


def _undecided(refund_id: uuid.UUID, **facts: uuid.UUID) -> Refund:
    """Return a failed refund about which nothing was decided, locked; refuses (RefundNotFailed)."""
    rows = Refund.objects.select_for_update(of=("self",)).filter(pk=refund_id, **facts)
    row = rows.filter(refund_queries.UNDECIDED).first()
    if row is None:
        raise RefundNotFailed
    return row


def dismiss(*, refund_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Decide that nothing goes back in place of a refund that failed, for a reason.

    Refuses (NotFound), (RefundNotFailed), (ReasonRequired).
    """
    access.demand(by, rules.cashier)
    why = reasons.require(why)
    with transaction.atomic():
        row = Refund.objects.select_related("payment").filter(pk=refund_id).first()
        if row is None:
            raise NotFound
        order_queries.locked_order(row.payment.order_id)
        row = _undecided(refund_id)
        row.dismissed_at = at
        row.save(update_fields=["dismissed_at"])
        audit.note("refund.dismiss", row, by=by, at=at, after=audit.values(row, "dismissed_at"), why=why)


def close_order(*, order_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Close the paid order of somebody who has withdrawn: what was not paid back is kept, for a reason.

    Refuses (WrongState) an order that is not paid or whose enrolment goes on, (RefundOnItsWay), (ReasonRequired).
    """
    why = reasons.require(why)
    with transaction.atomic():
        order = order_queries.locked_order(order_id)
        if not refund_queries.withdrawn(order):
            raise Invalid(_("Only the order of somebody who has withdrawn is closed."))
        if refund_queries.refunds_of(order).filter(refund_queries.UNSETTLED).exists():
            raise RefundOnItsWay
        ORDER.move(order, "close", by=by, at=at, why=why)


def send_refund(*, refund_id: uuid.UUID, at: datetime) -> str:
    """Send an online refund to Stripe (again harmlessly) and note how it stands; return that. One that is done is asked
    about: its money may have come back from the bank since.

    Refuses (NotFound) an unknown refund. A refusal by Stripe makes it "failed" and frees the amount again. Raises
    outside.Fault where Stripe does not answer.
    """
    with transaction.atomic():
        refund_row = Refund.objects.select_related("payment").filter(pk=refund_id).first()
        if refund_row is None:
            raise NotFound
        order = order_queries.locked_order(refund_row.payment.order_id)
        row = Refund.objects.select_for_update(of=("self",)).select_related("payment").get(pk=refund_id)
        if row.state == RefundState.FAILED or row.by_hand:
            return row.state
        try:
            with outside.call("stripe", faults=adapters.StripeDown):
                row.reference, state = _ask(row)
        except adapters.UnknownThere as fault:
            count_fault(row, str(fault))
            if row.reference:
                return "unknown"
            state = "failed"
        else:
            clear_fault(row)
        note_state(row, order, state, at=at)
    return row.state


def _ask(row: Refund) -> tuple[str, str]:
    if row.reference:
        return row.reference, adapters.read_refund(row.reference)
    return adapters.refund(key=f"refund-{row.pk}", intent=row.payment.reference, amount=row.amount)


def note_state(row: Refund, order: Order, state: str, *, at: datetime) -> None:
    """Bring a refund of a locked order to where Stripe says that it is, and its order after it."""
    if state == "succeeded":
        if row.state == RefundState.REQUESTED:
            REFUND.move(row, "finish", by=SYSTEM, at=at, reference=row.reference)
            _settle(order, by=SYSTEM, at=at)
    elif state in ("failed", "canceled"):
        if row.state != RefundState.FAILED:
            REFUND.move(row, "fail", by=SYSTEM, at=at, reference=row.reference)
            if order.state in (OrderState.REFUNDED, OrderState.CLOSED):
                ORDER.move(order, "reopen", by=SYSTEM, at=at, why=str(_("A refund failed")))
    else:
        row.save(update_fields=["reference"])


def _settle(order: Order, *, by: Actor, at: datetime) -> None:
    """Mark the order refunded and release the enrolment's seat where all the money went back and none is on its way."""
    if order.state not in (OrderState.PAID, OrderState.CLOSED) or order_queries.balance(order).net_paid:
        return
    if refund_queries.refunds_of(order).filter(state=RefundState.REQUESTED).exists():
        return
    ORDER.move(order, "refund", by=by, at=at)
    enrolment = enrolment_queries.enrolment(order.enrolment_id)
    if enrolment.state in (EnrolmentState.ENROLLED, EnrolmentState.CONFIRMED):
        enrolments.withdraw(enrolment_id=enrolment.id, why=str(_("Refunded in full")), by=by, at=at)
