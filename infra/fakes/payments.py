"""Stripe, as far as Nuoxing uses it: Checkout Sessions, PaymentIntents, Refunds, Events; errors and keys alike."""

import hashlib
import json
import secrets
import time
from typing import Any

from infra.fakes.deliveries import Deliveries
from infra.fakes.http import Handler, HttpError, Request, Response, Routes
from infra.fakes.store import Store

API_VERSION = "2026-10-28.endive"
METHODS = ("card", "alipay", "wechat_pay")
LATE = ("alipay", "wechat_pay")
SESSION_LIFE = 24 * 3600

Thing = dict[str, Any]


def refusal(
    message: str, *, param: str = "", code: str = "", status: int = 400, kind: str = "invalid_request_error"
) -> HttpError:
    body: Thing = {"type": kind, "message": message}
    body |= {name: value for name, value in (("param", param), ("code", code)) if value}
    return HttpError(status, {"error": body})


def new_key(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def integer(value: Any, param: str, *, least: int = 1) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise refusal(f"Invalid integer: {value}", param=param) from None
    if number < least:
        raise refusal(
            f"This value must be greater than or equal to {least}.", param=param, code="parameter_invalid_integer"
        )
    return number


class Payments:
    """The stand-in for api.stripe.com and its hosted payment page."""

    def __init__(self, store: Store, deliveries: Deliveries) -> None:
        """Work on this store, and tell what happens through these deliveries."""
        self.store, self.deliveries = store, deliveries

    def routes(self, routes: Routes) -> None:
        """Add the paths of Stripe's API."""
        for method, path, handler in (
            ("POST", "/v1/checkout/sessions", self.create_session),
            ("GET", "/v1/checkout/sessions/<key>", self.retrieve_session),
            ("POST", "/v1/checkout/sessions/<key>/expire", self.expire_session),
            ("GET", "/v1/payment_intents/<key>", self.retrieve_intent),
        ):
            routes.add(method, path, self.idempotent(handler))

    def idempotent(self, handler: Handler) -> Handler:
        """Ask for a secret key, and give the same answer again to a POST that brings a known Idempotency-Key."""

        async def wrapped(request: Request, **kwargs: str) -> Response:
            if not request.headers.get("authorization", "").removeprefix("Bearer ").startswith("sk_"):
                raise refusal("You did not provide an API key.", status=401)
            key = request.headers.get("idempotency-key", "") if request.method == "POST" else ""
            digest = hashlib.sha256(f"{request.path} ".encode() + request.body).hexdigest()
            if key and (saved := self.store.saved_answer(key)) is not None:
                if saved[0] != digest:
                    message = (
                        "Keys for idempotent requests can only be used with the parameters they were first used with."
                    )
                    raise refusal(message, kind="idempotency_error")
                return Response.json(saved[2], saved[1], **{"Idempotent-Replayed": "true"})
            with self.store.transaction():
                answer = await handler(request, **kwargs)
                if key:
                    self.store.remember(key, digest, answer.status, json.loads(answer.body))
            return answer

        return wrapped

    def get_object(self, kind: str, key: str) -> Thing:
        thing = self.store.get(kind, key)
        if thing is None:
            raise refusal(f"No such {kind}: '{key}'", param="id", code="resource_missing", status=404)
        return thing

    # --- Checkout ------------------------------------------------------------------------------------

    async def create_session(self, request: Request) -> Response:
        """Open a session for one payment; refuses what Stripe refuses."""
        form = request.form()
        if form.get("mode") != "payment":
            raise refusal("Only mode=payment is supported here.", param="mode")
        methods = form.get("payment_method_types") or ["card"]
        for name in methods:
            if name not in METHODS:
                raise refusal(f"Invalid payment_method_types: {name}", param="payment_method_types")
        options = form.get("payment_method_options") or {}
        if "wechat_pay" in methods and options.get("wechat_pay", {}).get("client") != "web":
            message = "You must provide payment_method_options[wechat_pay][client] as web."
            raise refusal(message, param="payment_method_options[wechat_pay][client]")
        amount, currency, names = self._amount(form)
        key, now = new_key("cs_test"), int(time.time())
        session = {
            "id": key,
            "object": "checkout.session",
            "amount_subtotal": amount,
            "amount_total": amount,
            "cancel_url": form.get("cancel_url"),
            "client_reference_id": form.get("client_reference_id"),
            "created": now,
            "currency": currency,
            "expires_at": int(form.get("expires_at") or now + SESSION_LIFE),
            "livemode": False,
            "locale": form.get("locale"),
            "metadata": form.get("metadata") or {},
            "mode": "payment",
            "payment_intent": None,
            "payment_method_types": methods,
            "payment_status": "unpaid",
            "status": "open",
            "success_url": form.get("success_url"),
            "url": f"{request.base}/pay/{key}",
        }
        self.store.put("checkout.session", key, session)
        self.store.put("names", key, {"names": names})
        return Response.json(session)

    @staticmethod
    def _amount(form: Thing) -> tuple[int, str, list[str]]:
        items = form.get("line_items")
        if not isinstance(items, list) or not items:
            raise refusal("You must pass line_items.", param="line_items")
        total, currencies, names = 0, set(), []
        for place, item in enumerate(items):
            price = item.get("price_data") or {}
            where = f"line_items[{place}][price_data]"
            if not price.get("currency") or not price.get("product_data", {}).get("name"):
                raise refusal("price_data needs currency and product_data[name].", param=where)
            amount = integer(price.get("unit_amount"), f"{where}[unit_amount]")
            total += amount * integer(item.get("quantity", 1), f"line_items[{place}][quantity]")
            currencies.add(price["currency"].lower())
            names.append(price["product_data"]["name"])
        if len(currencies) != 1:
            raise refusal("All prices must use the same currency.", param="line_items")
        if total > 99_999_999:
            raise refusal("The amount is too large.", code="amount_too_large", param="line_items")
        return total, currencies.pop(), names

    async def retrieve_session(self, request: Request, key: str) -> Response:
        """Return a session as it stands."""
        return Response.json(self._expire_if_due(self.get_object("checkout.session", key)))

    def _expire_if_due(self, session: Thing) -> Thing:
        if session["status"] == "open" and session["expires_at"] <= time.time():
            self._end(session)
        return session

    def _end(self, session: Thing) -> None:
        session |= {"status": "expired", "url": None}
        self.store.put("checkout.session", session["id"], session)
        self.emit("checkout.session.expired", session)

    async def expire_session(self, request: Request, key: str) -> Response:
        """End an open session; refuses one that is complete or over."""
        session = self._expire_if_due(self.get_object("checkout.session", key))
        if session["status"] != "open":
            raise refusal(f"This Session cannot be expired because it is {session['status']}.", param="session")
        self._end(session)
        return Response.json(session)

    # --- paying ----------------------------------------------------------------------------------------

    def pay(self, key: str, method: str, *, outcome: str = "succeed") -> Thing:
        """Let the customer pay (or try to): a card at once, Alipay and WeChat Pay a little later."""
        with self.store.transaction():
            session = self._expire_if_due(self.get_object("checkout.session", key))
            if session["status"] != "open":
                raise refusal(f"This session is {session['status']}.", code="session_not_open", status=409)
            if method not in session["payment_method_types"]:
                raise refusal(f"This session does not take {method}.", param="method")
            if outcome != "succeed" and method not in LATE:
                raise refusal("Your card was declined.", code="card_declined", status=402, kind="card_error")
            session["payment_intent"] = self._intent(session, method)
            session |= {"status": "complete", "url": None}
            if method in LATE:
                self.store.put("checkout.session", key, session)
                self.store.put(
                    "late",
                    key,
                    {"id": key, "due": time.time() + self.store.flags()["async_seconds"], "outcome": outcome},
                )
                self.emit("checkout.session.completed", session)
            else:
                self._paid(session, "checkout.session.completed")
        return session

    def _intent(self, session: Thing, method: str) -> str:
        key = new_key("pi_test")
        intent = {
            "id": key,
            "object": "payment_intent",
            "amount": session["amount_total"],
            "amount_received": 0,
            "created": int(time.time()),
            "currency": session["currency"],
            "livemode": False,
            "metadata": session["metadata"],
            "payment_method_types": [method],
            "status": "processing",
        }
        self.store.put("payment_intent", key, intent)
        return key

    def _paid(self, session: Thing, event: str) -> None:
        intent = self.get_object("payment_intent", session["payment_intent"])
        intent |= {"status": "succeeded", "amount_received": intent["amount"]}
        session["payment_status"] = "paid"
        self.store.put("payment_intent", intent["id"], intent)
        self.store.put("checkout.session", session["id"], session)
        self.emit("payment_intent.succeeded", intent)
        self.emit(event, session)

    def finish_late(self) -> None:
        """Let the asynchronous payments whose time has come succeed or fail."""
        for late in self.store.newest("late"):
            if late.get("done") or late["due"] > time.time():
                continue
            with self.store.transaction():
                self.store.put("late", late["id"], late | {"done": True})
                session = self.get_object("checkout.session", late["id"])
                if late["outcome"] == "succeed":
                    self._paid(session, "checkout.session.async_payment_succeeded")
                else:
                    intent = self.get_object("payment_intent", session["payment_intent"])
                    self.store.put("payment_intent", intent["id"], intent | {"status": "requires_payment_method"})
                    self.emit("checkout.session.async_payment_failed", session)

    async def retrieve_intent(self, request: Request, key: str) -> Response:
        """Return a payment as it stands."""
        return Response.json(self.get_object("payment_intent", key))

    # --- events ----------------------------------------------------------------------------------------

    def emit(self, kind: str, thing: Thing) -> None:
        """Make an event of what happened and queue its delivery."""
        event = {
            "id": new_key("evt_test"),
            "object": "event",
            "api_version": API_VERSION,
            "created": int(time.time()),
            "data": {"object": dict(thing)},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        self.deliveries.queue_event(event)

    # --- the customer's side: see infra.fakes.pages ------------------------------------------------------

    def success_address(self, session: Thing) -> str:
        """Return where the customer goes after paying."""
        return str(session["success_url"] or "/").replace("{CHECKOUT_SESSION_ID}", session["id"])

    def names(self, key: str) -> list[str]:
        """Return what a session is for."""
        record = self.store.get("names", key)
        return list(record["names"]) if record else []

    def session(self, key: str) -> Thing:
        """Return a session as it stands; refuses (404) an unknown one."""
        return self._expire_if_due(self.get_object("checkout.session", key))
