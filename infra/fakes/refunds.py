"""Stripe's other half: refunds of payments, and the list of events."""

import time

from infra.fakes.http import Request, Response, Routes
from infra.fakes.payments import Payments, Thing, integer, new_key, refusal


class Refunds:
    """Refunds and events of the stand-in for Stripe."""

    def __init__(self, payments: Payments) -> None:
        """Refund what was paid there."""
        self.payments, self.store = payments, payments.store

    def routes(self, routes: Routes) -> None:
        """Add the paths."""
        for method, path, handler in (
            ("POST", "/v1/refunds", self.create_refund),
            ("GET", "/v1/refunds/<key>", self.retrieve_refund),
            ("GET", "/v1/events", self.list_events),
        ):
            routes.add(method, path, self.payments.idempotent(handler))

    async def create_refund(self, request: Request) -> Response:
        """Pay back part or all of a payment; refuses more than is left of it."""
        form = request.form()
        intent = self.payments.get_object("payment_intent", str(form.get("payment_intent", "")))
        if intent["status"] != "succeeded":
            raise refusal("This PaymentIntent does not have a successful charge to refund.", param="payment_intent")
        before = sum(r["amount"] for r in self._standing(intent["id"]))
        amount = integer(form.get("amount", intent["amount"] - before), "amount")
        if before + amount > intent["amount"]:
            message = (
                f"Refund amount ({amount}) is greater than unrefunded amount on charge ({intent['amount'] - before})"
            )
            raise refusal(message, param="amount", code="charge_already_refunded" if before >= intent["amount"] else "")
        refund = {
            "id": new_key("re_test"),
            "object": "refund",
            "amount": amount,
            "created": int(time.time()),
            "currency": intent["currency"],
            "metadata": form.get("metadata") or {},
            "payment_intent": intent["id"],
            "reason": form.get("reason"),
            "status": "succeeded",
        }
        self.store.put("refund", refund["id"], refund)
        self.payments.emit("refund.created", refund)
        return Response.json(refund)

    def _standing(self, intent: str) -> list[Thing]:
        refunds = self.store.newest("refund", 1000)
        return [r for r in refunds if r["payment_intent"] == intent and r["status"] not in ("failed", "canceled")]

    def fail(self, key: str) -> Thing:
        """Let a refund come back from the bank, after it had succeeded."""
        refund = self.payments.get_object("refund", key) | {"status": "failed"}
        self.store.put("refund", key, refund)
        self.payments.emit("refund.failed", refund)
        return refund

    def dispute(self, intent: str, amount: int) -> Thing:
        """Let a payer ask their bank for the money of a payment."""
        dispute = {
            "id": new_key("dp_test"),
            "object": "dispute",
            "amount": amount,
            "created": int(time.time()),
            "currency": "cny",
            "metadata": {},
            "payment_intent": intent,
            "reason": "fraudulent",
            "status": "needs_response",
        }
        self.store.put("dispute", str(dispute["id"]), dispute)
        self.payments.emit("charge.dispute.created", dispute)
        return dispute

    def decide(self, key: str, status: str) -> None:
        """Let the bank decide a dispute: won or lost."""
        dispute = self.payments.get_object("dispute", key) | {"status": status}
        self.store.put("dispute", key, dispute)
        self.payments.emit("charge.dispute.closed", dispute)

    async def retrieve_refund(self, request: Request, key: str) -> Response:
        """Return a refund."""
        return Response.json(self.payments.get_object("refund", key))

    async def list_events(self, request: Request) -> Response:
        """Return the newest events, of one type if that is asked for."""
        query = dict(request.query)
        limit = min(100, integer(query.get("limit", 10), "limit"))
        matching = [e for e in self.store.newest("event", 1000) if query.get("type") in (None, e["type"])]
        body = {"object": "list", "url": "/v1/events", "has_more": len(matching) > limit, "data": matching[:limit]}
        return Response.json(body)
