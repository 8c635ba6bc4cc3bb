"""A pool whose server went away: given up at once, and made anew as soon as the server is there.

psycopg's own pool lets everybody wait for twenty seconds, hands out connections that are long dead, and after a longer
absence tries again only after minutes. Here whoever asks hears at once that the database is away (a page then says so),
and the first who finds it back finds it for all.
"""

import select
import threading
import time
from typing import Any

import psycopg

PROBE_SECONDS = 0.25
"""How often, at most, a process asks whether the server is back."""
PROBE_PATIENCE = 2
"""Seconds for one such question."""


class ServerAway(psycopg.OperationalError):
    """The server was away a moment ago, and nobody is asked again so soon."""


class Recovery:
    """Whether the server of one pool is away, as this process has seen it."""

    def __init__(self) -> None:
        """It is there."""
        self.is_lost = False
        self._lock = threading.Lock()
        self._not_before = 0.0

    def lose(self) -> None:
        """Note that a connection ended without our doing."""
        self.is_lost = True

    def find(self, conn_params: dict[str, Any]) -> None:
        """Return where the server lets somebody in; psycopg.OperationalError at once where it does not."""
        if time.monotonic() < self._not_before or not self._lock.acquire(blocking=False):
            raise ServerAway("the server is away")
        try:
            psycopg.connect(**conn_params).close()
            self.is_lost = False
        except psycopg.OperationalError:
            self._not_before = time.monotonic() + PROBE_SECONDS
            raise
        finally:
            self._lock.release()


def is_dead(connection: Any) -> bool:
    """Say whether an idle connection was ended by its server: a server says nothing on it unless it is asked.

    Three microseconds, where a question would take a hundred.
    """
    if connection.closed:
        return True
    watch = select.poll()
    watch.register(connection.fileno(), select.POLLIN)
    return bool(watch.poll(0))
