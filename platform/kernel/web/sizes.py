"""How much a request may bring: decided by its address, before anything of it is read (settings.NUOXING_BODY_LIMITS).

What says how long it is, is refused by that; what does not (a body in chunks) is cut off at the limit.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MARK = "Nuoxing-Too-Large"
"""The header by which a server in front (nginx, the guard below) asks for the words when it has read nothing."""
_MIB = 1024 * 1024


class BodyTooLarge(Refusal):
    """What was sent is larger than its address takes; it was not read."""

    code = "body-too-large"
    status = 413
    title = _("This is too large")
    message = _("This address takes at most %(limit)s MB at once. What you sent was not read.")


def limit_of(path: str) -> int:
    """Return how many bytes a request to this path may bring."""
    for pattern, limit in settings.NUOXING_BODY_LIMITS:
        if re.fullmatch(pattern, path):
            return int(limit)
    return int(settings.NUOXING_BODY_LIMIT)


def too_large(path: str) -> BodyTooLarge:
    """Return the refusal at an address, in words that say how much it takes."""
    return BodyTooLarge(limit=f"{limit_of(path) / _MIB:g}")


def require_size(request: HttpRequest) -> None:
    """Refuse (BodyTooLarge) a request that brings more than its address takes, by what its head says."""
    if "HTTP_NUOXING_TOO_LARGE" in request.META:
        raise too_large(request.path)
    length = request.META.get("CONTENT_LENGTH")
    if length and length.isdecimal() and int(length[:20]) > limit_of(request.path):
        raise too_large(request.path)


class _Exceeded(Exception):
    """A body in chunks has come to the limit."""


def within_limits(app: App) -> App:
    """Return the ASGI application behind a guard: Django's own reads a body whole before it asks anybody.

    A body that is too large is neither read on nor kept: the application is asked for the words without it.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        limit, length = limit_of(scope["path"]), _length(scope)
        if length is None:
            try:
                await app(scope, _counted(receive, limit), send)
            except _Exceeded:
                await app(_marked(scope), _empty(), _closing(send))
        elif length > limit:
            await app(_marked(scope), _empty(), _closing(send))
        else:
            await app(scope, receive, send)

    return guarded


def _length(scope: Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value[:20]) if value.isdigit() else 0
    return None


def _marked(scope: Scope) -> Scope:
    dropped = (b"content-length", b"transfer-encoding", b"content-type")
    headers = [(name, value) for name, value in scope["headers"] if name not in dropped]
    return scope | {"headers": [*headers, (MARK.lower().encode(), b"1")]}


def _counted(receive: Receive, limit: int) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        if message["type"] == "http.request":
            size += len(message.get("body", b""))
            if size > limit:
                raise _Exceeded
        return message

    return counted


def _empty() -> Receive:
    """Return what hands over an empty body, and then waits until nobody asks any more."""
    done = False

    async def nothing() -> Message:
        nonlocal done
        if done:
            await asyncio.Event().wait()
        done = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return nothing


def _closing(send: Send) -> Send:
    """Let the server close the connection after the answer: what is still on its way belongs to nothing."""

    async def closing(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message.get("headers", ()), (b"connection", b"close")]}
        await send(message)

    return closing
