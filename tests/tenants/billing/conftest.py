"""The stand-in for Stripe, on a real port, so that Stripe's own library is the client."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from infra.fakes.app import Fakes
from infra.fakes.deliveries import signature
from tenants.billing import adapters as billing_adapters

SECRET = "whsec_tests"


class Stripe:
    """What a test does on Stripe's side, and the messages that Stripe would send."""

    def __init__(self, app: Fakes, base: str) -> None:
        self.app, self.base = app, base
        self.sent: set[str] = set()

    def pay(self, session_id: str, method: str = "card", outcome: str = "succeed") -> None:
        self.app.payments.pay(session_id, method, outcome=outcome)

    def finish_late(self) -> None:
        self.app.store.set_flags({"async_seconds": 0})
        for late in self.app.store.newest("late"):
            self.app.store.put("late", late["id"], late | {"due": 0})
        self.app.payments.finish_late()

    def messages(self, kind: str = "") -> list[dict[str, Any]]:
        """The webhook calls not sent yet, oldest first, as arguments of the test client's `post`."""
        fresh = [e for e in reversed(self.app.store.newest("event", 1000)) if e["id"] not in self.sent]
        self.sent |= {event["id"] for event in fresh}
        return [self.signed(event) for event in fresh if event["type"].startswith(kind)]

    @staticmethod
    def signed(event: dict[str, Any], secret: str = SECRET, moment: int | None = None) -> dict[str, Any]:
        body = json.dumps(event).encode()
        header = signature(secret, body, int(time.time()) if moment is None else moment)
        return {"data": body, "content_type": "application/json", "headers": {"Stripe-Signature": header}}


@pytest.fixture(scope="session")
def stripe_process() -> Iterator[tuple[Fakes, str]]:
    app = Fakes(None)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen(64)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield app, f"http://127.0.0.1:{held.getsockname()[1]}"
        server.should_exit = True
        thread.join()
    app.store.close()


@pytest.fixture
def stripe(stripe_process: tuple[Fakes, str], settings: Any) -> Stripe:
    app, base = stripe_process
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_test_tests", base
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    billing_adapters._client.cache_clear()
    for late in app.store.newest("late"):  # what an earlier test left on its way never arrives in this one
        app.store.put("late", late["id"], late | {"done": True})
    found = Stripe(app, base)
    found.messages()
    return found
