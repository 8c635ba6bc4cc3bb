"""Stripe behind one interface: open, read and end a payment page; pay back; read a signed event.

Stripe learns an amount, an opaque reference and a line of text without anybody's name; the method list is a setting.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel import outside
from kernel.errors import Invalid, Refusal
from kernel.money import Money

if TYPE_CHECKING:
    import stripe

CURRENCY = "cny"
FAILED_INTENTS = ("requires_payment_method", "canceled")
SIGNED_WITHIN = 300  # seconds of real time, Stripe's own recommendation


class NoOnlinePayment(Refusal):
    """This installation takes no online payments."""

    code = "no-online-payment"
    message = _("Online payment is not set up here. Please pay at the counter.")


class StripeDown(outside.Unanswered):
    """Stripe does not answer, or refuses what we ask."""

    code = "payment-service-down"
    system = "stripe"
    message = _(
        "The payment service does not answer now. Nothing was charged; please try again, or pay at the counter."
    )


class BadSignature(Invalid):
    """The message is not signed with our secret, or is old."""

    code = "bad-signature"
    status = 400
    message = _("The signature of this message is not right.")


class UnknownThere(Exception):
    """Stripe answers that it does not have what is asked for, or that this cannot be done with it."""


@dataclass(frozen=True, slots=True)
class Session:
    """A payment page as Stripe knows it; `failed` where it was completed and its payment came to nothing."""

    id: str
    reference: str
    status: str  # "open", "complete", "expired"
    paid: bool
    amount: Money
    intent: str
    url: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Intent:
    """A payment as Stripe knows it: our reference, and whether it came to nothing."""

    reference: str
    failed: bool


@dataclass(frozen=True, slots=True)
class RefundNews:
    """A refund as an event tells of it, whoever began it."""

    id: str
    intent: str
    amount: Money
    status: str


@dataclass(frozen=True, slots=True)
class DisputeNews:
    """A dispute as an event tells of it: a payer asks their bank for the money."""

    id: str
    intent: str
    amount: Money
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Event:
    """A verified event: what happened to what."""

    id: str
    type: str
    reference: str
    session: Session | None = None
    refund: RefundNews | None = None
    dispute: DisputeNews | None = None


@cache
def _client(key: str, base: str) -> "stripe.StripeClient":
    import stripe  # 26 MB: a process that takes no payment goes without

    bases: Any = {"api": base} if base else {}
    return stripe.StripeClient(key, base_addresses=bases, max_network_retries=2)


def client() -> "stripe.StripeClient":
    """Return the client; refuses (NoOnlinePayment) where no key is set."""
    if not settings.STRIPE_SECRET_KEY:
        raise NoOnlinePayment
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


def available() -> bool:
    """Say whether online payment is set up here."""
    return bool(settings.STRIPE_SECRET_KEY)


@contextmanager
def _asking() -> Iterator[None]:
    """Ask Stripe; raises UnknownThere for a no to what is asked, refuses (StripeDown) anything else but an answer."""
    import stripe  # 26 MB: a process that takes no payment goes without

    try:
        yield
    except stripe.InvalidRequestError as fault:
        raise UnknownThere(str(fault.user_message or fault)) from fault
    except stripe.StripeError as fault:
        raise StripeDown from fault


def _key(raw: Any) -> str:
    return raw["id"] if isinstance(raw, dict) else str(raw or "")


def _session(raw: Any) -> Session:
    return Session(
        id=raw["id"],
        reference=(raw.get("metadata") or {}).get("reference", ""),
        status=raw.get("status") or "",
        paid=raw.get("payment_status") == "paid",
        amount=Money(int(raw.get("amount_total") or 0)),
        intent=_key(raw.get("payment_intent")),
        url=raw.get("url") or "",
    )


def open_session(
    *, key: str, reference: str, amount: Money, title: str, success_url: str, cancel_url: str, locale: str
) -> Session:
    """Return a new payment page; under the same `key` always the same one. Refuses (StripeDown)."""
    params: Any = {
        "mode": "payment",
        "payment_method_types": settings.STRIPE_PAYMENT_METHODS,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {"currency": CURRENCY, "unit_amount": amount.fen, "product_data": {"name": title}},
            }
        ],
        "success_url": success_url,
        "cancel_url": cancel_url,
        "client_reference_id": reference,
        "metadata": {"reference": reference},
        "payment_intent_data": {"metadata": {"reference": reference}},
        "locale": locale,
    }
    if "wechat_pay" in settings.STRIPE_PAYMENT_METHODS:
        params["payment_method_options"] = {"wechat_pay": {"client": "web"}}
    try:
        with _asking():
            return _session(client().v1.checkout.sessions.create(params, {"idempotency_key": key}).to_dict())
    except UnknownThere as fault:
        raise StripeDown from fault


def read_session(session_id: str) -> Session:
    """Return a payment page as Stripe knows it now, and of a completed one whether its payment failed.

    Raises UnknownThere; refuses (StripeDown).
    """
    with _asking():
        session = _session(client().v1.checkout.sessions.retrieve(session_id).to_dict())
    if session.status == "complete" and not session.paid and session.intent:
        return replace(session, failed=read_intent(session.intent).failed)
    return session


def read_intent(intent: str) -> Intent:
    """Return a payment as Stripe knows it now; raises UnknownThere; refuses (StripeDown)."""
    with _asking():
        raw: Any = client().v1.payment_intents.retrieve(intent).to_dict()
    return Intent((raw.get("metadata") or {}).get("reference", ""), raw.get("status") in FAILED_INTENTS)


def expire_session(session_id: str) -> bool:
    """End a payment page and return whether it is ended; one that is complete stays as it is. Refuses (StripeDown)."""
    try:
        with _asking():
            client().v1.checkout.sessions.expire(session_id)
    except UnknownThere:
        return False
    return True


def refund(*, key: str, intent: str, amount: Money) -> tuple[str, str]:
    """Pay back part of a payment and return (Stripe's number, its state); under the same `key` once only.

    Raises UnknownThere where Stripe refuses for good; refuses (StripeDown).
    """
    params: Any = {"payment_intent": intent, "amount": amount.fen}
    with _asking():
        answer = client().v1.refunds.create(params, {"idempotency_key": key})
    return answer.id, answer.status or "pending"


def read_refund(refund_id: str) -> str:
    """Return the state of a refund as Stripe knows it now; raises UnknownThere; refuses (StripeDown)."""
    with _asking():
        return client().v1.refunds.retrieve(refund_id).status or "pending"


def read_event(payload: bytes, signature: str) -> Event:
    """Return a webhook's event; refuses (BadSignature) what is not signed with our secret in the last five minutes."""
    import stripe  # 26 MB: a process that takes no payment goes without

    secret = settings.STRIPE_WEBHOOK_SECRET
    if not secret:
        raise BadSignature
    try:
        raw = stripe.Webhook.construct_event(payload, signature, secret, SIGNED_WITHIN).to_dict()
    except (ValueError, stripe.SignatureVerificationError):
        raise BadSignature from None
    thing = raw["data"]["object"]
    reference = (thing.get("metadata") or {}).get("reference", "")
    event = Event(raw["id"], raw["type"], reference)
    kind = thing.get("object")
    if kind == "checkout.session":
        return replace(event, session=_session(thing))
    if kind not in ("refund", "dispute"):
        return event
    facts = (thing["id"], _key(thing.get("payment_intent")), Money(int(thing["amount"])), thing.get("status") or "")
    if kind == "refund":
        return replace(event, refund=RefundNews(*facts))
    return replace(event, dispute=DisputeNews(*facts, thing.get("reason") or ""))
