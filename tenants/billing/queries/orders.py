"""Orders with what is paid and what is still to pay."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Case,
    DecimalField,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Cast, Coalesce

from kernel.access import Actor
from kernel.errors import NotFound
from kernel.fields import MoneyField
from kernel.money import ZERO, Money
from kernel.tables import opening
from shared.policy.queries import packs as pack_queries
from tenants.courses.queries import catalogue
from tenants.rosters.queries import enrolments as enrolment_queries

from .. import methods
from ..models import Checkout, Order, OrderLine, Payment, Refund
from ..states import ORDER, CheckoutState, OrderState, RefundState
from .prices import PriceValue, fee_items, in_order

LineValue = PriceValue


@dataclass(frozen=True, slots=True)
class PaymentValue:
    """Money that came in, and what of it went back."""

    id: uuid.UUID
    method: str
    amount: Money
    refunded_amount: Money
    reference: str
    receipt_number: str
    received_at: datetime
    received_name: str

    @property
    def refundable(self) -> Money:
        """Return how much of it can still go back."""
        return self.amount - self.refunded_amount


@dataclass(frozen=True, slots=True)
class OrderValue:
    """An order as pages show it."""

    id: uuid.UUID
    number: str
    payer: str
    enrolment: enrolment_queries.EnrolmentValue
    training_class: catalogue.ClassValue
    placed_at: datetime
    pay_by: datetime | None
    state: str
    lines: tuple[LineValue, ...]
    payments: tuple[PaymentValue, ...]
    balance: methods.Balance
    checking: bool

    is_paid = ORDER.among(OrderState.PAID)

    @property
    def state_label(self) -> str:
        """Return the state in words."""
        return str(OrderState(self.state).label)

    @property
    def open(self) -> bool:
        """Say whether it waits for money."""
        return self.state == OrderState.OPEN

    @property
    def due(self) -> Money:
        """Return what is to be paid now: of an order that was paid, nothing, even where part of it went back."""
        return self.balance.outstanding if self.open else ZERO


def balance(order: Order) -> methods.Balance:
    """Return what an order asks, what came in, and what went (or is on its way) back: computed, never stored."""
    prefetch_related_objects([order], "lines")  # they never change: asked once of one row
    total = methods.total([line.total for line in order.lines.all()])
    sums = payments().filter(order=order).aggregate(paid=Sum("amount"), back=Sum("refunded_amount"))
    return methods.Balance(total, sums["paid"] or ZERO, sums["back"] or ZERO)


def refunded_column(payment: str, of: str) -> Coalesce:
    """Return the sum of the refunds of a payment (or of all payments of an order) that did not fail, as a column."""
    rows = Refund.objects.filter(**{payment: OuterRef(of)}).exclude(state=RefundState.FAILED).order_by()
    back = rows.values(payment).values(back=Sum("amount"))
    return Coalesce(Subquery(back, output_field=MoneyField()), Value(ZERO, output_field=MoneyField()))


def payments() -> QuerySet[Payment]:
    """Return all payments, each with what of it went (or is on its way) back."""
    return Payment.objects.annotate(**{"refunded_amount": refunded_column("payment", "pk")})


_CLASS = {"class_id": F("enrolment__training_class_id"), "class_name": F("enrolment__training_class__name")}


PAPERS = {"papers_seen_at": F("enrolment__papers_seen_at"), "matrix_row": F("enrolment__rule")}


def orders() -> QuerySet[Order]:
    """Return all orders, newest first, with key and name of their class, and whether the papers were seen."""
    return Order.objects.annotate(**_CLASS, **PAPERS)


def papers_due(row: Order) -> bool:
    """Say whether a person must still look at the papers of an order's enrolment; nobody pays it before."""
    return row.matrix_row != "" and row.papers_seen_at is None


def due_by(row: Order) -> datetime | None:
    """Return until when an order may be paid: no term runs before the papers were seen. None: there is no term."""
    return term_end(row.pay_by, row.policy, row.matrix_row, row.papers_seen_at)


def term_end(pay_by: datetime | None, policy: str, matrix_row: str, seen_at: datetime | None) -> datetime | None:
    """Return the end of a term that waits for the papers of a row of the matrix, where the order rests on one."""
    if pay_by is None or not matrix_row:
        return pay_by
    if seen_at is None:
        return None
    since = methods.last_moment(pack_queries.pack(policy), seen_at)
    return max(pay_by, since) if since else pay_by


def order_list() -> QuerySet[Order]:
    """Return all orders, bare: a list narrows and counts them before it asks for what it shows (`with_shown`)."""
    return Order.objects.all()


