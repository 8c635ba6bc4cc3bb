"""Choices of billing, and the state charts of an order, a checkout, a refund and a dispute."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.roles import Role
from kernel.states import Move, StateChart, Tone

CASHIERS = (Role.CASHIER, Role.PRINCIPAL)


class Method(models.TextChoices):
    """A way to pay."""

    CASH = "cash", _("Cash")
    TRANSFER = "transfer", _("Bank transfer")
    STRIPE = "stripe", _("Online payment")


class CapKind(models.TextChoices):
    """The kind of a ceiling: an amount, or the recorded decision that there is none."""

    CAPPED = "capped", _("Capped")
    UNCAPPED = "uncapped_decision", _("No ceiling, by a recorded decision")


class OrderState(models.TextChoices):
    """The state of an order."""

    OPEN = "open", _("To be paid")
    PAID = "paid", _("Paid")
    REFUNDED = "refunded", _("Refunded")
    CLOSED = "closed", _("Closed, a part was kept")
    CANCELLED = "cancelled", _("Cancelled")


ORDER = StateChart(
    name="order",
    states=OrderState,
    initial=OrderState.OPEN,
    tones={OrderState.OPEN: Tone.WARN, OrderState.PAID: Tone.GOOD},
    moves=[
        Move("pay", [OrderState.OPEN], OrderState.PAID, (*CASHIERS, "system"), _("Paid")),
        Move(
            "cancel",
            [OrderState.OPEN],
            OrderState.CANCELLED,
            ("person", *CASHIERS, Role.REGISTRAR, "system"),
            _("Cancel"),
        ),
        Move(
            "refund",
            [OrderState.PAID, OrderState.CLOSED],
            OrderState.REFUNDED,
            (*CASHIERS, "system"),
            _("Refunded in full"),
        ),
        Move("close", [OrderState.PAID], OrderState.CLOSED, CASHIERS, _("Close, the rest is kept"), expected=False),
        Move(
            "reopen",
            [OrderState.REFUNDED, OrderState.CLOSED],
            OrderState.PAID,
            ("system",),
            _("Open again: a refund failed"),
            expected=False,
        ),
    ],
)


VERBS = {"order.place": _("Order placed")}
"""Labels of notes on an order that are no moves of its chart."""


class CheckoutState(models.TextChoices):
    """The state of an online payment."""

    STARTED = "started", _("Started")
    PAID = "paid", _("Paid")
    EXPIRED = "expired", _("Expired")
    FAILED = "failed", _("Failed")


CHECKOUT = StateChart(
    name="checkout",
    states=CheckoutState,
    initial=CheckoutState.STARTED,
    moves=[
        Move(
            "succeed",
            [CheckoutState.STARTED, CheckoutState.EXPIRED, CheckoutState.FAILED],
            CheckoutState.PAID,
            ("system",),
            _("Paid"),
        ),
        Move("expire", [CheckoutState.STARTED], CheckoutState.EXPIRED, ("system",), _("Expired")),
        Move("fail", [CheckoutState.STARTED], CheckoutState.FAILED, ("system",), _("Failed")),
    ],
)


class Arrival(models.TextChoices):
    """How an online payment stands when its payer comes back from the payment page."""

    ARRIVED = "arrived", _("Your payment has arrived")
    WAITING = "waiting", _("Your payment is on its way")
    FAILED = "failed", _("Your payment has failed")
    CANCELLED = "cancelled", _("You have not paid")


class RefundState(models.TextChoices):
    """The state of a refund."""

    REQUESTED = "requested", _("On its way")
    DONE = "done", _("Paid back")
    FAILED = "failed", _("Failed")


REFUND = StateChart(
    name="refund",
    states=RefundState,
    initial=RefundState.REQUESTED,
    moves=[
        Move("finish", [RefundState.REQUESTED], RefundState.DONE, (*CASHIERS, "system"), _("Paid back")),
        Move("fail", [RefundState.REQUESTED, RefundState.DONE], RefundState.FAILED, ("system",), _("Failed")),
    ],
)


class DisputeState(models.TextChoices):
    """The state of a dispute: a payer asks their bank for the money of an online payment."""

    OPEN = "open", _("Under dispute")
    WON = "won", _("Dispute won, the money stays")
    LOST = "lost", _("Dispute lost, the money went back")


DISPUTE = StateChart(
    name="dispute",
    states=DisputeState,
    initial=DisputeState.OPEN,
    tones={DisputeState.OPEN: Tone.BAD, DisputeState.WON: Tone.GOOD},
    moves=[
        Move("win", [DisputeState.OPEN], DisputeState.WON, ("system",), _("Dispute won")),
        Move("lose", [DisputeState.OPEN], DisputeState.LOST, ("system",), _("Dispute lost")),
    ],
)
