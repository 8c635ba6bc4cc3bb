"""Choices of billing, and the state charts of an order, a checkout and a refund."""

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
        Move("refund", [OrderState.PAID], OrderState.REFUNDED, (*CASHIERS, "system"), _("Refunded in full")),
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
        Move("fail", [RefundState.REQUESTED], RefundState.FAILED, ("system",), _("Failed")),
    ],
)
