"""The stand-in for Stripe, with Stripe's own library as the client."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import stripe

from support.listening import Heard, listening

SECRET = "whsec_test_stand_in"
TRUST = httpx.create_ssl_context()
pytestmark = pytest.mark.stack


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while not (result := what()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return result


class Listener:
    """Our side of the webhook: keeps what came and answers with `status`."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, str]] = []
        self.status = 200
        self.url = ""

    def answer(self, heard: Heard) -> tuple[int, None]:
        self.got.append((heard.body, heard.headers.get("Stripe-Signature", "")))
        return self.status, None

    def events(self, reference: str) -> list[dict[str, Any]]:
        events = [json.loads(body) for body, _signature in self.got]
        return [e for e in events if e["data"]["object"]["metadata"] == {"reference": reference}]

    def types(self, reference: str) -> list[str]:
        return [event["type"] for event in self.events(reference)]


class Fakes:
    def __init__(self, state: Path, webhook: str) -> None:
        self.state, self.webhook, self.port = state, webhook, free_port()
        self.start()

    def start(self) -> None:
        call = [sys.executable, "-m", "infra.fakes", "--port", str(self.port), "--state", str(self.state)]
        call += ["--webhook", self.webhook, "--secret", SECRET]
        self.process = subprocess.Popen(call, env=os.environ | {"PYTHONWARNINGS": "default"})
        until(self.alive)

    def alive(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False, verify=TRUST).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def client(self) -> stripe.StripeClient:
        return stripe.StripeClient("sk_test_nuoxing_fake", base_addresses={"api": self.url}, max_network_retries=0)

    def flags(self, **flags: Any) -> None:
        assert httpx.post(f"{self.url}/flags/", json=flags, trust_env=False).status_code == 200

    def pay(self, key: str, **how: str) -> httpx.Response:
        return httpx.post(f"{self.url}/stripe/_pay/{key}", json=how, trust_env=False)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    made = Listener()
    with listening(made.answer) as address:
        made.url = f"{address}/stripe/webhook/"
        yield made


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[Fakes]:
    fakes = Fakes(tmp_path_factory.mktemp("fakes"), listener.url)
    yield fakes
    fakes.kill()


@pytest.fixture
def fakes(process: Fakes, listener: Listener) -> Iterator[Fakes]:
    yield process
    listener.status = 200
    process.flags(async_seconds=0, webhook_repeats=0, webhook_reorders=False)


@pytest.fixture
def reference() -> str:
    """The mark that separates the events of one test from those of another."""
    return uuid.uuid4().hex


def session_params(reference: str = "abc", *, amount: int = 88000) -> Any:
    return {
        "mode": "payment",
        "payment_method_types": ["card", "alipay", "wechat_pay"],
        "payment_method_options": {"wechat_pay": {"client": "web"}},
        "line_items": [
            {
                "quantity": 1,
                "price_data": {"currency": "cny", "unit_amount": amount, "product_data": {"name": "培训费"}},
            }
        ],
        "success_url": "http://shop.localhost/done/?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.localhost/back/",
        "metadata": {"reference": reference},
        "client_reference_id": reference,
    }


def test_a_checkout_is_opened_paid_by_card_and_told_with_a_signature_that_the_library_accepts(
    fakes: Fakes, listener: Listener, reference: str
) -> None:
    session = fakes.client.v1.checkout.sessions.create(session_params(reference))
    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 88000)
    page = httpx.get(str(session.url), trust_env=False)
    assert page.status_code == 200
    assert "¥880.00" in page.text
    assert fakes.pay(session.id).json()["return_to"] == f"http://shop.localhost/done/?s={session.id}"
    until(lambda: len(listener.types(reference)) == 2)
    assert sorted(listener.types(reference)) == ["checkout.session.completed", "payment_intent.succeeded"]
    for body, signature in listener.got:
        assert stripe.Webhook.construct_event(body, signature, SECRET).object == "event"
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body + b" ", signature, SECRET)
    paid = fakes.client.v1.checkout.sessions.retrieve(session.id)
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent = fakes.client.v1.payment_intents.retrieve(str(paid.payment_intent))
    assert (intent.status, intent.amount_received) == ("succeeded", 88000)


