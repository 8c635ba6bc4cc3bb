"""A person's orders that wait for money."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Sum, UUIDField

from kernel.db.statements import Bind, Figure, Statement
from kernel.money import ZERO, Money

from .. import methods
from ..models import Order
from ..states import OrderState
from . import orders as order_queries

_OPEN: Statement[tuple[Any, ...]] = Statement(
    lambda: (
        Order.objects.filter(person_id=Bind("person", UUIDField()), state=OrderState.OPEN)
        .annotate(
            total=order_queries.asked_column(),
            paid=Sum("payments__amount"),
            back=order_queries.refunded_column("payment__order", "pk"),
            **order_queries.PAPERS,
        )
        .values_list("pk", "number", "total", "paid", "back", "pay_by", "policy", "matrix_row", "papers_seen_at")
    )
)


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order that waits for money, and how much."""

    id: uuid.UUID
    number: str
    outstanding: Money
    pay_by: datetime | None
    papers_due: bool


def any_open_order(person_id: uuid.UUID) -> Figure:
    """Return whether a person has an order that waits for money, to be asked."""
    return _OPEN.exists(person=person_id)


def open_orders(person_id: uuid.UUID) -> list[OpenOrder]:
    """Return a person's orders that wait for money, newest first."""
    return [
        OpenOrder(
            key,
            number,
            methods.Balance(total, paid or ZERO, back or ZERO).outstanding,
            order_queries.term_end(pay_by, policy, matrix_row, seen_at),
            matrix_row != "" and seen_at is None,
        )
        for key, number, total, paid, back, pay_by, policy, matrix_row, seen_at in _OPEN.fetch(person=person_id)
    ]
