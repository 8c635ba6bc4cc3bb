"""Saves: many pages, one transaction. Every save is judged with its attempt's row locked, so no hand-in slips between.

Rows are locked SHARE and SKIP LOCKED: a hand-in that holds one attempt delays that attempt alone, never the batch.
This is the one place where microseconds count: keys stay text, rows stay tuples, arrays are written as literals.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import psycopg
from psycopg import AsyncConnection, sql

from kernel import clock
from tenants.sittings.states import EventKind

from ..methods import timing as timing_methods
from ..methods.protocol import Answer
from ..methods.timing import Timing, Verdict
from .connections import Connection, table
from .hints import Hints

_LOCK_ATTEMPTS = """
SELECT id::text, sitting_id::text, candidacy_id::text, lease_epoch, state, started_at,
       working_time, added_time, held_time, held_since
  FROM {attempt} WHERE id = ANY(%s::uuid[]) ORDER BY id FOR SHARE SKIP LOCKED
"""
_INSERT_ANSWERS = """
INSERT INTO {answers} (attempt_id, seq, epoch, question, choice, client_at, server_at)
SELECT sent.*, %s::timestamptz
  FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::text[], %s::text[], %s::timestamptz[]) AS sent
ON CONFLICT DO NOTHING
"""
# The last statement before COMMIT: it holds the heads of the rooms, in order, for no longer than the commit takes.
_APPEND_EVENTS = """
WITH news AS (SELECT * FROM unnest(%(sittings)s::uuid[], %(data)s::text[]) AS event(sitting, data)),
     held AS (SELECT sitting_id FROM {head} WHERE sitting_id = ANY(%(sittings)s::uuid[])
               ORDER BY sitting_id FOR UPDATE),
     raised AS (UPDATE {head} AS h SET n = h.n + 1 FROM news, held
                 WHERE h.sitting_id = news.sitting AND held.sitting_id = h.sitting_id
                 RETURNING h.sitting_id, h.n, news.data),
     written AS (INSERT INTO {events} (sitting_id, n, kind, at, data)
                 SELECT sitting_id, n, %(kind)s, %(at)s::timestamptz, data::jsonb FROM raised)