def test_alipay_and_wechat_succeed_or_fail_after_the_page_has_gone(
    fakes: Fakes, listener: Listener, reference: str
) -> None:
    fakes.flags(async_seconds=0.2)
    good = fakes.client.v1.checkout.sessions.create(session_params(reference))
    bad = fakes.client.v1.checkout.sessions.create(session_params(reference))
    assert fakes.pay(good.id, method="alipay").json()["session"]["payment_status"] == "unpaid"
    fakes.pay(bad.id, method="wechat_pay", outcome="fail")
    until(lambda: "checkout.session.async_payment_failed" in listener.types(reference))
    until(lambda: "checkout.session.async_payment_succeeded" in listener.types(reference))
    assert fakes.client.v1.checkout.sessions.retrieve(good.id).payment_status == "paid"
    assert fakes.client.v1.checkout.sessions.retrieve(bad.id).payment_status == "unpaid"


def test_the_same_key_opens_one_session_and_another_request_under_it_is_refused(fakes: Fakes) -> None:
    options: Any = {"idempotency_key": "order-1"}
    first = fakes.client.v1.checkout.sessions.create(session_params(), options)
    again = fakes.client.v1.checkout.sessions.create(session_params(), options)
    assert again.id == first.id
    with pytest.raises(stripe.IdempotencyError):
        fakes.client.v1.checkout.sessions.create(session_params(amount=1), options)


def test_refunds_never_exceed_the_payment(fakes: Fakes) -> None:
    session = fakes.client.v1.checkout.sessions.create(session_params())
    intent = fakes.pay(session.id).json()["session"]["payment_intent"]
    part = fakes.client.v1.refunds.create({"payment_intent": intent, "amount": 30000})
    assert (part.status, part.amount) == ("succeeded", 30000)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        fakes.client.v1.refunds.create({"payment_intent": intent, "amount": 58001})
    assert fakes.client.v1.refunds.create({"payment_intent": intent}).amount == 58000
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        fakes.client.v1.refunds.create({"payment_intent": intent, "amount": 1})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mode": "subscription"}, "mode=payment"),
        ({"payment_method_types": ["cash"]}, "payment_method_types"),
        ({"payment_method_options": {}}, "wechat_pay"),
        ({"line_items": []}, "line_items"),
    ],
)
def test_what_stripe_refuses_is_refused(fakes: Fakes, change: dict[str, Any], words: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=words):
        fakes.client.v1.checkout.sessions.create(session_params() | change)


def test_an_unknown_session_and_a_missing_key_are_refused(fakes: Fakes) -> None:
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        fakes.client.v1.checkout.sessions.retrieve("cs_test_nothing")
    assert unknown.value.code == "resource_missing"
    assert httpx.get(f"{fakes.url}/v1/events", trust_env=False).status_code == 401


def test_an_expired_session_cannot_be_paid(fakes: Fakes, listener: Listener, reference: str) -> None:
    session = fakes.client.v1.checkout.sessions.create(session_params(reference))
    assert fakes.client.v1.checkout.sessions.expire(session.id).status == "expired"
    assert fakes.pay(session.id).status_code == 409
    until(lambda: listener.types(reference) == ["checkout.session.expired"])


def test_events_are_delivered_until_taken_and_on_request_twice_and_out_of_order(
    fakes: Fakes, listener: Listener, reference: str
) -> None:
    listener.status = 500
    fakes.flags(webhook_repeats=1, webhook_reorders=True)
    session = fakes.client.v1.checkout.sessions.create(session_params(reference))
    fakes.pay(session.id)
    until(lambda: len(listener.types(reference)) >= 2)
    listener.status, listener.got = 200, []
    until(lambda: len(listener.types(reference)) >= 4)
    types = listener.types(reference)
    assert sorted(types) == ["checkout.session.completed"] * 2 + ["payment_intent.succeeded"] * 2
    assert types[0] != types[-1]
    assert len({event["id"] for event in listener.events(reference)}) == 2
    listed = fakes.client.v1.events.list({"type": "checkout.session.completed", "limit": 1})
    assert listed.data[0].id in {event["id"] for event in listener.events(reference)}


def test_a_killed_process_has_forgotten_nothing(fakes: Fakes, listener: Listener, reference: str) -> None:
    listener.status = 500
    session = fakes.client.v1.checkout.sessions.create(session_params(reference))
    fakes.pay(session.id)
    fakes.kill()
    listener.status, listener.got = 200, []
    fakes.start()
    assert fakes.client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    until(lambda: len(set(listener.types(reference))) == 2)
