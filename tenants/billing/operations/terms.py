"""Terms of payment: an order that is not paid by its end gives back the seat and the one place in the province.

No term runs while the institution has not looked at the papers: nobody can pay before.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import tenancy
from kernel.access import SYSTEM
from kernel.clock import CHINA
from kernel.later import Priority, later
from shared.identity.queries import accounts as account_queries
from shared.institutions.queries import listing as institution_listing_queries
from shared.notices import operations as notices
from tenants.courses.queries import catalogue
from tenants.rosters.operations import enrolments

from .. import adapters
from ..models import Order
from ..queries import orders as order_queries
from ..states import ORDER, OrderState
from .checkouts import settle_session


def ask_releases(*, at: datetime) -> int:
    """Ask for the release of every order whose term is over, each in a transaction of its own; return how many."""
    overdue = order_queries.overdue(at)
    for order_id in overdue:
        later("billing.release_order", order_id=str(order_id))
    return len(overdue)


def release_order(*, order_id: uuid.UUID, at: datetime) -> bool:
    """Cancel an order whose term is over, with its enrolment, and tell the person; return whether that was done.

    Not while money is on its way: a payment page that is still open is ended first, and the payment service asked once
    more. Refuses (StripeDown) where it does not answer: the next question tries again.
    """
    if _money_comes(order_id, at=at):
        return False
    with transaction.atomic():
        order = order_queries.locked_order(order_id)
        due = order_queries.due_by(order)
        if order.state != OrderState.OPEN or due is None or at <= due:
            return False
        why = _("Not paid by %(when)s") % {"when": f"{due.astimezone(CHINA):%Y-%m-%d %H:%M}"}
        ORDER.move(order, "cancel", by=SYSTEM, at=at, why=why, locked=True)
        enrolments.withdraw(enrolment_id=order.enrolment_id, why=why, by=SYSTEM, at=at)
        _notify(order, at=at)
    return True


def _money_comes(order_id: uuid.UUID, *, at: datetime) -> bool:
    """End the open payment pages of an order, settle what was paid, and say whether anything was or may still be."""
    if not adapters.available():
        return False
    on_its_way = False
    for row in order_queries.started_checkouts(order_id):
        adapters.expire_session(str(row.session_id))
        session = adapters.read_session(str(row.session_id))
        outcome = settle_session(checkout_id=row.pk, session=session, at=at)
        on_its_way = on_its_way or outcome in ("paid", "waiting")
    return on_its_way


def _notify(order: Order, *, at: datetime) -> None:
    account = account_queries.account_of(order.person_id)
    if account is None:
        return
    training_class = catalogue.class_value(order.class_id)
    slug = institution_listing_queries.institution(tenancy.institution_id()).slug
    context = {
        "name": training_class.name,
        "url": institution_listing_queries.address_of(slug, f"/classes/{training_class.id}/"),
    }
    notices.send(
        to=account,
        template="billing.released",
        context=context,
        at=at,
        key=f"released:{order.pk}",
        priority=Priority.BULK,
    )
