"""Refunds and disputes: what of them waits for a person."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from kernel.db.statements import Figure, Statement
from kernel.errors import NotFound
from kernel.money import Money
from tenants.rosters.queries import enrolments as enrolment_queries
from tenants.rosters.states import EnrolmentState

from ..models import Checkout, Dispute, Order, Refund
from ..states import CheckoutState, DisputeState, Method, OrderState, RefundState


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund as the order's page shows it."""

    id: uuid.UUID
    amount: Money
    asked_at: datetime
    state: str
    why: str
    method: str
    online: bool
    fault: str
    undecided: bool


def refunds_of(order: Order) -> QuerySet[Refund]:
    """Return an order's refunds, oldest first."""
    return Refund.objects.filter(payment__order=order).select_related("payment")


def refund_row(refund_id: uuid.UUID) -> Refund:
    """Return a refund; refuses (NotFound) an unknown one. The caller has checked who asks."""
    row = Refund.objects.select_related("payment").filter(pk=refund_id).first()
    if row is None:
        raise NotFound
    return row


def undecided(row: Refund) -> bool:
    """Say whether a refund has failed and nobody has decided what is to be done instead."""
    return Refund.objects.filter(UNDECIDED, pk=row.pk).exists()


def refund_values(order: Order) -> list[RefundRow]:
    """Return an order's refunds, oldest first, with what is to be decided."""
    rows = list(refunds_of(order))
    replaced = {row.instead_of_id for row in rows}
    return [
        RefundRow(
            id=row.pk,
            amount=row.amount,
            asked_at=row.asked_at,
            state=str(row.get_state_display()),
            why=row.why,
            method=str(Method(row.other_method or row.payment.method).label),
            online=row.payment.method == Method.STRIPE,
            fault=row.fault,
            undecided=row.state == RefundState.FAILED and row.dismissed_at is None and row.pk not in replaced,
        )
        for row in rows
    ]


def disputes_of(order: Order) -> list[Dispute]:
    """Return the disputes about an order's payments, oldest first."""
    return list(Dispute.objects.filter(payment__order=order))


def may_close(order: Order) -> bool:
    """Say whether an order is one of somebody who has withdrawn, paid, with nothing on its way: to be closed."""
    if order.state != OrderState.PAID or not withdrawn(order):
        return False
    return not refunds_of(order).filter(UNSETTLED).exists()


UNDECIDED = Q(state=RefundState.FAILED, dismissed_at=None, replacement=None)
"""A refund that failed, and nobody has decided yet what is to be done instead."""
UNSETTLED = UNDECIDED | Q(state=RefundState.REQUESTED)
"""A refund of which something is still to come."""

_FAILED = Statement(lambda: Refund.objects.filter(UNDECIDED).select_related("payment"))
_DISPUTED = Statement(lambda: Dispute.objects.filter(state=DisputeState.OPEN).select_related("payment"))
# Two questions, as one about both would read every order there is.
_FAULTY_CHECKOUTS = Statement(lambda: Checkout.objects.filter(state=CheckoutState.STARTED, faults__gt=0))
_UNKNOWN_THERE = Q(state=RefundState.REQUESTED, faults__gt=0) | (Q(state=RefundState.DONE) & ~Q(fault=""))
_FAULTY_REFUNDS = Statement(lambda: Refund.objects.filter(_UNKNOWN_THERE))
_FAULTY = Statement(
    lambda: Order.objects.filter(
        Q(pk__in=Checkout.objects.filter(state=CheckoutState.STARTED, faults__gt=0).values("order"))
        | Q(pk__in=Refund.objects.filter(_UNKNOWN_THERE).values("payment__order"))
    )
)
_WITHDRAWN = Statement(
    lambda: Order.objects.filter(state=OrderState.PAID, enrolment__state=EnrolmentState.WITHDRAWN).order_by(
        "state_since"
    )
)


def signs_for_cashier() -> list[Figure]:
    """Return what to ask before the cashier's to-dos: a refund that failed, money of somebody who has withdrawn, a
    payer's demand at the bank, what the payment service does not know.
    """
    signs = (_FAILED, _WITHDRAWN, _DISPUTED, _FAULTY_CHECKOUTS, _FAULTY_REFUNDS)
    return [sign.exists() for sign in signs]


def refunds_failed() -> list[Refund]:
    """Return the refunds that Stripe refused and nobody has decided about: somebody must pay them back otherwise."""
    return _FAILED.fetch()


def disputes_open() -> list[Dispute]:
    """Return the disputes that are to be answered at the payment service."""
    return _DISPUTED.fetch()


def faulty_orders() -> list[Order]:
    """Return the orders of which something is asked of the payment service in vain."""
    return _FAULTY.fetch()


def withdrawn(order: Order) -> bool:
    """Say whether the enrolment of an order has been withdrawn."""
    return enrolment_queries.enrolment(order.enrolment_id).state == EnrolmentState.WITHDRAWN


def paid_but_withdrawn() -> list[Order]:
    """Return the paid orders of people who have withdrawn, whoever waits longest on top."""
    return _WITHDRAWN.fetch()
