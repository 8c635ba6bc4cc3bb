"""Responses in JSON, refusals as problems, and the reading of a request's head and body."""

import json
from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.web.sizes import limit_of

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

LARGEST_BODY = limit_of("/live/attempts/")

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_JSON = (b"content-type", b"application/json")
_PROBLEM = (b"content-type", b"application/problem+json")
_PLAIN = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]


class BadBody(Refusal):
    """The body is not what the protocol says."""

    code = "bad-request"
    status = 400
    message = _("The request could not be read: %(why)s.")


class BodyTooLarge(Refusal):
    """The body is too large."""

    code = "too-large"
    status = 413
    message = _("The request is too large.")


class TokenRefused(Refusal):
    """There is no valid token."""

    code = "attempt-token-refused"
    status = 401
    message = _("This page has expired. Please open your test again.")


class OtherOrigin(Refusal):
    """The request comes from a page of another host."""

    code = "other-origin"
    status = 403
    message = _("This request does not come from this site.")


class AddressNotFound(Refusal):
    """There is nothing at this address."""

    code = "address-not-found"
    status = 404
    message = _("There is nothing at this address.")


class MethodNotAllowed(Refusal):
    """The address does not know this method."""

    code = "method-not-allowed"
    status = 405
    message = _("This address does not know this method.")


class TooManyRequests(Refusal):
    """One page asks too much at once."""

    code = "too-many"
    status = 429
    message = _("Too many requests at once. They are sent again in a moment.")


class ServiceUnavailable(Refusal):
    """The server cannot save now."""

    code = "unavailable"
    status = 503
    message = _("The server cannot save at this moment. Your work is kept on this computer and sent again.")


class AttemptOnHold(Refusal):
    """The attempt stands still."""

    code = "on-hold"
    status = 425
    message = _("The test is on hold. Your answers are kept on this computer.")


def header(scope: Scope, name: bytes) -> str:
    """Return a request header, "" where there is none."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


@lru_cache(maxsize=5000)
def host_without_port(host: str) -> str:
    """Return the host that was asked for, without its port, lower-case."""
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() else host.lower()


@lru_cache(maxsize=5000)
def same_origin(origin: str, host: str) -> bool:
    """Say whether the request comes from a page of this very host, or from no page (browsers always tell)."""
    return not origin or origin.lower() == f"{settings.NUOXING_SCHEME}://{host.lower()}"


def language_of(scope: Scope) -> str:
    """Return the language for words: the page's cookie, else what the browser asks for, else Chinese."""
    for part in header(scope, b"cookie").split(";"):
        name, _equals, value = part.strip().partition("=")
        if name == settings.LANGUAGE_COOKIE_NAME:
            return "en" if value.startswith("en") else settings.LANGUAGE_CODE
    return "en" if header(scope, b"accept-language").lower().startswith("en") else settings.LANGUAGE_CODE


async def body_of(scope: Scope, receive: Receive) -> bytes | None:
    """Return the whole body, None when the caller has gone; refuses (BodyTooLarge) one over the limit, before it is
    read where its head says how long it is.
    """
    length = header(scope, b"content-length")
    if length.isdecimal() and int(length[:20]) > LARGEST_BODY:
        raise BodyTooLarge
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            raise BodyTooLarge
        parts.append(part)
        if not message.get("more_body"):
            return parts[0] if len(parts) == 1 else b"".join(parts)


async def send_json(send: Send, body: dict[str, Any], *, status: int = 200) -> None:
    """Answer in JSON."""
    await _send(send, status, body, _JSON)


async def send_problem(send: Send, refusal: Refusal, language: str) -> None:
    """Answer with a problem (RFC 9457), in words for people and with a code for machines."""
    with translation.override(language):
        body = {
            "type": f"urn:nuoxing:problem:{refusal.code}",
            "code": refusal.code,
            "title": str(refusal.title),
            "status": refusal.status,
            "detail": str(refusal),
        }
    later = [(b"retry-after", b"1")] if refusal.status in (425, 429, 503) else []
    await _send(send, refusal.status, body, _PROBLEM, later)


async def _send(
    send: Send, status: int, body: dict[str, Any], kind: tuple[bytes, bytes], more: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    raw = _encode(body).encode()
    headers = [kind, (b"content-length", str(len(raw)).encode()), *_PLAIN, *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": raw})
