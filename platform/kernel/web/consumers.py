"""WebSockets of an institution: the host names it, the Origin must be its own, and no coroutine holds a schema.

All `database_sync_to_async` calls share one thread, so a schema left open in one consumer would be seen by another:
`in_schema` opens, runs ONE synchronous function and closes.
"""

import logging
import time
from collections.abc import Callable, Coroutine
from datetime import datetime
from importlib import import_module
from typing import Any, TypeVar
from urllib.parse import urlsplit

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.module_loading import import_string

from kernel import access, clock, tenancy
from kernel.web.bodies import read_json
from kernel.web.faults import is_away

log = logging.getLogger(__name__)

R = TypeVar("R")

LARGEST_MESSAGE = 64 * 1024  # characters: a console asks to go on from a number
CLOSE_DENIED = 4403
CLOSE_UNKNOWN = 4404
CLOSE_FAULT, CLOSE_AWAY = 1011, 1013  # RFC 6455's: a fault of ours; come again later
ASK_AGAIN_SECONDS = 1.0
"""How long an answer to whether a socket may be open counts; with a subclass's poll of a second, two at most."""


def _header(scope: dict[str, Any], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def is_same_origin(scope: dict[str, Any]) -> bool:
    """Say whether the socket was opened by a page of this very host and port."""
    origin = urlsplit(_header(scope, b"origin"))
    return bool(origin.netloc) and origin.netloc.lower() == _header(scope, b"host").lower()


class InstitutionConsumer(AsyncJsonWebsocketConsumer):
    """A console's socket. Subclasses implement `is_allowed` (sync, schema open) and `on_open`, and ask
    `is_still_allowed` before whatever they send: what a socket rests on may end while it is open.
    """

    institution: Any = None
    host: str = ""
    moment: datetime | None = None  # the simulated time of this socket, in a demonstration
    actor: access.Actor = access.ANONYMOUS
    is_use: bool = False  # whether an open socket counts as use, so that its sign-in does not end as idle
    _asked_at: float = 0.0

    async def connect(self) -> None:
        """Accept, or close with a number that tells why: 4403 not allowed, 4404 nothing here, 1013 come again later."""
        await self.close_where_it_fails(self._connect())

    async def close_where_it_fails(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what a socket does; close it where that fails, while the database is away above all: an open socket that
        says nothing would look like a room where nothing happens. Its page says so then, asks and comes again.
        """
        try:
            await work
        except Exception as fault:  # whatever it was, the socket is of no use any more
            if not is_away(fault):
                log.exception("a socket failed")
            await self.close(code=CLOSE_AWAY if is_away(fault) else CLOSE_FAULT)

    async def _connect(self) -> None:
        host = (_header(self.scope, b"host").rpartition(":")[0] or _header(self.scope, b"host")).lower()
        self.host = host
        if settings.NUOXING_DEMO_CLOCK:
            self.moment = clock.parse(_header(self.scope, b"nuoxing-now"))
        if not is_same_origin(self.scope):
            await self.close(code=CLOSE_DENIED)
            return
        self.institution = await database_sync_to_async(tenancy.institution_at)(host)
        if self.institution is None:
            await self.close(code=CLOSE_UNKNOWN)
            return
        if not await self.run_in_schema(self._authenticate):
            await self.close(code=CLOSE_DENIED)
            return
        await self.accept()
        await self.on_open()

    def _authenticate(self) -> bool:
        """Say whether who opened this socket may have it now: asked of the rows, nothing is remembered."""
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(self.scope["session"].session_key)
        request.user = get_user(request)
        request.host = self.host  # type: ignore[attr-defined]  # as HostMiddleware sets it
        request.institution = self.institution  # type: ignore[attr-defined]  # as above
        request.now = clock.now()  # type: ignore[attr-defined]  # as above
        request.passive = not self.is_use  # type: ignore[attr-defined]  # read by the loader
        if request.session.get("host") not in (None, self.host):  # a session of another host opens nothing here
            request.user = AnonymousUser()
        self.actor = import_string(settings.NUOXING_ACTOR_LOADER)(request)
        self._asked_at = time.monotonic()
        return self.is_allowed(request)

    def is_still_allowed(self) -> bool:
        """Say whether the socket may go on (schema open): role, duty, sign-in and session as they are now, asked again
        where the last answer is a second old. Subclasses ask before each push; who may not is sent nothing more.
        """
        return time.monotonic() - self._asked_at < ASK_AGAIN_SECONDS or self._authenticate()

    def is_allowed(self, request: HttpRequest) -> bool:
        """Say whether `self.actor` may open this socket (schema open): nobody, until a subclass says who."""
        return False

    async def on_open(self) -> None:
        """Do what comes right after accepting."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """Hand a message of JSON to `receive_json`; what is none (`read_json`), or is long, says nothing to us."""
        if text_data is None or len(text_data) > LARGEST_MESSAGE:
            return
        try:
            content = read_json(text_data)
        except ValueError:
            return
        await self.receive_json(content, **kwargs)

    def language(self) -> str:
        """Return the language of the page that opened this socket."""
        chosen = str(self.scope.get("cookies", {}).get(settings.LANGUAGE_COOKIE_NAME, ""))
        return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    async def run_in_schema(self, function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """Run one synchronous function with the institution's schema open, and close it again."""

        def unit() -> R:
            with tenancy.open_institution(self.institution), clock.at(self.moment):
                return function(*args, **kwargs)

        result: R = await database_sync_to_async(unit)()
        return result

    def group(self, name: str) -> str:
        """Return the name of one of this institution's groups."""
        return f"{self.institution.schema_name}.{name}"
