"""Protocol of the outside systems: one for all, ours until the official ones are known (docs/exchange.md).

POST <base>/<path>/ {"request_id", …} -> 2xx: received; 400, 409, 422: refused with words. GET <base>/<path>/<key>/ ->
200: the answer; 202 or 404: none yet ({"known": false}: unknown there). GET <base>/<path>/?since=… -> {"items": […]}.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings

from kernel import clock
from kernel.web.http import trust

from .methods import signatures, stand_in
from .models.messages import Message
from .states import MINISTRY

if TYPE_CHECKING:
    import httpx

SECONDS, CONNECT_SECONDS = 8.0, 3.0
REFUSAL_STATUSES = (400, 409, 410, 422)


class NotConnected(Exception):
    """No address of this system is set up here."""


class Unreachable(Exception):
    """It certainly has not received the message: no connection was made, or it said so."""


class Unsure(Exception):
    """It may or may not have received the message: the connection broke, or the answer is no answer."""


class Rejected(Exception):
    """It read the message and refuses it; the reason is its own."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side says about a message."""

    state: Literal["unknown", "waiting", "decided"]
    body: Mapping[str, Any]


def stands_in(system: str) -> bool:
    """Say whether this platform itself answers for a system, because somebody switched that on for trying out."""
    return bool(settings.NUOXING_STAND_IN_MINISTRY) and system == MINISTRY


def connected(system: str) -> bool:
    """Say whether messages to a system are answered: by itself, or by a stand-in."""
    return stands_in(system) or bool(address(system))


def address(system: str) -> str:
    """Return where a system is found, "" where none is connected here."""
    url: str = settings.NUOXING_SYSTEMS.get(system, "")
    if url:
        return url.rstrip("/")
    if stands_in(system):
        return ""
    return f"{settings.NUOXING_FAKES_URL}/{system}" if settings.NUOXING_FAKES_URL else ""


def secret(system: str) -> str:
    """Return what signs the messages between this platform and a system."""
    configured: str = settings.NUOXING_SYSTEM_SECRETS.get(system, "")
    if configured or settings.NUOXING_SYSTEMS.get(system):
        return configured
    return f"stand-in:{system}:{settings.SECRET_KEY}" if settings.NUOXING_FAKES_URL else ""


def deliver(system: str, path: str, key: str, body: Mapping[str, Any], *, at: datetime) -> Mapping[str, Any]:
    """Send a message and return the receipt; harmless to repeat, the key keeps it apart.

    Raises NotConnected, Unreachable, Unsure, or Rejected with the other side's reason.
    """
    if stands_in(system):
        return stand_in.RECEIVED
    raw = signatures.canonical({"request_id": key, **body}).encode()
    response = _call(system, "POST", f"/{path}/", content=raw, at=at)
    if response.status_code in REFUSAL_STATUSES:
        raise Rejected(_refusal_detail(response))
    if response.status_code in (429, 503):
        raise Unreachable(f"HTTP {response.status_code}")
    if not response.is_success:
        raise Unsure(f"HTTP {response.status_code}")
    return _read(response)


def ask(system: str, path: str, key: str, *, at: datetime) -> Reply:
    """Ask what has become of a message. Raises NotConnected, Unreachable, Unsure or Rejected."""
    if stands_in(system):
        payload = Message.objects.filter(system=system, key=key).values_list("payload", flat=True).first()
        return Reply("decided", stand_in.answer(path, key, payload, at=at)) if payload else Reply("unknown", {})
    response = _call(system, "GET", f"/{path}/{key}/", at=at)
    if response.status_code in (202, 404):
        try:
            data = response.json()
        except ValueError:
            data = {}
        unknown = isinstance(data, dict) and data.get("known") is False
        return Reply("unknown" if unknown else "waiting", {})
    if response.status_code in REFUSAL_STATUSES:
        raise Rejected(_refusal_detail(response))
    if not response.is_success:
        raise Unsure(f"HTTP {response.status_code}")
    return Reply("decided", _read(response))


def listing(system: str, path: str, *, since: datetime, at: datetime) -> list[Mapping[str, Any]]:
    """Return what the other side has received since a moment: [{"request_id", "answer"}]. Raises as `ask` does."""
    response = _call(system, "GET", f"/{path}/", params={"since": since.isoformat()}, at=at)
    if not response.is_success:
        raise Unsure(f"HTTP {response.status_code}")
    items = _read(response).get("items")
    if not isinstance(items, list) or not all(isinstance(i, dict) and "request_id" in i for i in items):
        raise Unsure("not a list")
    return items


def _call(system: str, method: str, path: str, *, at: datetime, **rest: Any) -> "httpx.Response":
    import httpx  # 7 MB: only a process that calls out has it

    base = address(system)
    if not base:
        raise NotConnected
    signed = signatures.sign(secret(system), rest.get("content", b""), clock.real_now())
    headers = {"Content-Type": "application/json; charset=utf-8", "Nuoxing-Signature": signed}
    if settings.NUOXING_DEMO_CLOCK:
        # A demonstration's requests carry their own time, and the stand-ins answer with that day.
        headers["Nuoxing-Now"] = at.isoformat()
    try:
        limit = httpx.Timeout(SECONDS, connect=CONNECT_SECONDS)
        with httpx.Client(timeout=limit, trust_env=False, verify=trust()) as client:
            return client.request(method, base + path, headers=headers, **rest)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as fault:
        raise Unreachable(type(fault).__name__) from None
    except httpx.HTTPError as fault:
        raise Unsure(type(fault).__name__) from None


def _read(response: "httpx.Response") -> Mapping[str, Any]:
    try:
        data = response.json() if response.content else {}
    except ValueError:
        raise Unsure("an answer that cannot be read") from None
    if not isinstance(data, dict):
        raise Unsure("an answer that cannot be read")
    return data


def _refusal_detail(response: "httpx.Response") -> str:
    """Return the reason in an answer that refuses: its "detail" or "reason", else its text."""
    try:
        data = response.json()
    except ValueError:
        data = None
    if isinstance(data, dict):
        return str(data.get("detail") or data.get("reason") or data)[:300]
    return response.text[:300] or f"HTTP {response.status_code}"
