"""A channel layer on PostgreSQL's LISTEN/NOTIFY, for one machine without Redis.

Membership lives in each process's memory, so there are no tables to clean; the listener reconnects by itself. Messages
are hints ("room X reached event 17"), the row is the truth, so what does not fit in a NOTIFY is refused, not split.
Why our own: channels-postgres goes deaf after a database restart (ADR 0003).
"""

import asyncio
import base64
import logging
import secrets
from typing import Any

import msgpack
import psycopg
from channels.layers import BaseChannelLayer
from django.db import connection

log = logging.getLogger(__name__)

CHANNEL = "nuoxing_layer"
LARGEST = 7800


def _payload(kind: str, name: str, message: dict[str, Any]) -> str:
    payload = f"{kind}|{name}|{base64.b85encode(msgpack.packb(message, use_bin_type=True)).decode()}"
    if len(payload) > LARGEST:
        raise ValueError("a hint must fit into one NOTIFY; send the number of a row instead")
    return payload


class PostgresChannelLayer(BaseChannelLayer):
    """Channels' layer interface with groups and flush."""

    extensions = ("groups", "flush")

    def __init__(self, dsn: str, expiry: int = 60, capacity: int = 200, channel_capacity: Any = None) -> None:
        """Take the database to notify through."""
        super().__init__(expiry=expiry, capacity=capacity, channel_capacity=channel_capacity)
        self.dsn = dsn
        self._loops: dict[asyncio.AbstractEventLoop, _Loop] = {}

    def _loop_state(self) -> "_Loop":
        running = asyncio.get_running_loop()
        for old in [loop for loop in self._loops if loop.is_closed()]:
            del self._loops[old]
        return self._loops.setdefault(running, _Loop(self))

    async def new_channel(self, prefix: str = "specific") -> str:
        """Return a name nobody else has."""
        return f"{prefix}.{secrets.token_hex(8)}!{secrets.token_hex(8)}"

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        """Send to one channel."""
        self.require_valid_channel_name(channel)
        await self._loop_state().publish("c", channel, message)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Send to every member of a group, in every process."""
        self.require_valid_group_name(group)
        await self._loop_state().publish("g", group, message)

    def group_send_sync(self, group: str, message: dict[str, Any]) -> None:
        """Send to a group from synchronous code, over Django's own connection. Call it after commit, never before."""
        self.require_valid_group_name(group)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, _payload("g", group, message)])

    async def receive(self, channel: str) -> dict[str, Any]:
        """Wait for the next message of a channel."""
        state = self._loop_state()
        await state.listening()
        try:
            return await state.queue(channel).get()
        except asyncio.CancelledError:
            state.drop(channel)
            raise

    async def group_add(self, group: str, channel: str) -> None:
        """Make a channel a member."""
        state = self._loop_state()
        await state.listening()
        state.queue(channel)
        state.groups.setdefault(group, set()).add(channel)

    async def group_discard(self, group: str, channel: str) -> None:
        """End a membership."""
        members = self._loop_state().groups.get(group, set())
        members.discard(channel)
        if not members:
            self._loop_state().groups.pop(group, None)

    async def flush(self) -> None:
        """Forget everything in this process."""
        state = self._loop_state()
        state.groups.clear()
        state.queues.clear()

    async def close_pools(self) -> None:
        """End this loop's connections (tests, shutdown)."""
        await self._loop_state().close()


class _Loop:
    """The state of one event loop: its queues, its groups, its listening and its publishing connection."""

    def __init__(self, layer: PostgresChannelLayer) -> None:
        self.layer = layer
        self.queues: dict[str, asyncio.Queue[dict[str, Any]]] = {}
        self.groups: dict[str, set[str]] = {}
        self._listener: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._out: psycopg.AsyncConnection[Any] | None = None
        self._lock = asyncio.Lock()

    def queue(self, channel: str) -> asyncio.Queue[dict[str, Any]]:
        if channel not in self.queues:
            self.queues[channel] = asyncio.Queue(self.layer.get_capacity(channel))
        return self.queues[channel]

    def drop(self, channel: str) -> None:
        self.queues.pop(channel, None)

    async def listening(self) -> None:
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen())
        await asyncio.wait_for(self._ready.wait(), 15)

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
        if self._out is not None:
            await self._out.close()

    async def _listen(self) -> None:
        delay = 0.1
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(self.layer.dsn, autocommit=True)
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._ready.set()
                    delay = 0.1
                    async for notice in connection.notifies():
                        self._deliver(notice.payload)
            except psycopg.Error as fault:
                log.warning("listener lost, trying again: %s", fault)
            await asyncio.sleep(delay)
            delay = min(delay * 2, 2)

    def _deliver(self, payload: str) -> None:
        """Put a hint into the queues that it is for. Whoever has the database may notify: what is no hint of this layer
        is dropped, for the listener must not end by it.
        """
        try:
            kind, name, body = payload.split("|", 2)
            message = msgpack.unpackb(base64.b85decode(body), raw=False)
        except (ValueError, msgpack.UnpackException):
            log.warning("what was notified is no hint: %.80r", payload)
            return
        kind_of = message.get("type") if isinstance(message, dict) else None
        if not isinstance(kind_of, str) or kind_of.startswith("websocket."):  # what a browser says comes by its socket
            log.warning("what was notified is no hint: %.80r", payload)
            return
        targets = list(self.groups.get(name, ())) if kind == "g" else [name]
        for target in targets:
            waiting = self.queues.get(target)
            if waiting is None:
                continue
            try:
                waiting.put_nowait(message)
            except asyncio.QueueFull:
                log.warning("channel %s is full, a hint was dropped", target)

    async def publish(self, kind: str, name: str, message: dict[str, Any]) -> None:
        payload = _payload(kind, name, message)
        async with self._lock:
            for last in (False, True):
                try:
                    if self._out is None or self._out.closed:
                        self._out = await psycopg.AsyncConnection.connect(self.layer.dsn, autocommit=True)
                    await self._out.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
                    return
                except psycopg.OperationalError:
                    self._out = None
                    if last:
                        raise
