"""Payments: money in, its gap-free receipt number, and what follows from it, in one transaction."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import SYSTEM, Actor
from kernel.clock import legal_day
from kernel.errors import Invalid, Refusal
from kernel.later import later
from kernel.money import Money
from shared.identity.queries import people as people_queries
from tenants.rosters.operations import enrolments

from ..models import Checkout, Order, Payment, ReceiptCounter, Refund
from ..queries import orders as order_queries
from ..states import ORDER, Method
from .payable import payment_refusal, require_payable


class WrongAmount(Refusal):
    """What was given is not what is asked."""

    code = "wrong-amount"
    status = 422
    message = _("%(given)s was entered, %(due)s is to be paid. The whole amount is paid at once.")


class ReferenceTaken(Refusal):
    """This slip or transfer was entered already."""

    code = "reference-taken"
    message = _("A payment with the reference “%(reference)s” was entered already.")


def pay_at_counter(
    *, order_id: uuid.UUID, method: str, amount: Money, reference: str = "", by: Actor, at: datetime
) -> Payment:
    """Take cash or a bank transfer for an open order: exactly what is outstanding. The enrolment is confirmed with it.

    Refuses what `payable.payment_refusal` names, (WrongAmount), (Invalid) a transfer without the bank's reference, and
    (ReferenceTaken) one twice.
    """
    if method not in (Method.CASH, Method.TRANSFER):
        raise Invalid(_("At the counter people pay in cash or by bank transfer."), field="method")
    if method == Method.TRANSFER and not reference.strip():
        raise Invalid(_("Enter the bank's reference of the transfer."), field="reference")
    with transaction.atomic():
        order = order_queries.locked_order(order_id)
        require_payable(order, at)
        due = order_queries.balance(order).outstanding
        if amount != due:
            raise WrongAmount(field="amount", given=str(amount), due=str(due))
        slip = reference.strip() or f"{order.number}/{order.payments.count() + 1}"
        if Payment.objects.filter(method=method, reference=slip).exists():
            raise ReferenceTaken(field="reference", reference=slip)
        return take(order, method=method, amount=amount, reference=slip, by=by, at=at)


def take(
    order: Order,
    *,
    method: str,
    amount: Money,
    reference: str,
    by: Actor,
    at: datetime,
    checkout: Checkout | None = None,
) -> Payment:
    """Write money into the ledger of a locked order, with a receipt, and settle the order where that pays it in full.

    Money that came for an order that may not be paid (paid at the counter meanwhile, cancelled, its class over, its
    institution suspended, its price above a new ceiling: `payable.payment_refusal`) is sent back.
    """
    refusal = payment_refusal(order, at)
    year, number = _next_receipt(at)
    payment = Payment.objects.create(
        order=order,
        method=method,
        amount=amount,
        reference=reference,
        checkout=checkout,
        receipt_year=year,
        receipt_n=number,
        received_at=at,
        received_by=by.account_id,
        received_name="" if by.system else by.name,
    )
    facts = ("order_id", "method", "amount", "reference")
    after = audit.values(payment, *facts) | {"receipt": payment.receipt_number}
    audit.note("payment.take", payment, by=by, at=at, after=after)
    if refusal is not None:
        send_back(payment, amount, why=str(refusal), by=SYSTEM, at=at)
    elif not order_queries.balance(order).outstanding:
        payer = people_queries.person(order.person_id).name  # the register's, corrected since or not
        ORDER.move(order, "pay", by=by, at=at, locked=True, payer=payer)
        enrolments.confirm_paid(enrolment_id=order.enrolment_id, by=by, at=at)
        later("billing.expire_checkouts", order_id=str(order.pk))
    return payment


def _next_receipt(at: datetime) -> tuple[int, int]:
    """Take the next receipt number of the year; its row stays locked to the end, so that a failure leaves no gap."""
    year = legal_day(at).year
    counter, _first = ReceiptCounter.objects.select_for_update().get_or_create(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return year, counter.last


def send_back(
    payment: Payment,
    amount: Money,
    *,
    why: str,
    reference: str = "",
    other_method: str = "",
    instead_of_id: uuid.UUID | None = None,
    by: Actor,
    at: datetime,
) -> Refund:
    """Ask for part of a payment of a locked order to go back; online money is sent by a task after commit, unless
    it goes another way or Stripe has sent it itself (`reference`).
    """
    row = Refund.objects.create(
        payment=payment,
        amount=amount,
        why=why,
        asked_at=at,
        asked_by=by.account_id,
        asked_name="" if by.system else by.name,
        reference=reference,
        other_method=other_method,
        instead_of_id=instead_of_id,
        state_since=at,
    )
    audit.note("refund.ask", row, by=by, at=at, after=audit.values(row, "payment_id", "amount"), why=why)
    if not row.by_hand and not reference:
        later("billing.send_refund", refund_id=str(row.pk))
    return row
