"""Heartbeats: a page asks for its attempt's status every few seconds; the request is its sign of life."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from psycopg import sql

from kernel import clock
from tenants.sittings.states import SittingState

from ..methods import protocol
from ..methods import timing as timing_methods
from ..methods.timing import Timing
from .connections import Connection, table

_SELECT_ATTEMPTS = """
SELECT a.id, a.lease_epoch, a.notice, s.state, a.state, a.started_at,
       a.working_time, a.added_time, a.held_time, a.held_since
  FROM {attempt} a JOIN {sitting} s ON s.id = a.sitting_id WHERE a.id = ANY(%s)
"""
_UPSERT_PRESENCE = """
INSERT INTO {presence} (attempt_id, pinged_at) SELECT attempt, %s FROM unnest(%s::uuid[]) AS attempt
ON CONFLICT (attempt_id) DO UPDATE SET pinged_at = EXCLUDED.pinged_at
"""


@dataclass(frozen=True, slots=True)
class HeartbeatItem:
    """One page's request."""

    schema: str
    attempt_id: uuid.UUID
    epoch: int


@dataclass(frozen=True, slots=True)
class AttemptStatus:
    """The status of an attempt."""

    lease_epoch: int
    state: str
    page_state: str
    notice: str
    deadline: datetime | None


@lru_cache(maxsize=2000)
def statements(schema: str) -> tuple[sql.Composed, sql.Composed]:
    """Return the two statements of a schema, its name quoted into them."""
    names = {
        "attempt": table(schema, "attempts_attempt"),
        "sitting": table(schema, "sittings_sitting"),
        "presence": table(schema, "attempts_presence"),
    }
    return sql.SQL(_SELECT_ATTEMPTS).format(**names), sql.SQL(_UPSERT_PRESENCE).format(**names)


class HeartbeatWriter:
    """Answers batches of heartbeats; given to a kernel.db.group_commit.GroupCommitter."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._connection = Connection()

    async def __call__(self, items: Sequence[HeartbeatItem]) -> Sequence[AttemptStatus | None]:
        """Note the signs of life of the pages that hold their lease; return the status of each, None for no attempt."""
        connection = await self._connection.acquire()
        now = clock.real_now()
        by_schema: dict[str, list[HeartbeatItem]] = defaultdict(list)
        for item in items:
            by_schema[item.schema].append(item)
        statuses: dict[tuple[str, uuid.UUID], AttemptStatus] = {}
        async with connection.transaction():
            for schema in sorted(by_schema):
                read, upsert = statements(schema)
                epochs = {item.attempt_id: item.epoch for item in by_schema[schema]}
                cursor = await connection.execute(read, [sorted(epochs)])
                rows = {
                    row[0]: _status(row[1], row[2], row[3], Timing(*row[4:]), now) for row in await cursor.fetchall()
                }
                alive = [key for key in sorted(rows) if rows[key].lease_epoch == epochs[key]]
                await connection.execute(upsert, [now, alive])
                statuses |= {(schema, key): status for key, status in rows.items()}
        return [statuses.get((item.schema, item.attempt_id)) for item in items]

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()


def _status(lease_epoch: int, notice: str, sitting_state: str, timing: Timing, now: datetime) -> AttemptStatus:
    sitting_running = sitting_state == SittingState.RUNNING
    page_state = protocol.page_state(timing.state, sitting_running=sitting_running)
    ends = timing_methods.deadline(timing, now) if page_state in ("started", "held") else None
    return AttemptStatus(lease_epoch, timing.state, page_state, notice, ends)
