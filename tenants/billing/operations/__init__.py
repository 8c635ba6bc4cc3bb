"""Writes of billing: prices under ceilings, orders, payments at the counter and online, refunds, reconciliation."""

from .checkouts import check_payment, expire_checkouts, reconcile, settle_session, start_checkout, take_event
from .orders import NoPrice, NothingToOrder, open_enrolment, place_order, withdraw
from .payments import OrderNotOpen, ReferenceTaken, WrongAmount, pay_at_counter
from .prices import CapExceeded, NoCap, publish_price, retire_prices, withdraw_price
from .refunds import RefundExceedsPayment, refund, send_refund

__all__ = [
    "CapExceeded",
    "NoCap",
    "NoPrice",
    "NothingToOrder",
    "OrderNotOpen",
    "ReferenceTaken",
    "RefundExceedsPayment",
    "WrongAmount",
    "check_payment",
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