SELECT sitting_id::text, n FROM raised
"""


class SaveItem(NamedTuple):
    """One request's changes of answers; `attempt` is the attempt's key as text."""

    schema: str
    attempt: str
    epoch: int
    answers: tuple[Answer, ...]


class SaveResult(NamedTuple):
    """The verdict on a save, when it was decided, and until when there is time."""

    verdict: Verdict
    at: datetime
    deadline: datetime | None = None


class LockedAttempt(NamedTuple):
    """An attempt as it stands, locked."""

    sitting: str
    candidacy: str
    lease_epoch: int
    timing: Timing


_encode = json.JSONEncoder(separators=(",", ":")).encode
Rows = Mapping[str, Mapping[str, LockedAttempt]]
Saves = Mapping[str, Sequence[SaveItem]]


@lru_cache(maxsize=2000)
def statements(schema: str) -> tuple[sql.Composed, sql.Composed, sql.Composed]:
    """Return the three statements of a schema, its name quoted into them."""
    names = {
        "attempt": table(schema, "attempts_attempt"),
        "answers": table(schema, "attempts_answerlog"),
        "head": table(schema, "sittings_sittinghead"),
        "events": table(schema, "sittings_sittingevent"),
    }
    return (
        sql.SQL(_LOCK_ATTEMPTS).format(**names),
        sql.SQL(_INSERT_ANSWERS).format(**names),
        sql.SQL(_APPEND_EVENTS).format(**names),
    )


def literal(values: Iterable[object]) -> str:
    """Return an array as PostgreSQL reads it.

    Only for values without quotes and backslashes: keys, numbers, times, and what methods.protocol has let through.
    """
    return '{"' + '","'.join(map(str, values)) + '"}'


class AnswerWriter:
    """Writes batches of saves; given to a kernel.db.group_commit.GroupCommitter."""

    def __init__(self, hints: Hints) -> None:
        """Take the sender of hints."""
        self._connection = Connection()
        self._hints = hints

    async def __call__(self, items: Sequence[SaveItem]) -> Sequence[SaveResult]:
        """Commit what may be saved of `items`, in one transaction; return one verdict each, in order."""
        connection = await self._connection.acquire()
        now = clock.real_now()
        saves: dict[str, list[SaveItem]] = defaultdict(list)
        for item in items:
            saves[item.schema].append(item)
        try:
            attempts = await _lock_attempts(connection, saves)
            results = [_judge(attempts[item.schema].get(item.attempt), item, now) for item in items]
            accepted: dict[str, list[SaveItem]] = defaultdict(list)
            for item, result in zip(items, results, strict=True):
                if result.verdict is Verdict.ACCEPTED:
                    accepted[item.schema].append(item)
            await _insert_answers(connection, accepted, now)
            numbers = await _append_events_and_commit(connection, accepted, attempts, now)
        except BaseException:
            await _roll_back(connection)
            raise
        for schema, sitting, number in numbers:
            self._hints.note(schema, sitting, number)
        return results

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()


async def _roll_back(connection: AsyncConnection[Any]) -> None:
    """Leave nothing open behind a batch that failed; a connection that cannot do even that is closed."""
    try:
        await connection.execute("ROLLBACK")
    except psycopg.Error:
        await connection.close()


async def _lock_attempts(connection: AsyncConnection[Any], saves: Saves) -> Rows:
    async with connection.pipeline():
        await connection.execute("BEGIN")
        cursors = {
            schema: await connection.execute(statements(schema)[0], [literal({item.attempt for item in saves[schema]})])
            for schema in sorted(saves)
        }
        return {
            schema: {row[0]: LockedAttempt(row[1], row[2], row[3], Timing(*row[4:])) for row in await cursor.fetchall()}
            for schema, cursor in cursors.items()
        }


def _judge(attempt: LockedAttempt | None, item: SaveItem, now: datetime) -> SaveResult:
    if attempt is None:
        return SaveResult(Verdict.BUSY, now)  # its row is locked by a hand-in or a command: it is tried again
    verdict = timing_methods.judge(attempt.timing, now, epoch=item.epoch, lease_epoch=attempt.lease_epoch)
    return SaveResult(verdict, now, timing_methods.deadline(attempt.timing, now))


async def _insert_answers(connection: AsyncConnection[Any], accepted: Saves, now: datetime) -> None:
    async with connection.pipeline():
        for schema in sorted(accepted):
            rows = sorted(
                (item.attempt, answer.seq, item.epoch, answer.question, answer.choice, answer.client_at.isoformat())
                for item in accepted[schema]
                for answer in item.answers
            )
            columns = [literal(column) for column in zip(*rows, strict=True)]
            await connection.execute(statements(schema)[1], [now, *columns])


async def _append_events_and_commit(
    connection: AsyncConnection[Any], accepted: Saves, attempts: Rows, now: datetime
) -> list[tuple[str, str, int]]:
    async with connection.pipeline():
        cursors = {
            schema: await connection.execute(
                statements(schema)[2], _event_parameters(accepted[schema], attempts[schema], now)
            )
            for schema in sorted(accepted)
        }
        await connection.execute("COMMIT")
        return [(schema, *row) for schema, cursor in cursors.items() for row in await cursor.fetchall()]


def _event_parameters(
    saves: Sequence[SaveItem], attempts: Mapping[str, LockedAttempt], now: datetime
) -> dict[str, Any]:
    """Return the parameters of the events: one for each room, with who saved up to which number and how many."""
    rooms: dict[str, dict[str, tuple[int, int]]] = {}
    for item in saves:
        sitting, candidacy = attempts[item.attempt][:2]
        room = rooms.setdefault(sitting, {})
        last, count = room.get(candidacy, (0, 0))
        room[candidacy] = (max(last, *(answer.seq for answer in item.answers)), count + len(item.answers))
    return {
        "sittings": literal(rooms),
        "data": [_encode({"saved": room}) for room in rooms.values()],
        "kind": EventKind.SAVED.value,
        "at": now,
    }
