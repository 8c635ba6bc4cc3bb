"""Events of Stripe: payments, and what was begun at the payment service (refunds, disputes). Each counts once."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kernel import audit, tenancy
from kernel.access import SYSTEM
from kernel.errors import NotFound
from kernel.money import ZERO, Money
from shared.institutions.queries import listing as institution_listing_queries

from .. import adapters, methods
from ..models import Dispute, Payment, Refund, StripeEvent
from ..queries import orders as order_queries
from ..states import DISPUTE, DisputeState, Method, RefundState
from .checkouts import end_checkout, settle_session
from .payments import send_back
from .refunds import note_state
from .telling import dispute_opened

WON = ("won", "warning_closed", "prevented")


def take_event(*, event: adapters.Event, at: datetime) -> str:
    """Deal with a verified event of Stripe: find the institution it belongs to and settle there; return what was done.

    The same event again is "seen". What is about no checkout, refund or dispute of ours is "ignored". Refuses
    (StripeDown) where it must be asked whose a payment is and does not answer: then the event comes again.
    """
    reference = methods.parse_reference(_reference(event))
    if reference is None:
        return "ignored"
    try:
        institution = institution_listing_queries.institution(reference[0])
    except NotFound:
        return "ignored"
    with tenancy.open_institution(institution.schema_name):
        return _settle_event(event, reference[1], at=at)


def _reference(event: adapters.Event) -> str:
    """Return our reference: a refund or dispute has none of its own, its payment has."""
    about = event.refund or event.dispute
    if about is None:
        return event.reference if event.session is not None else ""
    try:
        return adapters.read_intent(about.intent).reference if about.intent else ""
    except adapters.UnknownThere:
        return ""


def _settle_event(event: adapters.Event, checkout_id: uuid.UUID, *, at: datetime) -> str:
    with transaction.atomic():
        try:
            with transaction.atomic():
                event_row = StripeEvent.objects.create(id=event.id, type=event.type, received_at=at, outcome="")
        except IntegrityError:
            return "seen"
        event_row.outcome = _outcome(event, checkout_id, at=at)
        event_row.save(update_fields=["outcome"])
    return event_row.outcome


def _outcome(event: adapters.Event, checkout_id: uuid.UUID, *, at: datetime) -> str:
    if event.refund is not None:
        return take_refund(event.refund, at=at)
    if event.dispute is not None:
        return take_dispute(event.dispute, at=at)
    assert event.session is not None
    if event.type == "checkout.session.async_payment_failed":
        return end_checkout(checkout_id, "fail", at=at)
    return settle_session(checkout_id=checkout_id, session=event.session, at=at)


def take_refund(news: adapters.RefundNews, *, at: datetime) -> str:
    """Bring a refund to where Stripe says that it is, or write down one that was begun there; return what was done."""
    payment = _payment(news.intent)
    if payment is None:
        return "unknown"
    with transaction.atomic():
        order = order_queries.locked_order(payment.order_id)
        rows = Refund.objects.select_for_update(of=("self",)).select_related("payment").filter(payment=payment)
        # One that we asked for and whose answer was lost has no reference yet.
        asked = rows.filter(reference="", state=RefundState.REQUESTED, amount=news.amount.fen, other_method="")
        row = rows.filter(reference=news.id).first() or asked.first()
        if row is None:
            if news.status in ("failed", "canceled"):
                return "nothing-to-fail"
            if news.amount > _left(payment):
                return "refund-exceeds"
            row = send_back(
                payment, news.amount, why=_("Begun at the payment service"), reference=news.id, by=SYSTEM, at=at
            )
        row.reference = news.id
        note_state(row, order, news.status, at=at)
    return f"refund-{row.state}"


def take_dispute(news: adapters.DisputeNews, *, at: datetime) -> str:
    """Write down a dispute and its end; lost, the money went back as by a refund; return what was done."""
    payment = _payment(news.intent)
    if payment is None:
        return "unknown"
    with transaction.atomic():
        order = order_queries.locked_order(payment.order_id)
        row = Dispute.objects.select_for_update().filter(reference=news.id).first()
        if row is None:
            facts = {"amount": news.amount, "reason": news.reason[:60], "opened_at": at, "state_since": at}
            row = Dispute.objects.create(payment=payment, reference=news.id, **facts)
            audit.note("dispute.open", row, by=SYSTEM, at=at, after=audit.values(row, "payment_id", "amount", "reason"))
            dispute_opened(row, by=SYSTEM, at=at)
        if row.state == DisputeState.OPEN and news.status in WON:
            DISPUTE.move(row, "win", by=SYSTEM, at=at)
        if row.state == DisputeState.OPEN and news.status == "lost":
            DISPUTE.move(row, "lose", by=SYSTEM, at=at)
            if amount := min(news.amount, _left(payment)):
                why = _("The payer's bank took it back")
                refund = send_back(payment, amount, why=why, reference=news.id, by=SYSTEM, at=at)
                note_state(refund, order, "succeeded", at=at)
    return f"dispute-{row.state}"


def _payment(intent: str) -> Payment | None:
    return Payment.objects.filter(method=Method.STRIPE, reference=intent).first() if intent else None


def _left(payment: Payment) -> Money:
    row = order_queries.payment_row(payment.pk)
    left: Money = row.amount - row.refunded_amount
    return max(ZERO, left)
