"""Writes of billing: prices under ceilings, orders, payments at the counter and online, refunds, reconciliation."""

from .checkouts import ask, expire_checkouts, reconcile, settle_session, start_checkout, take_event
from .orders import NoPrice, NothingToOrder, open_enrolment, place_order, withdraw
from .payments import NotOpen, ReferenceTaken, WrongAmount, pay_at_counter
from .prices import AboveCap, NoCap, publish_price, retire_prices, withdraw_price
from .refunds import TooMuchBack, refund, send_refund

__all__ = [
    "AboveCap",
    "NoCap",
    "NoPrice",
    "NotOpen",
    "NothingToOrder",
    "ReferenceTaken",
    "TooMuchBack",
    "WrongAmount",
    "ask",
    "expire_checkouts",
    "open_enrolment",
    "pay_at_counter",
    "place_order",
    "publish_price",
    "reconcile",
    "refund",
    "retire_prices",
    "send_refund",
    "settle_session",
    "start_checkout",
    "take_event",
    "withdraw",
    "withdraw_price",
]
