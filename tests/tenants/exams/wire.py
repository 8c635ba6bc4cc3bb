"""A test page's side of the wire, over real ASGI, and the gateway it speaks to."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx

from kernel import clock
from tenants.exams import methods
from tenants.exams.gateway import exams_gateway
from tenants.exams.gateway.door import gateways
from tenants.exams.methods import Token

CLIENT_TIME = "2026-03-03T09:00:00+08:00"


class Page:
    """One opened test page."""

    def __init__(self, attempt: Any, epoch: int, slug: str = "alpha", *, host: str = "", **headers: str) -> None:
        token = Token(attempt.pk, epoch, f"t_{slug}", clock.real_now() + timedelta(hours=3))
        self.url = f"/live/attempts/{attempt.pk}/"
        self.epoch = epoch
        self.token = methods.mint(token)
        self.seqs = itertools.count(1)
        self.headers = {"Authorization": f"Bearer {self.token}", **headers}
        base = f"http://{host or slug + '.nuoxing.localhost:8000'}"
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=exams_gateway), base_url=base)  # type: ignore[arg-type]

    async def get(self, path: str = "") -> httpx.Response:
        return await self.http.get(self.url + path, headers=self.headers)

    async def post(self, path: str, body: Any = None, **how: Any) -> httpx.Response:
        return await self.http.post(self.url + path, headers=self.headers, json=body, **how)

    async def save(self, *answers: tuple[int, str, str], epoch: int | None = None) -> httpx.Response:
        rows = [{"seq": seq, "question": q, "choice": c, "client_at": CLIENT_TIME} for seq, q, c in answers]
        return await self.post("answers/", {"epoch": epoch or self.epoch, "answers": rows})

    async def finish(self, last_seq: int) -> httpx.Response:
        return await self.post("finish/", {"epoch": self.epoch, "last_seq": last_seq})


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
