"""The pulse: a page asks every few seconds how things stand, and its question is its sign of life."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from psycopg import sql

from kernel import clock
from tenants.exams import methods
from tenants.exams.methods import Timing
from tenants.exams.states import SittingState

from .lines import Line, table

_READ = """
SELECT a.id, a.lease_epoch, a.notice, s.state, a.state, a.started_at, a.working, a.added, a.held, a.held_since
  FROM {attempt} a JOIN {sitting} s ON s.id = a.sitting_id WHERE a.id = ANY(%s)
"""
_BEAT = """
INSERT INTO {presence} (attempt_id, pinged_at) SELECT beat, %s FROM unnest(%s::uuid[]) AS beat
ON CONFLICT (attempt_id) DO UPDATE SET pinged_at = EXCLUDED.pinged_at
"""


@dataclass(frozen=True, slots=True)
class PulseItem:
    """One page's question."""

    schema: str
    attempt_id: uuid.UUID
    epoch: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """How things stand with an attempt."""

    lease_epoch: int
    state: str
    wire_state: str
    notice: str
    deadline: datetime | None


@lru_cache(maxsize=2000)
def statements(schema: str) -> tuple[sql.Composed, sql.Composed]:
    """Return the two statements of a schema, its name quoted into them."""
    names = {
        "attempt": table(schema, "exams_attempt"),
        "sitting": table(schema, "exams_sitting"),
        "presence": table(schema, "exams_presence"),
    }
    return sql.SQL(_READ).format(**names), sql.SQL(_BEAT).format(**names)


class Listener:
    """Answers batches of pulses; given to a kernel.committer.GroupCommitter."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._line = Line()

    async def __call__(self, items: Sequence[PulseItem]) -> Sequence[Pulse | None]:
        """Note the signs of life of the pages that hold their lease; return how each stands, None for no attempt."""
        connection = await self._line.connection()
        now = clock.real_now()
        by_schema: dict[str, list[PulseItem]] = defaultdict(list)
        for item in items:
            by_schema[item.schema].append(item)
        found: dict[tuple[str, uuid.UUID], Pulse] = {}
        async with connection.transaction():
            for schema in sorted(by_schema):
                read, beat = statements(schema)
                epochs = {item.attempt_id: item.epoch for item in by_schema[schema]}
                cursor = await connection.execute(read, [sorted(epochs)])
                rows = {
                    row[0]: _pulse(row[1], row[2], row[3], Timing(*row[4:]), now) for row in await cursor.fetchall()
                }
                alive = [key for key in sorted(rows) if rows[key].lease_epoch == epochs[key]]
                await connection.execute(beat, [now, alive])
                found |= {(schema, key): pulse for key, pulse in rows.items()}
        return [found.get((item.schema, item.attempt_id)) for item in items]

    async def close(self) -> None:
        """Close the connection."""
        await self._line.close()


def _pulse(lease_epoch: int, notice: str, sitting_state: str, timing: Timing, now: datetime) -> Pulse:
    begun = sitting_state == SittingState.RUNNING
    wire = methods.wire_state(timing.state, begun=begun)
    ends = methods.deadline(timing, now) if wire in ("started", "held") else None
    return Pulse(lease_epoch, timing.state, wire, notice, ends)
