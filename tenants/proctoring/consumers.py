"""The console's socket: events by number, a snapshot every few seconds. A hint is only a reason to look sooner."""

import asyncio
import uuid
from typing import Any

from django.http import HttpRequest
from django.utils import translation

from kernel import clock
from kernel.web.consumers import CLOSE_DENIED, InstitutionConsumer
from tenants.sittings.queries import sittings as sitting_queries
from tenants.sittings.states import SittingState
from tenants.sittings.values.room import room_group

from . import queries, rules

POLL_SECONDS = 1.0  # seconds: finds what a lost hint did not announce
UNDER_WAY = (SittingState.CHECKIN_OPEN, SittingState.RUNNING)  # then watching without a click is work, and use
HIGHEST = 2**62  # no event has a greater number
SNAPSHOT_SECONDS = 5.0  # seconds: signs of life are no events; a snapshot carries them


class RoomConsumer(InstitutionConsumer):
    """One proctor's view of one room. What is sent is always read from the rows, in order, none left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Know nothing yet."""
        super().__init__(*args, **kwargs)
        self.number = 0
        self._wake = asyncio.Event()
        self._watcher: asyncio.Task[None] | None = None

    @property
    def sitting_id(self) -> uuid.UUID:
        """Return the sitting in the address."""
        return uuid.UUID(str(self.scope["url_route"]["kwargs"]["sitting_id"]))

    def is_allowed(self, request: HttpRequest) -> bool:
        """Let in whoever is on duty in this sitting, with a second factor."""
        return rules.watch(self.actor) and sitting_queries.duty_of(self.sitting_id, self.actor) != ""

    async def on_open(self) -> None:
        """Listen for hints, and begin to send."""
        await self.channel_layer.group_add(self.group(room_group(self.sitting_id)), self.channel_name)
        self._watcher = asyncio.create_task(self.close_where_it_fails(self._watch()))

    async def disconnect(self, code: int) -> None:
        """Stop."""
        if self._watcher is not None:
            self._watcher.cancel()
        if self.institution is not None:
            await self.channel_layer.group_discard(self.group(room_group(self.sitting_id)), self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Take {"type": "resume", "after": n}: tell again what happened after n. Anything else says nothing to us."""
        if isinstance(content, dict) and content.get("type") == "resume" and type(content.get("after")) is int:
            self.number = min(max(0, content["after"]), HIGHEST)
            self._wake.set()

    async def room_hint(self, message: dict[str, Any]) -> None:
        """Look: there is news, perhaps."""
        number = message.get("n")
        if type(number) is int and number > self.number:
            self._wake.set()

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        snapshot_at = loop.time()
        while True:
            if loop.time() >= snapshot_at:
                message = await self.run_in_schema(self._snapshot)
                snapshot_at = loop.time() + SNAPSHOT_SECONDS
                self.is_use = message is not None and message["sitting"]["state"] in UNDER_WAY
            else:
                message = await self.run_in_schema(self._news)
            if message is None:
                await self.close(code=CLOSE_DENIED)
                return
            if message:
                self.number = message["n"] if message["type"] == "snapshot" else message["to"]
                await self.send_json(message)
            await self._pause()

    async def _pause(self) -> None:
        self._wake.clear()
        try:
            await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
        except TimeoutError:
            return

    def _snapshot(self) -> dict[str, Any] | None:
        if not self.is_still_allowed():
            return None
        with translation.override(self.language()):
            return queries.snapshot(self.sitting_id, self.actor, at=clock.real_now())

    def _news(self) -> dict[str, Any] | None:
        if not self.is_still_allowed():
            return None
        with translation.override(self.language()):
            return queries.news(self.sitting_id, self.actor, after=self.number, at=clock.real_now())
