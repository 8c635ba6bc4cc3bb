"""Deliveries that the stand-ins make by themselves: Stripe's signed events, the ministry's call-backs, with retries."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import httpx

from infra.fakes.store import Store

TRIES = 30
TICK = 0.1
REORDER_SECONDS = 1.5


def signature(secret: str, body: bytes, moment: int) -> str:
    """Return Stripe's header for a body: t=…,v1=HMAC-SHA256 over "t.body"."""
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={signed}"


class Deliveries:
    """Takes from the store's queue what is due, in order, and tries again ever later what was not taken."""

    def __init__(self, store: Store, *, webhook: str, secret: str) -> None:
        """Keep where Stripe's events go and what signs them."""
        self._store, self._webhook, self._secret = store, webhook, secret
        self.signing: Callable[[str, bytes], str] = lambda system, body: ""

    def queue_event(self, event: dict[str, Any]) -> None:
        """Keep an event of Stripe and queue it, as often and as late as the flags say."""
        flags = self._store.flags()
        self._store.put("event", event["id"], event)
        delayed = flags["webhook_reorders"] and self._store.next("reorder") % 2
        due = time.time() + (REORDER_SECONDS if delayed else 0)
        for _copy in range(1 + int(flags["webhook_repeats"])):
            self._store.queue(f"event:{event['id']}", due)

    def queue_callback(self, key: str, url: str, body: dict[str, Any], after: float) -> None:
        """Keep a call-back of the ministry and queue it for `after` seconds from now."""
        self._store.put("callback", key, {"url": url, "body": body})
        for _copy in range(1 + int(self._store.flags()["ministry_repeats"])):
            self._store.queue(f"callback:{key}", time.time() + after)

    def queue_signed(self, key: str, url: str, body: dict[str, Any], system: str, after: float) -> None:
        """Keep a message of an outside system to the platform and queue it for `after` seconds from now."""
        self._store.put("callback", key, {"url": url, "body": body, "system": system})
        self._store.queue(f"callback:{key}", time.time() + after)

    async def run(self) -> None:
        """Deliver for ever."""
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            while True:
                await self.once(client)
                await asyncio.sleep(TICK)

    async def once(self, client: httpx.AsyncClient) -> None:
        """Deliver what is due."""
        for n, what, attempts in self._store.due(time.time()):
            result = await self._deliver(client, what)
            if result.startswith("2"):
                self._store.delivered(n, result)
            else:
                later = None if attempts + 1 >= TRIES else time.time() + min(60.0, 0.5 * 2**attempts)
                self._store.failed(n, result, later)

    async def _deliver(self, client: httpx.AsyncClient, what: str) -> str:
        kind, _colon, key = what.partition(":")
        thing = self._store.get(kind, key)
        if thing is None:
            return "204 gone"
        url = self._webhook if kind == "event" else thing["url"]
        body = json.dumps(thing if kind == "event" else thing["body"], ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if kind == "event":
            headers["Stripe-Signature"] = signature(self._secret, body, int(time.time()))
        elif system := thing.get("system"):
            headers["Nuoxing-Signature"] = self.signing(system, body)
        if not url:
            return "204 nobody listens"
        try:
            response = await client.post(url, content=body, headers=headers)
        except httpx.HTTPError as fault:
            return f"no answer: {type(fault).__name__}"
        return f"{response.status_code} {response.text[:200]}"
