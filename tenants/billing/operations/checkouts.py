"""Online payment: only what Stripe itself says (a signed event, or its answer when asked) counts.

Coming back from the page proves nothing. Events come twice, late and out of order; every path ends in
`settle_session`, which is harmless to repeat.
"""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kernel import audit, clock, tenancy
from kernel.access import SYSTEM, Actor
from kernel.errors import NotFound, Refusal
from kernel.languages import localized
from kernel.money import ZERO
from shared.institutions.queries import listing as institution_listing_queries

from .. import adapters, methods
from ..models import Checkout, Payment, Refund, StripeEvent
from ..queries import orders as order_queries
from ..states import CHECKOUT, CheckoutState, Method, OrderState, RefundState
from .payments import OrderNotOpen, take
from .refunds import send_refund

RECONCILE_AFTER = timedelta(minutes=10)
"""How long a started checkout is left to the webhook before reconciliation asks Stripe about it."""

PAID_EVENTS = ("checkout.session.completed", "checkout.session.async_payment_succeeded")


def start_checkout(*, order_id: uuid.UUID, return_url: str, by: Actor, at: datetime) -> str:
    """Return the address of a payment page for what is outstanding of the person's own order.

    Two transactions with the call to Stripe between them, so that nothing is locked while it answers; the page's key
    is the checkout's, so that a repeated call opens no second page. Refuses (OrderNotOpen), (NotFound) another's order,
    (NoOnlinePayment), (StripeDown).
    """
    own = order_queries.order_for(order_id, by=by)
    adapters.client()
    with transaction.atomic():
        order = order_queries.locked_order(own.pk)
        due = order_queries.balance(order).outstanding
        if order.state != OrderState.OPEN or not due:
            raise OrderNotOpen(state=OrderState(order.state).label)
        row = Checkout.objects.create(
            order=order, amount=due, started_at=at, state_since=at, simulated_at=clock.simulated_now()
        )
        audit.note("checkout.start", row, by=by, at=at, after=audit.values(row, "order_id", "amount"))
    session = adapters.open_session(
        key=f"checkout-{row.pk}",
        reference=methods.reference(tenancy.institution_id(), row.pk),
        amount=due,
        title=_("Training fees, order %(number)s") % {"number": order.number},
        success_url=return_url,
        cancel_url=return_url,
        locale=localized("zh", "en"),
    )
    Checkout.objects.filter(pk=row.pk).update(session_id=session.id, url=session.url)
    return session.url


def take_event(*, event: adapters.Event, at: datetime) -> str:
    """Deal with a verified event of Stripe: find the institution it belongs to and settle there; return what was done.

    The same event again is "seen". What is not about a checkout of ours is "ignored".
    """
    reference = methods.parse_reference(event.reference)
    if reference is None or event.session is None:
        return "ignored"
    try:
        institution = institution_listing_queries.institution(reference[0])
    except NotFound:
        return "ignored"
    with tenancy.open_institution(institution.schema_name):
        return _settle_event(event, event.session, reference[1], at=at)


def _settle_event(event: adapters.Event, session: adapters.Session, checkout_id: uuid.UUID, *, at: datetime) -> str:
    with transaction.atomic():
        try:
            with transaction.atomic():
                event_row = StripeEvent.objects.create(id=event.id, type=event.type, received_at=at, outcome="")
        except IntegrityError:
            return "seen"
        if event.type == "checkout.session.async_payment_failed":
            event_row.outcome = _end(checkout_id, "fail", at=at)
        else:
            event_row.outcome = settle_session(checkout_id=checkout_id, session=session, at=at)
        event_row.save(update_fields=["outcome"])
    return event_row.outcome


def settle_session(*, checkout_id: uuid.UUID, session: adapters.Session, at: datetime) -> str:
    """Bring a checkout to where Stripe says that it is: paid money enters the ledger once; return what was done.

    Refuses nothing: an unknown checkout, another session or another amount has an outcome of its own.
    """
    with transaction.atomic():
        checkout = Checkout.objects.filter(pk=checkout_id).first()
        if checkout is None:
            return "unknown"
        order = order_queries.locked_order(checkout.order_id)
        row = Checkout.objects.select_for_update().get(pk=checkout_id)
        at = (
            row.simulated_at or at
        )  # what follows from a demonstration's request has that request's time, as its tasks have
        if row.session_id not in (None, session.id):
            return "another-session"
        if not session.paid:
            return _end(checkout_id, "expire", at=at) if session.status == "expired" else "waiting"
        if row.state == CheckoutState.PAID:
            return "paid-already"
        if session.amount != row.amount:
            return "another-amount"
        CHECKOUT.move(row, "succeed", by=SYSTEM, at=at, session_id=session.id)
        if not Payment.objects.filter(method=Method.STRIPE, reference=session.intent).exists():
            take(
                order,
                method=Method.STRIPE,
                amount=session.amount,
                reference=session.intent,
                checkout=row,
                by=SYSTEM,
                at=at,
            )
    return "paid"


def _end(checkout_id: uuid.UUID, move: str, *, at: datetime) -> str:
    row = Checkout.objects.filter(pk=checkout_id).first()
    if row is None or row.state != CheckoutState.STARTED:
        return "stale"
    CHECKOUT.move(row, move, by=SYSTEM, at=at)
    return str(row.state)


def check_payment(*, order_id: uuid.UUID, by: Actor, at: datetime) -> bool:
    """Ask Stripe for the state of the person's own order, as the page of return does; return whether it is paid.

    Refuses (NotFound) another's order. Where Stripe does not answer, the webhook or reconciliation settles it later.
    """
    order = order_queries.order_for(order_id, by=by)
    started = order.checkouts.filter(state=CheckoutState.STARTED).exclude(session_id=None)
    for row in started.order_by("-started_at")[:3]:
        try:
            session = adapters.read_session(str(row.session_id))
        except Refusal:
            break
        settle_session(checkout_id=row.pk, session=session, at=at)
    order.refresh_from_db()
    return order.state == OrderState.PAID


def expire_checkouts(*, order_id: uuid.UUID, at: datetime) -> int:
    """End the payment pages of an order that needs no payment any more; return how many were ended."""
    rows = Checkout.objects.filter(order_id=order_id, state=CheckoutState.STARTED).exclude(session_id=None)
    for row in rows:
        adapters.expire_session(str(row.session_id))
    return len(rows)


def reconcile(*, at: datetime, limit: int = 50) -> dict[str, int]:
    """Compare with Stripe what is still open here, oldest first; return how many ended up how.

    For events that never arrived: checkouts older than ten minutes, refunds on their way.
    """
    outcomes: dict[str, int] = {}
    if not adapters.available():
        return outcomes
    rows = Checkout.objects.filter(state=CheckoutState.STARTED, started_at__lt=at - RECONCILE_AFTER)
    for row in rows.exclude(session_id=None).order_by("started_at")[:limit]:
        session = adapters.read_session(str(row.session_id))
        outcome = settle_session(checkout_id=row.pk, session=session, at=at)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    waiting = Refund.objects.filter(state=RefundState.REQUESTED, payment__method=Method.STRIPE, amount__gt=ZERO)
    for refund in waiting.order_by("asked_at")[:limit]:
        outcome = f"refund-{send_refund(refund_id=refund.pk, at=at)}"
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes
