"""Online payment: only what Stripe itself says (a signed event, or its answer when asked) counts.

Coming back from the page proves nothing. Events come twice, late and out of order; every path ends in
`settle_session`, which is harmless to repeat.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import audit, clock, outside, tenancy
from kernel.access import SYSTEM, Actor
from kernel.errors import Refusal
from kernel.languages import localized
from kernel.later import Priority, arguments_waiting, later
from kernel.money import ZERO

from .. import adapters, methods
from ..models import Checkout, Order, Payment, Refund
from ..queries import orders as order_queries
from ..states import CHECKOUT, Arrival, CheckoutState, Method, OrderState, RefundState
from .payable import OrderNotOpen, require_payable
from .payments import take
from .service_faults import clear_fault, count_fault

RECONCILE_AFTER = timedelta(minutes=10)
"""How long a started checkout is left to the webhook before reconciliation asks Stripe about it."""

BEING_OPENED = timedelta(minutes=1)
"""How long a payment page may be in the making, before it is taken for lost."""

HOUR = timedelta(hours=1)
COMES_BACK_WITHIN = timedelta(days=30)
"""How long a payer's bank may send money back that was refunded, as the payment service says."""

OFTEN_FOR = 72
"""How many hours after a refund was done Stripe is asked each hour whether it stands; then once a day."""

FAULTS = ("unknown", "another-session", "another-amount")
"""Outcomes that a person must look at."""


class PaymentInProgress(Refusal):
    """There is a payment of this order that may still arrive."""

    code = "payment-in-progress"
    message = gettext_lazy(
        "A payment of this order is on its way. Wait until it has arrived or failed, so that you do not pay twice."
    )


def start_checkout(*, order_id: uuid.UUID, return_url: str, by: Actor, at: datetime) -> str:
    """Return the address of the payment page for what is outstanding of the person's own order: the one that is open
    already, or a new one. An order has at most one.

    Two transactions with the call to Stripe between them, so that nothing is locked while it answers. Refuses what
    `payable.payment_refusal` names, (NotFound) another order than the own, (NoOnlinePayment), (StripeDown), and
    (PaymentInProgress) where the money may be on its way or the page is just being opened.
    """
    own = order_queries.order_for(order_id, by=by)
    adapters.client()
    if url := _open_page(own, at=at):
        return url
    with transaction.atomic():
        order = order_queries.locked_order(own.pk)
        require_payable(order, at)
        due = order_queries.balance(order).outstanding
        if not due:
            raise OrderNotOpen(state=OrderState(order.state).label)
        if order.checkouts.filter(state=CheckoutState.STARTED).exists():
            raise PaymentInProgress
        row = Checkout.objects.create(
            order=order, amount=due, started_at=at, state_since=at, simulated_at=clock.simulated_now()
        )
        audit.note("checkout.start", row, by=by, at=at, after=audit.values(row, "order_id", "amount"))
    try:
        session = _session_of(row, order, return_url)
    except adapters.StripeDown:
        end_checkout(row.pk, "fail", at=at)
        raise
    Checkout.objects.filter(pk=row.pk).update(session_id=session.id, url=session.url)
    return session.url


def _session_of(row: Checkout, order: Order, return_url: str) -> adapters.Session:
    return adapters.open_session(
        key=f"checkout-{row.pk}",
        reference=methods.reference(tenancy.institution_id(), row.pk),
        amount=row.amount,
        title=_("Training fees, order %(number)s") % {"number": order.number},
        success_url=return_url,
        cancel_url=return_url,
        locale=localized("zh", "en"),
    )


def _open_page(order: Order, *, at: datetime) -> str:
    """Return the address of the order's payment page that is still open, "" where there is none any more."""
    row = order.checkouts.filter(state=CheckoutState.STARTED).first()
    if row is None:
        return ""
    if row.session_id is None:
        if at - row.started_at < BEING_OPENED:
            raise PaymentInProgress
        end_checkout(row.pk, "fail", at=at)
        return ""
    try:
        session = adapters.read_session(row.session_id)
    except adapters.UnknownThere:
        end_checkout(row.pk, "fail", at=at)
        return ""
    if session.status == "open":
        return session.url or row.url
    if settle_session(checkout_id=row.pk, session=session, at=at) == "waiting":
        raise PaymentInProgress
    return ""


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
            move = "fail" if session.failed else "expire" if session.status == "expired" else ""
            return end_checkout(checkout_id, move, at=at) if move else "waiting"
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


def end_checkout(checkout_id: uuid.UUID, move: str, *, at: datetime) -> str:
    """Let a checkout that is started expire or fail; return its state, "stale" where it is not started any more."""
    with transaction.atomic():
        row = Checkout.objects.select_for_update().filter(pk=checkout_id).first()
        if row is None or row.state != CheckoutState.STARTED:
            return "stale"
        CHECKOUT.move(row, move, by=SYSTEM, at=at, locked=True)
    return str(row.state)


def check_payment(*, order_id: uuid.UUID, by: Actor, at: datetime) -> Arrival:
    """Ask Stripe for the state of the person's own order, as the page of return does; return how its payment stands.

    Refuses (NotFound) another's order. Where Stripe does not answer, it may be on its way: the webhook or
    reconciliation settles it later.
    """
    order = order_queries.order_for(order_id, by=by)
    row = order.checkouts.order_by("-started_at", "-pk").first()
    still_open = False
    if row is not None and row.state == CheckoutState.STARTED and row.session_id:
        try:
            session = adapters.read_session(row.session_id)
        except (Refusal, adapters.UnknownThere):
            return Arrival.WAITING
        settle_session(checkout_id=row.pk, session=session, at=at)
        row.refresh_from_db()
        still_open = session.status == "open"
    order.refresh_from_db()
    if order.state == OrderState.PAID:
        return Arrival.ARRIVED
    if row is not None and row.state == CheckoutState.FAILED:
        return Arrival.FAILED
    if row is not None and row.state == CheckoutState.STARTED and not still_open:
        return Arrival.WAITING
    return Arrival.CANCELLED


def expire_checkouts(*, order_id: uuid.UUID, at: datetime) -> int:
    """End the payment pages of an order that needs no payment any more; return how many were ended.

    Raises outside.Fault where Stripe does not answer.
    """
    rows = Checkout.objects.filter(order_id=order_id, state=CheckoutState.STARTED).exclude(session_id=None)
    ended = 0
    for row in rows:
        with outside.call("stripe", faults=adapters.StripeDown):
            if adapters.expire_session(str(row.session_id)):
                end_checkout(row.pk, "expire", at=at)
                ended += 1
    return ended


def ask_reconciliation(*, at: datetime, limit: int = 50) -> int:
    """Ask for what is still open here to be compared with Stripe, each by a task of its own; return how many.

    For events that never arrived: checkouts older than ten minutes, refunds on their way, and refunds that are done but
    may still come back from the bank. What has failed least comes first, so that one that Stripe does not know keeps no
    other waiting; what is asked for already waits for its turn.
    """
    if not adapters.available():
        return 0
    rows = Checkout.objects.filter(state=CheckoutState.STARTED, started_at__lt=at - RECONCILE_AFTER)
    keys = rows.exclude(session_id=None).order_by("faults", "started_at").values_list("pk", flat=True)[:limit]
    online = Refund.objects.filter(payment__method=Method.STRIPE, other_method="", amount__gt=ZERO)
    waiting = online.filter(state=RefundState.REQUESTED).order_by("faults", "asked_at")
    refund_keys = [*waiting.values_list("pk", flat=True)[:limit], *_may_come_back(online, at)]
    return _ask_each("billing.reconcile_checkout", "checkout_id", keys) + _ask_each(
        "billing.send_refund", "refund_id", refund_keys
    )


def _may_come_back(online: QuerySet[Refund], at: datetime) -> list[uuid.UUID]:
    """Return the refunds that are done and to be asked about now: each hour at first, then once a day."""
    rows = online.filter(state=RefundState.DONE, state_since__gte=at - COMES_BACK_WITHIN).exclude(reference="")
    hours = {key: (at - since) // HOUR for key, since in rows.values_list("pk", "state_since")}
    return [key for key, n in hours.items() if n < OFTEN_FOR or n % 24 == 0]


def _ask_each(task: str, argument: str, keys: Iterable[uuid.UUID]) -> int:
    waiting = {kwargs.get(argument) for kwargs in arguments_waiting(task)}
    asked = [str(key) for key in keys if str(key) not in waiting]
    for key in asked:
        named: dict[str, Any] = {argument: key}
        later(task, priority=Priority.BULK, **named)
    return len(asked)


def reconcile_checkout(*, checkout_id: uuid.UUID, at: datetime) -> str:
    """Bring one checkout to where Stripe says that it is; return what was done. What does not fit is counted on it.

    Raises outside.Fault where Stripe does not answer: then nothing is done and the task is tried again.
    """
    with transaction.atomic():
        row = Checkout.objects.filter(pk=checkout_id).first()
        if row is None or row.state != CheckoutState.STARTED or row.session_id is None:
            return "stale"
        try:
            with outside.call("stripe", faults=adapters.StripeDown):
                session = adapters.read_session(row.session_id)
        except adapters.UnknownThere as fault:
            outcome, words = "unknown", str(fault)
        else:
            outcome = words = settle_session(checkout_id=row.pk, session=session, at=at)
        row = Checkout.objects.select_for_update().get(pk=checkout_id)
        if outcome in FAULTS:
            count_fault(row, words)
        else:
            clear_fault(row)
    return outcome
