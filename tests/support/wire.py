"""A test page's side of the wire, over real ASGI, and the gateway it speaks to."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
from asgiref.testing import ApplicationCommunicator
from channels.routing import URLRouter
from channels.sessions import SessionMiddlewareStack

from kernel import clock
from tenants.attempts.gateway.app import answer_gateway, gateways
from tenants.attempts.methods import tokens as token_methods
from tenants.attempts.methods.tokens import Token
from tenants.proctoring.routing import websocket_urlpatterns

PATIENCE = 60
"""Seconds until a socket that says nothing fails its test; another worker may hold the processor meanwhile."""

CLIENT_TIME = "2026-03-03T09:00:00+08:00"


class Page:
    """One opened test page."""

    def __init__(self, attempt: Any, epoch: int, slug: str = "alpha", *, host: str = "", **headers: str) -> None:
        token = Token(attempt.pk, epoch, f"t_{slug}", clock.real_now() + timedelta(hours=3))
        self.url = f"/live/attempts/{attempt.pk}/"
        self.epoch = epoch
        self.token = token_methods.mint(token)
        self.seqs = itertools.count(1)
        self.headers = {"Authorization": f"Bearer {self.token}", **headers}
        base = f"http://{host or slug + '.nuoxing.localhost:8000'}"
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=answer_gateway), base_url=base)  # type: ignore[arg-type]

    async def get(self, path: str = "") -> httpx.Response:
        return await self.http.get(self.url + path, headers=self.headers)

    async def post(self, path: str, body: Any = None, **how: Any) -> httpx.Response:
        return await self.http.post(self.url + path, headers=self.headers, json=body, **how)

    async def save(self, *answers: tuple[int, str, str], epoch: int | None = None) -> httpx.Response:
        rows = [{"seq": seq, "question": q, "choice": c, "client_at": CLIENT_TIME} for seq, q, c in answers]
        return await self.post("answers/", {"epoch": epoch or self.epoch, "answers": rows})

    async def finish(self, last_seq: int) -> httpx.Response:
        return await self.post("finish/", {"epoch": self.epoch, "last_seq": last_seq})


class Socket(ApplicationCommunicator):
    """A console's WebSocket (channels' own communicator wants daphne installed)."""

    def __init__(self, path: str, *, host: str, cookie: str = "", origin: str = "") -> None:
        headers = [(b"host", host.encode()), (b"origin", (origin or f"http://{host}").encode())]
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "subprotocols": [],
            "headers": [*headers, (b"cookie", cookie.encode())],
        }
        super().__init__(SessionMiddlewareStack(URLRouter(websocket_urlpatterns)), scope)

    async def connect(self) -> int:
        """Knock; return 0 when let in, else the code of the refusal."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(PATIENCE)
        return 0 if answer["type"] == "websocket.accept" else int(answer.get("code", 1000))

    async def say(self, text: Any) -> None:
        """Send a text, or anything else as JSON."""
        raw = text if isinstance(text, str) else json.dumps(text)
        await self.send_input({"type": "websocket.receive", "text": raw})

    async def hear(self) -> Any:
        """Return the next message."""
        answer = await self.receive_output(PATIENCE)
        assert answer["type"] == "websocket.send", answer
        return json.loads(answer["text"])

    async def leave(self) -> None:
        """Hang up."""
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(PATIENCE)


def live_side(*pages: Page, run: Callable[[], Awaitable[Any]]) -> Any:
    """Run a coroutine in a loop of its own, and close the gateway that served it."""

    async def main() -> Any:
        try:
            return await run()
        finally:
            for page in pages:
                await page.http.aclose()
            gateway = gateways.pop(asyncio.get_running_loop(), None)
            if gateway is not None:
                await gateway.close()

    return asyncio.run(main())