def asked_column() -> Coalesce:
    """Return what an order's lines ask together, as a column."""
    units = Cast("quantity", DecimalField(max_digits=5, decimal_places=0))  # a product that no amount overflows
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    asked = lines.values(asked=Sum((F("base") + F("addons")) * units, output_field=MoneyField()))
    return Coalesce(Subquery(asked), Value(ZERO, output_field=MoneyField()))


PAYER_NOW = Case(When(state=OrderState.OPEN, then=F("enrolment__person_name")), default=F("payer"))
"""Who pays an order: of one that waits for money, whoever the register names now."""


def with_shown(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Return some orders with no more than a list shows of each: its class's name and what it asks come with it."""
    return rows.only("number", "payer", "placed_at", "state").annotate(
        **_CLASS | {"asked": asked_column(), "payer_now": PAYER_NOW}
    )


OPENING = opening(lambda: with_shown(order_list()), "-placed_at")
"""The list as it opens: the latest orders."""


def order_row(order_id: uuid.UUID) -> Order:
    """Return an order; refuses (NotFound) an unknown one. The caller has checked who asks."""
    row = orders().filter(pk=order_id).first()
    if row is None:
        raise NotFound
    return row


def locked_order(order_id: uuid.UUID) -> Order:
    """Return an order, locked after its enrolment: everything that moves money or seats locks in this order."""
    enrolment_queries.enrolment(order_row(order_id).enrolment_id, lock=True)
    return orders().select_for_update(of=("self",)).get(pk=order_id)


def order_for(order_id: uuid.UUID, *, by: Actor) -> Order:
    """Return an order of the actor's own; refuses (NotFound) everybody else's."""
    row = orders().filter(pk=order_id, person_id=by.person_id).first() if by.person_id else None
    if row is None:
        raise NotFound
    return row


def live_order(enrolment_id: uuid.UUID, *, lock: bool = False) -> Order | None:
    """Return the order of an enrolment that is open or paid, if there is one."""
    rows = Order.objects.annotate(**PAPERS)
    rows = rows.select_for_update(of=("self",)) if lock else rows
    return rows.filter(enrolment_id=enrolment_id, state__in=[OrderState.OPEN, OrderState.PAID]).first()


def overdue(at: datetime) -> list[uuid.UUID]:
    """Return the orders that wait for money though their term of payment is over, the longest first."""
    rows = orders().filter(state=OrderState.OPEN, pay_by__lt=at).order_by("pay_by", "pk")
    return [row.pk for row in rows if (due := due_by(row)) is not None and due < at]


def started_checkouts(order_id: uuid.UUID) -> list[Checkout]:
    """Return the payment pages of an order that the payment service has opened and not ended, the oldest first."""
    rows = Checkout.objects.filter(order_id=order_id, state=CheckoutState.STARTED).exclude(session_id=None)
    return list(rows.order_by("started_at", "pk"))


def orders_of(person_id: uuid.UUID) -> QuerySet[Order]:
    """Return a person's orders here, newest first."""
    return orders().filter(person_id=person_id)


def order_value(row: Order) -> OrderValue:
    """Return an order with its lines, payments and balance."""
    labels = fee_items(row.placed_at)
    received = tuple(
        PaymentValue(
            id=p.pk,
            method=str(p.get_method_display()),
            amount=p.amount,
            refunded_amount=p.refunded_amount,
            reference=p.reference,
            receipt_number=p.receipt_number,
            received_at=p.received_at,
            received_name=p.received_name,
        )
        for p in payments().filter(order=row)
    )
    enrolment = enrolment_queries.enrolment(row.enrolment_id)
    return OrderValue(
        id=row.pk,
        number=row.number,
        payer=enrolment.name if row.state == OrderState.OPEN else row.payer,
        enrolment=enrolment,
        training_class=catalogue.training_class(row.class_id),
        placed_at=row.placed_at,
        pay_by=due_by(row),
        state=row.state,
        lines=tuple(in_order(row.lines.all(), labels)),
        payments=received,
        balance=balance(row),
        checking=row.state == OrderState.OPEN and row.checkouts.filter(state=CheckoutState.STARTED).exists(),
    )


def payment_row(payment_id: uuid.UUID) -> Payment:
    """Return a payment; refuses (NotFound) an unknown one. The caller has checked who asks, and locked the order where
    what is left of it matters."""
    row = payments().select_related("order").filter(pk=payment_id).first()
    if row is None:
        raise NotFound
    return row


def under_another_name(person_id: uuid.UUID, name: str) -> list[str]:
    """Return the numbers of a person's orders that bear another name than this: what was paid is kept as it was, and
    what was never paid too. One that waits for money shows the register's name, and takes it when it is paid.
    """
    rows = Order.objects.filter(person_id=person_id).exclude(payer=Value(name)).exclude(state=OrderState.OPEN)
    return list(rows.order_by("pk").values_list("number", flat=True))
