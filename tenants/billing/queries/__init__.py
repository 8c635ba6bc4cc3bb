"""Reads of billing: prices on sale, orders with their balance, payments and receipts, the public page."""

from .editions import window_rows
from .life import life
from .orders import (
    LineValue,
    OrderValue,
    PaymentValue,
    balance,
    live_order,
    locked_order,
    order_for,
    order_lines,
    order_row,
    order_value,
    orders,
    orders_of,
    payment_row,
    refunds_of,
)
from .prices import (
    Ceiling,
    PriceValue,
    ceilings,
    fee_items,
    on_sale,
    on_sale_of,
    price_row,
    price_value,
    published,
    published_of,
    stale_prices,
)
from .privacy import unsettled
from .receipts import ReceiptValue, receipt
from .storefront import ClassCard, Storefront, class_card, standing, storefront
from .todos import cashier_todos, payment_todos, price_todos

__all__ = [
    "Ceiling",
    "ClassCard",
    "LineValue",
    "OrderValue",
    "PaymentValue",
    "PriceValue",
    "ReceiptValue",
    "Storefront",
    "balance",
    "cashier_todos",
    "ceilings",
    "class_card",
    "fee_items",
    "life",
    "live_order",
    "locked_order",
    "on_sale",
    "on_sale_of",
    "order_for",
    "order_lines",
    "order_row",
    "order_value",
    "orders",
    "orders_of",
    "payment_row",
    "payment_todos",
    "price_row",
    "price_todos",
    "price_value",
    "published",
    "published_of",
    "receipt",
    "refunds_of",
    "stale_prices",
    "standing",
    "storefront",
    "unsettled",
    "window_rows",
]
