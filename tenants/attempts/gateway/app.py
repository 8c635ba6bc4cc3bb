"""The ASGI application: finds the institution by its host and the attempt by its token, and runs the path's handler."""

import asyncio
import gc
import logging
import re
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import translation
from psycopg import Error as PsycopgError

from kernel import clock, tenancy
from kernel.db.group_commit import GroupCommitter
from kernel.errors import Refusal

from ..methods import protocol
from ..methods import tokens as token_methods
from ..methods.protocol import BadRequest
from ..methods.timing import Verdict
from ..methods.tokens import BadToken, Token
from ..operations import attempts
from . import handlers, responses
from .connections import DatabaseUnavailable
from .heartbeats import AttemptStatus, HeartbeatItem, HeartbeatWriter
from .hints import Hints
from .responses import Receive, Scope, Send
from .saving import AnswerWriter, SaveItem, SaveResult

log = logging.getLogger(__name__)

_PATH = re.compile(r"/live/attempts/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(answers/|start/|finish/|state/)?")
_METHODS = {"": "GET", "state/": "GET", "answers/": "POST", "start/": "POST", "finish/": "POST"}
_MOST_AT_ONCE = 4
LINGER = 0.004  # seconds that a small batch waits for company: half the commits at 2,000 saves a second
_RETRY_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)  # seconds: a hand-in or a command holds an attempt for a few milliseconds

_REFUSALS: dict[Verdict, type[Refusal]] = {
    Verdict.SUPERSEDED: attempts.LeaseSuperseded,
    Verdict.CLOSED: attempts.AttemptClosed,
    Verdict.NOT_STARTED: attempts.NotStarted,
    Verdict.HELD: responses.AttemptOnHold,
    Verdict.BUSY: responses.ServiceUnavailable,
}


