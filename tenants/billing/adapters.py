"""Stripe behind one interface: open, read and end a payment page; pay back; read a signed event.

Stripe learns an amount, an opaque reference and a line of text without anybody's name; the method list is a setting.
"""

from dataclasses import dataclass
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
SIGNED_WITHIN = 300  # seconds of real time, Stripe's own recommendation


class NoOnlinePayment(Refusal):
    """This installation takes no online payments."""

    code = "no-online-payment"
    message = _("Online payment is not set up here. Please pay at the counter.")


class StripeDown(Refusal):
    """Stripe does not answer, or refuses what we ask."""

    code = "payment-service-down"
    status = 503
    message = _(
        "The payment service does not answer now. Nothing was charged; please try again, or pay at the counter."
    )


class BadSignature(Invalid):
    """The message is not signed with our secret, or is old."""

    code = "bad-signature"
    status = 400
    message = _("The signature of this message is not right.")


@dataclass(frozen=True, slots=True)
class Session:
    """A payment page as Stripe knows it."""

    id: str
    reference: str
    status: str  # "open", "complete", "expired"
    paid: bool
    amount: Money
    intent: str
    url: str


@dataclass(frozen=True, slots=True)
class Event:
    """A verified event: what happened to what."""

    id: str
    type: str
    reference: str
    session: Session | None


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


def _session(raw: Any) -> Session:
    intent = raw.get("payment_intent") or ""
    return Session(
        id=raw["id"],
        reference=(raw.get("metadata") or {}).get("reference", ""),
        status=raw.get("status") or "",
        paid=raw.get("payment_status") == "paid",
        amount=Money(int(raw.get("amount_total") or 0)),
        intent=intent if isinstance(intent, str) else intent["id"],
        url=raw.get("url") or "",
    )


def open_session(
    *, key: str, reference: str, amount: Money, title: str, success_url: str, cancel_url: str, locale: str
) -> Session:
    """Return a new payment page; under the same `key` always the same one. Refuses (StripeDown)."""
    import stripe  # 26 MB: a process that takes no payment goes without

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
        return _session(client().v1.checkout.sessions.create(params, {"idempotency_key": key}).to_dict())
    except stripe.StripeError as fault:
        raise StripeDown from fault


def read_session(session_id: str) -> Session:
    """Return a payment page as Stripe knows it now; refuses (StripeDown)."""
    import stripe  # 26 MB: a process that takes no payment goes without

    try:
        return _session(client().v1.checkout.sessions.retrieve(session_id).to_dict())
    except stripe.StripeError as fault:
        raise StripeDown from fault


def expire_session(session_id: str) -> None:
    """End a payment page; one that is complete or over already stays as it is. Refuses (StripeDown)."""
    import stripe  # 26 MB: a process that takes no payment goes without

    try:
        client().v1.checkout.sessions.expire(session_id)
    except stripe.InvalidRequestError:
        return
    except stripe.StripeError as fault:
        raise StripeDown from fault


def refund(*, key: str, intent: str, amount: Money) -> tuple[str, str]:
    """Pay back part of a payment and return (Stripe's number, its state); under the same `key` once only.

    Raises outside.Fault where Stripe does not answer (the outbox tries again); returns ("", "failed") where it
    refuses for good.
    """
    import stripe  # 26 MB: a process that takes no payment goes without

    params: Any = {"payment_intent": intent, "amount": amount.fen}
    with outside.call("stripe", faults=stripe.StripeError):
        try:
            answer = client().v1.refunds.create(params, {"idempotency_key": key})
        except stripe.InvalidRequestError:
            return "", "failed"
    return answer.id, answer.status or "pending"


def read_refund(refund_id: str) -> str:
    """Return the state of a refund as Stripe knows it now; refuses (StripeDown)."""
    import stripe  # 26 MB: a process that takes no payment goes without

    try:
        return client().v1.refunds.retrieve(refund_id).status or "pending"
    except stripe.StripeError as fault:
        raise StripeDown from fault


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
    session = _session(thing) if thing.get("object") == "checkout.session" else None
    reference = (thing.get("metadata") or {}).get("reference", "")
    return Event(raw["id"], raw["type"], reference, session)
