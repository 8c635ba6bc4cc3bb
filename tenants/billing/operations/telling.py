"""Notices about money: to who paid, and to the cashiers where something waits for them."""

import uuid
from datetime import datetime
from typing import Any

from kernel import tenancy
from kernel.access import Actor
from kernel.roles import Role
from kernel.states import MadeMove, moves_made
from shared.identity.queries import accounts as account_queries
from shared.institutions.queries import listing as institution_listing_queries
from shared.notices import operations as notices

from ..models import Dispute, Order


def _tell_payer(order: Order, what: str, key: str, made: MadeMove, **context: Any) -> None:
    url = institution_listing_queries.address_here(f"/my/orders/{order.pk}/")
    notices.send_person(
        person_id=order.person_id,
        by=made.by,
        template=f"billing.{what}",
        context={"number": order.number, "url": url} | context,
        at=made.at,
        key=f"{what}:{key}",
    )


def _tell_cashiers(order_id: uuid.UUID, what: str, key: str, *, by: Actor, at: datetime, **context: Any) -> None:
    """Tell the cashiers and principals, in the application; not whose act it was."""
    scope = str(institution_listing_queries.institution(tenancy.institution_id()).organisation_id)
    url = institution_listing_queries.address_here(f"/staff/orders/{order_id}/")
    reached = {by.account_id}
    for role in (Role.CASHIER, Role.PRINCIPAL):
        for account in account_queries.holders(role, scope, at=at):
            if account.id not in reached:
                reached.add(account.id)
                facts = {"url": url} | context
                channels = (notices.IN_APP,)
                notices.send(to=account, template=f"billing.{what}", context=facts, at=at, channels=channels, key=key)


@moves_made.connect("refund.finish")
def refunded(made: MadeMove) -> None:
    """Tell who paid that money has gone back."""
    _tell_payer(made.row.payment.order, "refunded", str(made.row.pk), made, amount=str(made.row.amount))


@moves_made.connect("refund.fail")
def refund_failed(made: MadeMove) -> None:
    """Tell who paid that the money has not gone back yet, and the cashiers that they must send it otherwise."""
    row, order = made.row, made.row.payment.order
    amount = str(row.amount)
    _tell_payer(order, "refund_failed", str(row.pk), made, amount=amount)
    key = f"refund-failed:{row.pk}"
    _tell_cashiers(order.pk, "refund_to_decide", key, by=made.by, at=made.at, amount=amount, number=order.number)


@moves_made.connect("order.close")
def closed(made: MadeMove) -> None:
    """Tell who paid that the rest is kept, and why."""
    _tell_payer(made.row, "closed", str(made.row.pk), made, why=made.why)


@moves_made.connect("checkout.fail")
def payment_failed(made: MadeMove) -> None:
    """Tell who began to pay that nothing was paid: they may have left in the belief that it was."""
    _tell_payer(made.row.order, "payment_failed", str(made.row.pk), made)


@moves_made.connect("dispute.win")
def dispute_won(made: MadeMove) -> None:
    """Tell the cashiers that the money stays."""
    _tell_of_dispute(made.row, "dispute_won", made.by, made.at)


@moves_made.connect("dispute.lose")
def dispute_lost(made: MadeMove) -> None:
    """Tell the cashiers that the money went back."""
    _tell_of_dispute(made.row, "dispute_lost", made.by, made.at)


def dispute_opened(row: Dispute, *, by: Actor, at: datetime) -> None:
    """Tell the cashiers that a payer asks their bank for the money: there is a term to answer."""
    _tell_of_dispute(row, "dispute_opened", by, at)


def _tell_of_dispute(row: Dispute, what: str, by: Actor, at: datetime) -> None:
    order = row.payment.order
    facts = {"amount": str(row.amount), "number": order.number}
    _tell_cashiers(order.pk, what, f"{what}:{row.pk}", by=by, at=at, **facts)