class Gateway:
    """Everything that one event loop needs: two committers and a few threads."""

    def __init__(self) -> None:
        """Open nothing yet."""
        gc.freeze()  # what is loaded now stays: the collector need not walk all of Django between two batches
        self.hints = Hints()
        self.answer_writer = AnswerWriter(self.hints)
        self.heartbeat_writer = HeartbeatWriter()
        self.saves: GroupCommitter[SaveItem, SaveResult] = GroupCommitter(self.answer_writer, linger=LINGER)
        self.heartbeats: GroupCommitter[HeartbeatItem, AttemptStatus | None] = GroupCommitter(self.heartbeat_writer)
        self._threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="attempts")
        self._at_once: dict[str, int] = {}

    async def close(self) -> None:
        """Commit what was received, send the hints, and close."""
        await self.saves.drain()
        await self.heartbeats.drain()
        await self.hints.close()
        await self.answer_writer.close()
        await self.heartbeat_writer.close()
        self._threads.shutdown()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. What nobody foresaw is logged and answered as "later": the page keeps its answers."""
        try:
            body = await self._answer(scope, receive)
        except Refusal as refusal:
            await responses.send_problem(send, refusal, responses.language_of(scope))
        except BadRequest as fault:
            await responses.send_problem(send, responses.BadBody(why=str(fault)), responses.language_of(scope))
        except (DatabaseUnavailable, PsycopgError, DatabaseError) as fault:
            log.warning("the database is unavailable: %s", fault)
            await responses.send_problem(send, responses.ServiceUnavailable(), responses.language_of(scope))
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            await responses.send_problem(send, responses.ServiceUnavailable(), responses.language_of(scope))
        else:
            if body is not None:
                await responses.send_json(send, body)

    async def _answer(self, scope: Scope, receive: Receive) -> dict[str, Any] | None:
        path = _PATH.fullmatch(scope["path"])
        if path is None:
            raise responses.AddressNotFound
        attempt, action = path[1], path[2] or ""
        if scope["method"] != _METHODS[action]:
            raise responses.MethodNotAllowed
        host = responses.header(scope, b"host")
        if not responses.same_origin(responses.header(scope, b"origin"), host):
            raise responses.OtherOrigin
        institution = await self._institution(responses.host_without_port(host))
        token = self._token(responses.header(scope, b"authorization"), attempt, institution)
        body = await responses.body_of(scope, receive)
        if body is None:
            return None
        at_once = self._at_once.get(attempt, 0)
        if at_once >= _MOST_AT_ONCE:
            raise responses.TooManyRequests
        self._at_once[attempt] = at_once + 1
        try:
            return await self._run(action, scope, institution, token, body)
        finally:
            left = self._at_once.pop(attempt) - 1
            if left:
                self._at_once[attempt] = left

    async def _run(self, action: str, scope: Scope, institution: Any, token: Token, body: bytes) -> dict[str, Any]:
        if action == "answers/":
            return await self._save(token, body)
        if action == "state/":
            return await self._state(token)
        language = responses.language_of(scope)
        if action == "finish/":
            return await self._in_institution(institution, language, handlers.finish, token, protocol.read_finish(body))
        return await self._in_institution(institution, language, handlers.start if action else handlers.load, token)

    async def _institution(self, host: str) -> Any:
        institution = tenancy.cached_institution_at(host)
        if institution is None:
            institution = await sync_to_async(_institution_at, thread_sensitive=False, executor=self._threads)(host)
        if institution is None:
            raise responses.AddressNotFound
        return institution

    @staticmethod
    def _token(authorization: str, attempt: str, institution: Any) -> Token:
        """Return the request's token, which must be for this attempt and this institution."""
        kind, _space, text = authorization.partition(" ")
        try:
            token = token_methods.read_token(text.strip() if kind.lower() == "bearer" else "", clock.real_now())
        except BadToken:
            raise responses.TokenRefused from None
        if token.key != attempt or token.schema != institution.schema_name:
            raise responses.TokenRefused
        return token

    async def _save(self, token: Token, body: bytes) -> dict[str, Any]:
        save = protocol.read_save(body)
        if save.epoch != token.epoch:
            raise attempts.LeaseSuperseded
        item = SaveItem(token.schema, token.key, save.epoch, save.answers)
        saved = await self.saves.submit(item)
        for pause in _RETRY_PAUSES:
            if saved.verdict is not Verdict.BUSY:
                break
            await asyncio.sleep(pause)
            saved = await self.saves.submit(item)
        if saved.verdict is not Verdict.ACCEPTED:
            raise _REFUSALS[saved.verdict]
        acknowledged = [answer.seq for answer in save.answers]
        return {"acked": acknowledged, "server_now": handlers.iso(saved.at), "deadline": handlers.iso(saved.deadline)}

    async def _state(self, token: Token) -> dict[str, Any]:
        status = await self.heartbeats.submit(HeartbeatItem(token.schema, token.attempt_id, token.epoch))
        if status is None:
            raise responses.AddressNotFound
        if status.lease_epoch != token.epoch and status.page_state != "finished":
            raise attempts.LeaseSuperseded
        now, ends = handlers.iso(clock.real_now()), handlers.iso(status.deadline)
        return {"state": status.page_state, "deadline": ends, "server_now": now, "notice": status.notice}

    async def _in_institution(
        self, institution: Any, language: str, function: Callable[..., dict[str, Any]], *args: Any
    ) -> dict[str, Any]:
        def unit() -> dict[str, Any]:
            try:
                with translation.override(language), tenancy.open_institution(institution):
                    return function(*args)
            finally:
                connection.close()

        return await sync_to_async(unit, thread_sensitive=False, executor=self._threads)()


def _institution_at(host: str) -> tenancy.InstitutionAtHost | None:
    try:
        return tenancy.institution_at(host)
    finally:
        connection.close()


gateways: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Gateway]" = weakref.WeakKeyDictionary()


async def answer_gateway(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one HTTP request under /live/attempts/."""
    loop = asyncio.get_running_loop()
    if loop not in gateways:
        gateways[loop] = Gateway()
    await gateways[loop].serve(scope, receive, send)
