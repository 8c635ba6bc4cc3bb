"""Hints to consoles that a room has news: after the commit, and at most a few times a second per room."""

import asyncio
import logging
import uuid

from channels.layers import get_channel_layer

from tenants.sittings.values.room import hint, room_group

log = logging.getLogger(__name__)

PAUSE = 0.25


class Hints:
    """Gathers the newest number of each room and sends them together. A console's own poll finds what a hint missed."""

    def __init__(self) -> None:
        """Begin with no hint."""
        self._newest: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None

    def note(self, schema: str, sitting: str, number: int) -> None:
        """Remember that a room has come to event `number`; returns at once."""
        group = f"{schema}.{room_group(uuid.UUID(sitting))}"
        self._newest[group] = max(number, self._newest.get(group, 0))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._send())

    async def _send(self) -> None:
        layer = get_channel_layer()
        while self._newest and layer is not None:
            newest, self._newest = self._newest, {}
            for group, number in newest.items():
                try:
                    await layer.group_send(group, hint(number))
                except Exception:
                    log.warning("a hint to %s was lost", group, exc_info=True)
            await asyncio.sleep(PAUSE)

    async def close(self) -> None:
        """Wait until what was noted is sent."""
        if self._task is not None:
            await asyncio.wait([self._task])
