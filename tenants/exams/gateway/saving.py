"""Saves: many pages, one transaction. Every save is judged with its attempt's row locked, so no hand-in slips between.

Rows are locked SHARE and SKIP LOCKED: a hand-in that holds one attempt delays that attempt alone, never the batch.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from psycopg import AsyncConnection, sql

from kernel import clock
from tenants.exams import methods
from tenants.exams.methods import Answer, Timing, Verdict
from tenants.exams.states import EventKind

from .hints import Hints
from .lines import Line, table

_LOOK = """
SELECT id, sitting_id, candidacy_id, lease_epoch, state, started_at, working, added, held, held_since
  FROM {attempt} WHERE id = ANY(%s) ORDER BY id FOR SHARE SKIP LOCKED
"""
_APPEND = """
INSERT INTO {answers} (attempt_id, seq, epoch, question, choice, client_at, server_at)
SELECT sent.*, %s FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::text[], %s::text[], %s::timestamptz[]) AS sent
ON CONFLICT DO NOTHING
"""
# The last statement before COMMIT: it holds the heads of the rooms, in order, for no longer than the commit takes.
_TELL = """
WITH raise AS (SELECT * FROM unnest(%(sittings)s::uuid[], %(counts)s::int[]) AS r(sitting, k)),
     held AS (SELECT sitting_id FROM {head} WHERE sitting_id = ANY(%(sittings)s) ORDER BY sitting_id FOR UPDATE),
     raised AS (UPDATE {head} AS h SET n = h.n + raise.k FROM raise, held
                 WHERE h.sitting_id = raise.sitting AND held.sitting_id = h.sitting_id
                 RETURNING h.sitting_id, h.n, raise.k)
INSERT INTO {events} (sitting_id, n, kind, candidacy_id, at, data)
SELECT raised.sitting_id, raised.n - raised.k + told.place, %(kind)s, told.candidacy, %(at)s, told.data::jsonb
  FROM raised JOIN unnest(%(told)s::uuid[], %(places)s::int[], %(candidacies)s::uuid[], %(data)s::text[])
       AS told(sitting, place, candidacy, data) ON told.sitting = raised.sitting_id
RETURNING sitting_id, n
"""


@dataclass(frozen=True, slots=True)
class SaveItem:
    """One request's changes of answers."""

    schema: str
    attempt_id: uuid.UUID
    epoch: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of it, and until when there is time."""

    verdict: Verdict
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An attempt as it stands, locked."""

    sitting_id: uuid.UUID
    candidacy_id: uuid.UUID
    lease_epoch: int
    timing: Timing


@lru_cache(maxsize=2000)
def statements(schema: str) -> tuple[sql.Composed, sql.Composed, sql.Composed]:
    """Return the three statements of a schema, its name quoted into them."""
    names = {
        "attempt": table(schema, "exams_attempt"),
        "answers": table(schema, "exams_answerlog"),
        "head": table(schema, "exams_sittinghead"),
        "events": table(schema, "exams_sittingevent"),
    }
    return sql.SQL(_LOOK).format(**names), sql.SQL(_APPEND).format(**names), sql.SQL(_TELL).format(**names)


