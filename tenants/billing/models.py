"""Prices held under their ceiling by the database, orders and their lines, and the one ledger of money.

What a ceiling says is copied from its immutable row in the policy and tied to it by composite foreign keys (migration
0002): no price or line can name another item's, position's or unit's ceiling, a ceiling that is not its own, or none.
"""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from kernel.fields import Model, MoneyField, Personal, personal
from kernel.money import Money

from .states import (
    CHECKOUT,
    DISPUTE,
    ORDER,
    REFUND,
    CheckoutState,
    DisputeState,
    Method,
    OrderState,
    RefundState,
)

STAFF = Personal("know who took or gave back the money", "accounting law", "10 years", "none")
PAYER = Personal("name the payer on the receipt", "accounting law", "10 years", "name")


class CappedAmount(Model):
    """The common part of a price and an order line: the amount per unit, and the ceiling it was checked under.

    Asked is `base` plus `addons` (compulsory extras), together never above `max_amount`; `quantity` units
    are paid for: the class hours where the unit is the class hour, else one.
    """

    position = models.CharField(max_length=40)
    fee_item = models.CharField(max_length=40)
    base = MoneyField()
    addons = MoneyField()
    quantity = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=10)
    cap_id = models.UUIDField()
    cap_position = models.CharField(max_length=40, blank=True, help_text='"" where the ceiling is for every position')
    max_amount = MoneyField(help_text="most fen per unit; more than anybody can ask where a decision sets no ceiling")
    cap_kind = models.CharField(max_length=20)
    cap_document = models.CharField(max_length=60)
    cap_demo = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def amount(self) -> Money:
        """Return what is asked per unit, extras included."""
        return Money(self.base.fen + self.addons.fen)

    @property
    def total(self) -> Money:
        """Return what all units together cost."""
        return self.amount * self.quantity


def _cap_checks(table: str) -> list[models.CheckConstraint]:
    """Return the checks that keep an amount under its ceiling, named for their table."""
    own_position = Q(cap_position="") | Q(cap_position=F("position"))
    # Written so that no sum can overflow: base and addons stay under an amount that may be the largest number there is.
    within = Q(base__gte=0, addons__gte=0, base__lte=F("max_amount"), addons__lte=F("max_amount") - F("base"))
    return [
        models.CheckConstraint(condition=within, name=f"billing_{table}_ceiling"),
        models.CheckConstraint(condition=own_position, name=f"billing_{table}_position"),
        models.CheckConstraint(condition=Q(quantity__gt=0), name=f"billing_{table}_quantity"),
    ]


class Price(CappedAmount):
    """What a class asks for a fee item. On sale while it is not withdrawn and its ceiling is in force.

    `cap_in_force` follows the ceiling's row by ON UPDATE CASCADE: an authority that ends a ceiling takes every price
    under it off sale in the same statement.
    """

    training_class = models.ForeignKey("courses.TrainingClass", on_delete=models.PROTECT, related_name="+")
    class_hours = models.PositiveSmallIntegerField()
    cap_in_force = models.BooleanField()
    policy = models.CharField(max_length=60)
    published_at = models.DateTimeField()
    published_by = models.UUIDField()
    withdrawn_at = models.DateTimeField(null=True)

    class_name: str
    """Comes with the queries of prices: a column of the class, not its row."""

    class Meta:
        constraints = [
            *_cap_checks("price"),
            models.CheckConstraint(
                condition=Q(unit="class-hour", quantity=F("class_hours")) | (~Q(unit="class-hour") & Q(quantity=1)),
                name="billing_price_hours",
            ),
            models.UniqueConstraint(
                fields=["training_class", "fee_item"], condition=Q(withdrawn_at=None), name="billing_price_once"
            ),
            models.UniqueConstraint(
                fields=["id", "position", "fee_item", "quantity", "unit"], name="billing_price_key"
            ),
        ]
        ordering = ["fee_item", "-published_at"]


class Order(Model):
    """What an enrolment costs; paid or not, once. What is still to pay is computed from lines and payments."""

    number = models.CharField(max_length=20, unique=True)
    enrolment = models.ForeignKey("rosters.Enrolment", on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField()
    payer = personal(models.CharField(max_length=60), PAYER)
    placed_at = models.DateTimeField()
    placed_by = models.UUIDField()
    pay_by = models.DateTimeField(null=True, help_text="until when it may be paid; none: no term was set")
    policy = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.OPEN)
    state_since = models.DateTimeField()

    class_id: uuid.UUID
    class_name: str
    """Both come with the queries of orders: columns of the class, not its row."""
    papers_seen_at: datetime | None
    matrix_row: str
    """Of its enrolment, with the queries of orders: when a person looked at the papers, and what rests on them."""
    asked: Money
    payer_now: str
    """What its lines ask together, and who pays it: come with the query of a list."""

    class Meta:
        constraints = [
            ORDER.constraint("billing_order_state"),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state__in=[OrderState.OPEN, OrderState.PAID]),
                name="billing_order_once",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id"], name="billing_order_person"),
            models.Index(fields=["state", "placed_at"], name="billing_order_by_state"),
            models.Index(fields=["placed_at"], name="billing_order_at"),
        ]
        ordering = ["-placed_at", "-id"]

    badge = property(ORDER.badge)

    def __str__(self) -> str:
        """Return its number."""
        return self.number


