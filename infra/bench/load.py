"""Load over HTTP/1.1 from one process: many callers, each with one persistent connection and one request under way.

Written on asyncio's protocols because the caller shares the machine with what it measures: a client library would take
several times the processor of the server under test.
"""

import asyncio
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from infra.stack.ports import LOOPBACK

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
RECONNECT = 0.05
TRY_AGAIN = 0.05
DRAIN = 10.0


class Script(Protocol):
    """The requests of one caller, one after the other."""

    def request(self, port: int) -> bytes:
        """Return the next request; the same again until it is `answered` with 200."""

    def on_response(self) -> None:
        """Take note that the request was answered with 200."""


@dataclass(slots=True)
class Tally:
    """Responses within the measured time."""

    response_count: int = 0
    refused: int = 0
    lost_connections: int = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return the answers a second."""
        return self.response_count / self.seconds if self.seconds else 0.0

    def percentile_ms(self, percent: float) -> float:
        """Return the time that so many percent of the answers took at most, in milliseconds."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000 if ordered else 0.0


class Run:
    """One stretch of load: when it is measured, and when it ends."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.tally = Tally()
        self.measuring = False
        self.stopping = False

    def note(self, status: int, wait: float) -> None:
        if not self.measuring:
            return
        if status == 200:
            self.tally.response_count += 1
            self.tally.waits.append(wait)
        else:
            self.tally.refused += 1


class Caller(asyncio.Protocol):
    """One connection that asks again as soon as it is answered, or, with `every`, at its own beat.

    A paced caller's wait counts from when the request was due: a server that stalls is not spared.
    """

    def __init__(self, run: Run, script: Script, *, every: float | None = None) -> None:
        self._run = run
        self._script = script
        self._every = every
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._due = 0.0
        self._under_way = False
        self.waiting = False

    async def connect(self) -> None:
        """Open the connection; goes on trying until the run stops."""
        while not self._run.stopping:
            try:
                await self._loop.create_connection(lambda: self, LOOPBACK, self._run.port)
            except OSError:
                await asyncio.sleep(RECONNECT)
            else:
                return

    def begin(self, after: float = 0.0) -> None:
        """Ask for the first time, `after` seconds from now."""
        self._due = time.monotonic() + after
        self._loop.call_later(after, self._ask)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._buffer, self._under_way = transport, b"", False
        if self.waiting:  # the request under way was lost with the connection: it is sent again
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if not self._run.stopping:
            self._run.tally.lost_connections += 1
            task = self._loop.create_task(self.connect())
            _tasks.add(task)
            task.add_done_callback(_tasks.discard)

    def _ask(self) -> None:
        if self._run.stopping:
            self.waiting = False
            return
        self.waiting = True
        if self._transport is not None and not self._under_way:
            self._under_way = True
            self._transport.write(self._script.request(self._run.port))

    def data_received(self, data: bytes) -> None:
        self._buffer = data if not self._buffer else self._buffer + data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _LENGTH.search(self._buffer, 0, end + 2)
        if length is None:
            raise RuntimeError("the answer has no content-length")
        if len(self._buffer) < end + 4 + int(length[1]):
            return
        status, self._buffer, self._under_way = int(self._buffer[9:12]), b"", False
        self._on_status(status)

    def _on_status(self, status: int) -> None:
        now = time.monotonic()
        self._run.note(status, now - self._due)
        self.waiting = False
        if status != 200:
            self.waiting = not self._run.stopping
            self._loop.call_later(TRY_AGAIN, self._ask)
            return
        self._script.on_response()
        self._due = now if self._every is None else self._due + self._every
        if self._every is None or self._due <= now:
            self._ask()
        else:
            self._loop.call_at(self._due, self._ask)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


_tasks: set["asyncio.Task[None]"] = set()


async def run_load(
    port: int,
    scripts: Sequence[Script],
    *,
    seconds: float,
    warm: float = 0.7,
    every: float | None = None,
    seed: int = 0,
) -> Tally:
    """Let all scripts call at once for `warm` seconds unmeasured and `seconds` measured; return what came back."""
    run = Run(port)
    chance = random.Random(seed)  # noqa: S311 - spreads the callers, guards nothing
    callers = [Caller(run, script, every=every) for script in scripts]
    for first in range(0, len(callers), 200):
        await asyncio.gather(*(caller.connect() for caller in callers[first : first + 200]))
    for caller in callers:
        caller.begin(chance.random() * every if every else 0.0)
    await asyncio.sleep(warm + (every or 0.0))
    run.measuring, began = True, time.monotonic()
    await asyncio.sleep(seconds)
    run.measuring, run.tally.seconds = False, time.monotonic() - began
    run.stopping = True
    until = time.monotonic() + DRAIN
    while any(caller.waiting for caller in callers) and time.monotonic() < until:  # noqa: ASYNC110 - thousands end, one looks
        await asyncio.sleep(0.02)
    for caller in callers:
        caller.close()
    await asyncio.sleep(0)
    return run.tally