class Writer:
    """Writes batches of saves; given to a kernel.committer.GroupCommitter."""

    def __init__(self, hints: Hints) -> None:
        """Take whom to tell which rooms have news."""
        self._line = Line()
        self._hints = hints

    async def __call__(self, items: Sequence[SaveItem]) -> Sequence[Saved]:
        """Commit what may be saved of `items`, in one transaction; return one verdict each, in order."""
        connection = await self._line.connection()
        now = clock.real_now()
        by_schema: dict[str, list[SaveItem]] = defaultdict(list)
        for item in items:
            by_schema[item.schema].append(item)
        async with connection.transaction():
            found = await self._look(connection, by_schema)
            results = {id(item): _judged(found[item.schema].get(item.attempt_id), item, now) for item in items}
            accepted = {
                schema: [item for item in by_schema[schema] if results[id(item)].verdict is Verdict.ACCEPTED]
                for schema in sorted(by_schema)
            }
            accepted = {schema: saves for schema, saves in accepted.items() if saves}
            await self._append(connection, accepted, now)
            numbers = await self._tell(connection, accepted, found, now)
        for (schema, sitting_id), number in numbers.items():
            self._hints.note(schema, sitting_id, number)
        return [results[id(item)] for item in items]

    @staticmethod
    async def _look(
        connection: AsyncConnection[Any], by_schema: Mapping[str, list[SaveItem]]
    ) -> dict[str, dict[uuid.UUID, Found]]:
        async with connection.pipeline():
            cursors = {
                schema: await connection.execute(statements(schema)[0], [sorted({s.attempt_id for s in saves})])
                for schema, saves in sorted(by_schema.items())
            }
            return {
                schema: {row[0]: Found(row[1], row[2], row[3], Timing(*row[4:])) for row in await cursor.fetchall()}
                for schema, cursor in cursors.items()
            }

    @staticmethod
    async def _append(connection: AsyncConnection[Any], accepted: Mapping[str, list[SaveItem]], now: datetime) -> None:
        async with connection.pipeline():
            for schema, saves in accepted.items():
                rows = sorted(
                    (item.attempt_id, a.seq, item.epoch, a.question, a.choice, a.client_at)
                    for item in saves
                    for a in item.answers
                )
                columns = [list(column) for column in zip(*rows, strict=True)]
                await connection.execute(statements(schema)[1], [now, *columns])

    @staticmethod
    async def _tell(
        connection: AsyncConnection[Any],
        accepted: Mapping[str, list[SaveItem]],
        found: Mapping[str, Mapping[uuid.UUID, Found]],
        now: datetime,
    ) -> dict[tuple[str, uuid.UUID], int]:
        async with connection.pipeline():
            cursors = {
                schema: await connection.execute(statements(schema)[2], _told(saves, found[schema], now))
                for schema, saves in accepted.items()
            }
            numbers: dict[tuple[str, uuid.UUID], int] = {}
            for schema, cursor in cursors.items():
                for sitting_id, number in await cursor.fetchall():
                    key = (schema, sitting_id)
                    numbers[key] = max(number, numbers.get(key, 0))
        return numbers

    async def close(self) -> None:
        """Close the connection."""
        await self._line.close()


def _judged(found: Found | None, item: SaveItem, now: datetime) -> Saved:
    if found is None:
        return Saved(Verdict.BUSY)  # its row is locked by a hand-in or a command: it is tried again
    verdict = methods.judge(found.timing, now, epoch=item.epoch, lease_epoch=found.lease_epoch)
    return Saved(verdict, methods.deadline(found.timing, now))


def _told(saves: Sequence[SaveItem], found: Mapping[uuid.UUID, Found], now: datetime) -> dict[str, Any]:
    """Return the parameters that tell the rooms: one event for each attempt that saved."""
    newest: dict[uuid.UUID, tuple[int, int]] = {}
    for item in saves:
        last, count = newest.get(item.attempt_id, (0, 0))
        newest[item.attempt_id] = (max(last, *(a.seq for a in item.answers)), count + len(item.answers))
    counts: dict[uuid.UUID, int] = defaultdict(int)
    told, places, candidacies, data = [], [], [], []
    for attempt_id, (last, count) in newest.items():
        row = found[attempt_id]
        counts[row.sitting_id] += 1
        told.append(row.sitting_id)
        places.append(counts[row.sitting_id])
        candidacies.append(row.candidacy_id)
        data.append(json.dumps({"seq": last, "count": count}))
    return {
        "sittings": sorted(counts),
        "counts": [counts[sitting] for sitting in sorted(counts)],
        "kind": EventKind.SAVED.value,
        "at": now,
        "told": told,
        "places": places,
        "candidacies": candidacies,
        "data": data,
    }
