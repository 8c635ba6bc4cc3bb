"""The application: routes, and what happens by itself while it runs."""

import asyncio
import contextlib
import traceback
from pathlib import Path

from infra.fakes.deliveries import TICK, Deliveries
from infra.fakes.http import Receive, Response, Routes, Scope, Send, read, send
from infra.fakes.ministry import Ministry
from infra.fakes.pages import Pages
from infra.fakes.payments import Payments
from infra.fakes.refunds import Refunds
from infra.fakes.store import Store
from infra.fakes.systems import OutsideSystems


class Fakes:
    """All stand-ins as one ASGI application."""

    def __init__(
        self, state: Path | None, *, webhook: str = "", secret: str = "", key: str = "", ours: str = ""
    ) -> None:
        """Keep everything under `state` (None: in memory); send Stripe's events, signed with `secret`, to `webhook`.

        `key` is what the platform derives the outside systems' secrets from, `ours` its own address.
        """
        self.store = Store(state)
        self.deliveries = Deliveries(self.store, webhook=webhook, secret=secret)
        self.payments = Payments(self.store, self.deliveries)
        self.routes = Routes()
        self.payments.routes(self.routes)
        self.refunds = Refunds(self.payments)
        self.refunds.routes(self.routes)
        self.outside = OutsideSystems(self.store, self.deliveries, key=key, ours=ours)
        self.deliveries.signing = self.outside.signature
        self.outside.routes(self.routes)
        Ministry(self.store, self.outside).routes(self.routes)
        Pages(self.store, self.payments).routes(self.routes)

    async def __call__(self, scope: Scope, receive: Receive, out: Send) -> None:
        """Serve."""
        if scope["type"] == "lifespan":
            await self._live(receive, out)
        elif scope["type"] == "http":
            await send(await self._answer(scope, receive), out)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        request = await read(scope, receive)
        try:
            return await self.routes.answer(request)
        except Exception:
            traceback.print_exc()
            return Response.json({"error": {"type": "api_error", "message": "the stand-in failed"}}, 500)

    async def _live(self, receive: Receive, out: Send) -> None:
        await receive()
        jobs = [asyncio.create_task(self.deliveries.run()), asyncio.create_task(self._finish_late())]
        await out({"type": "lifespan.startup.complete"})
        await receive()
        for job in jobs:
            job.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await job
        self.store.close()
        await out({"type": "lifespan.shutdown.complete"})

    async def _finish_late(self) -> None:
        while True:
            self.payments.finish_late()
            await asyncio.sleep(TICK)