class OrderLine(CappedAmount):
    """One fee item of an order, checked again under the ceiling of the order's day. Never changed."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            *_cap_checks("line"),
            models.UniqueConstraint(fields=["order", "fee_item"], name="billing_line_once"),
        ]
        ordering = ["order", "fee_item"]


class ReceiptCounter(models.Model):
    """The last receipt number of a year; its row is locked by whoever takes the next, so that no number is left out."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class ServiceFault(models.Model):
    """The common part of what is asked of the payment service: how often it was asked in vain, and the last reason."""

    faults = models.PositiveSmallIntegerField(default=0, db_default=0)
    fault = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        abstract = True


class Checkout(ServiceFault, Model):
    """One try to pay online: a Checkout Session of Stripe. Stripe learns `reference` and the amount, nothing else.

    An order has at most one that is started.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="checkouts")
    amount = MoneyField()
    session_id = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001  # none until Stripe answered
    url = models.CharField(max_length=2000, blank=True)
    started_at = models.DateTimeField()
    simulated_at = models.DateTimeField(null=True, help_text="the time its request was given, in demonstrations")
    state = models.CharField(max_length=10, choices=CheckoutState.choices, default=CheckoutState.STARTED)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            CHECKOUT.constraint("billing_checkout_state"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="billing_checkout_amount"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state=CheckoutState.STARTED), name="billing_checkout_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "started_at"], name="billing_checkout_by_state")]


class Payment(Model):
    """Money that came in, with its receipt. Never changed: what went back of it stands in its refunds."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    method = models.CharField(max_length=10, choices=Method.choices)
    amount = MoneyField()
    reference = personal(
        models.CharField(max_length=120, help_text="slip, bank's or Stripe's number; unique per method"), PAYER
    )
    checkout = models.OneToOneField(Checkout, on_delete=models.PROTECT, null=True, related_name="payment")
    receipt_year = models.PositiveSmallIntegerField()
    receipt_n = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    received_by = models.UUIDField(null=True)
    received_name = personal(models.CharField(max_length=60, blank=True), STAFF)

    refunded_amount: Money
    """The sum of its refunds that did not fail: comes with the queries of payments."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["method", "reference"], name="billing_payment_reference"),
            models.UniqueConstraint(fields=["receipt_year", "receipt_n"], name="billing_receipt_number"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="billing_payment_method"),
            models.CheckConstraint(condition=Q(amount__gt=0, receipt_n__gt=0), name="billing_payment_amount"),
        ]
        ordering = ["received_at", "id"]

    @property
    def receipt_number(self) -> str:
        """Return the number on the receipt: 2026-000001."""
        return f"{self.receipt_year}-{self.receipt_n:06d}"


class Refund(ServiceFault, Model):
    """Money that goes back, part or all of one payment, with the reason.

    It goes the way it came; in place of one that failed (`instead_of`) by hand, another way.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = MoneyField()
    why = personal(models.CharField(max_length=200), PAYER)
    reference = personal(
        models.CharField(max_length=120, blank=True, help_text="slip, bank's or Stripe's number"), PAYER
    )
    other_method = models.CharField(
        max_length=10, blank=True, db_default="", choices=Method.choices, help_text="where it did not go as it came"
    )
    instead_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replacement", help_text="the refund that failed"
    )
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    asked_name = personal(models.CharField(max_length=60, blank=True), STAFF)
    state = models.CharField(max_length=10, choices=RefundState.choices, default=RefundState.REQUESTED)
    state_since = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True, help_text="when it failed and nothing is to go back in its place")

    class Meta:
        constraints = [
            REFUND.constraint("billing_refund_state"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="billing_refund_amount"),
            models.CheckConstraint(condition=~Q(why=""), name="billing_refund_why"),
            models.CheckConstraint(
                condition=Q(other_method="")
                | Q(other_method__in=[Method.CASH, Method.TRANSFER], instead_of__isnull=False),
                name="billing_refund_other",
            ),
        ]
        ordering = ["asked_at", "id"]

    @property
    def by_hand(self) -> bool:
        """Say whether the cashier pays it back, not the payment service."""
        return self.payment.method != Method.STRIPE or self.other_method != ""


class Dispute(Model):
    """A payer's demand at their bank for an online payment, as the payment service tells of it."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    reference = models.CharField(max_length=120, unique=True, help_text="Stripe's number")
    amount = MoneyField()
    reason = models.CharField(max_length=60, blank=True, help_text="Stripe's word for it")
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DisputeState.choices, default=DisputeState.OPEN)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            DISPUTE.constraint("billing_dispute_state"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="billing_dispute_amount"),
        ]
        ordering = ["opened_at", "id"]

    badge = property(DISPUTE.badge)


class StripeEvent(models.Model):
    """An event of Stripe that has been dealt with; its number is the key, so that a second delivery finds it."""

    id = models.CharField(max_length=120, primary_key=True)
    type = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=40)
