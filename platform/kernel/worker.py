"""Worker: takes what waits in the outbox, the most urgent first, and takes up what another worker left when it died.

The outbox is the queue; the broker only wakes (config.celery), and a thread looks every second (config.sweeping). Who
takes a row holds an advisory lock of the session on it, which the database lets go when the session ends, however it
ends, and writes down that it was taken: a row that was taken, is not done and is not locked was lost with its worker.
"""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from kernel import clock, later, outside, retries
from kernel.later import Priority
from kernel.models import Outbox
from kernel.tenancy import open_public

LOCKS = 0x6E78
"""The first number of our advisory locks; the second is a row's, or below nought a place for what takes long."""
SECONDS = 1.0
"""How long one waking works at most: whoever else waits for a thread, periodic tasks, gets one in between."""

READY = """
WITH ready AS MATERIALIZED (
  (SELECT id, priority, taken_at FROM public.kernel_outbox
    WHERE done_at IS NULL AND not_before IS NULL AND waits_for = '' AND id <> ALL(%(exclude)s)
    ORDER BY priority, id LIMIT 50)
  UNION ALL
  (SELECT id, priority, taken_at FROM public.kernel_outbox
    WHERE done_at IS NULL AND not_before <= %(real)s AND waits_for = '' AND id <> ALL(%(exclude)s)
    ORDER BY priority, id LIMIT 50)
), ordered AS MATERIALIZED (SELECT * FROM ready ORDER BY priority, id)
"""
LIST = READY + "SELECT id FROM ordered"  # noqa: S608  # both are ours
# What takes long has a lock of its own first, of which there are few: the others stay for what is short.
LOCK_FIRST = (
    READY
    + """
SELECT id, taken_at IS NOT NULL FROM ordered
 WHERE CASE WHEN priority < %(long)s OR pg_try_advisory_lock(%(locks)s, -1 - (id %% %(slots)s)::int)
            THEN pg_try_advisory_lock(%(locks)s, (id %% 2147483647)::int) ELSE false END
 LIMIT 1
"""
)
# That it was taken is worth no wait for the disk: lost with the whole server, it is one death uncounted.
TAKE = """
UPDATE public.kernel_outbox SET taken_at = %(real)s, lost_attempts = lost_attempts + %(lost)s
 WHERE id = (SELECT id FROM public.kernel_outbox WHERE id = %(id)s AND done_at IS NULL AND waits_for = ''
                AND (not_before IS NULL OR not_before <= %(real)s) FOR UPDATE SKIP LOCKED)
 RETURNING *, set_config('synchronous_commit', 'off', true)
"""
UNLOCK = "SELECT pg_advisory_unlock_all()"


def work(*, seconds: float = SECONDS) -> bool:
    """Run what is ready, the most urgent first, until nothing is or the time is over; return whether it was over."""
    until, owners, skipped = time.monotonic() + seconds, dict[str, Any](), set[int]()
    while time.monotonic() < until:
        with taking(exclude=skipped) as row:
            if row is None:
                return False
            if not later.run(row, owners):
                skipped.add(row.pk)  # somebody else holds it, or it has failed and is due later
    return True


@contextmanager
def taking(*, exclude: Collection[int] = ()) -> Iterator[Outbox | None]:
    """Take the most urgent row that is ready and that nobody has, for the length of the block; None without one."""
    real, passed = clock.real_now(), set(exclude)
    try:
        while (locked := _lock_first(real, passed)) is not None:
            row = _take(*locked, real=real)
            if row is not None:
                yield row
                return
            passed.add(locked[0])
        yield None
    finally:
        with open_public(), connection.cursor() as cursor:
            cursor.execute(UNLOCK)


def _lock_first(real: datetime, exclude: Collection[int]) -> tuple[int, bool] | None:
    values: dict[str, Any] = {"real": real, "exclude": list(exclude), "locks": LOCKS}
    values |= {"long": int(Priority.LONG), "slots": settings.NUOXING_LONG_TASKS}
    with open_public(), connection.cursor() as cursor:
        cursor.execute(LOCK_FIRST, values)
        locked: tuple[int, bool] | None = cursor.fetchone()
        return locked


def _take(number: int, lost: bool, *, real: datetime) -> Outbox | None:
    """Write down that a row is taken; None where it was done meanwhile, somebody has it in hand without us (who drains
    the outbox), or it stands back since its workers die.
    """
    with open_public():
        row = next(iter(Outbox.objects.raw(TAKE, {"id": number, "lost": int(lost), "real": real})), None)
        return None if row is None or (lost and retries.note_lost(row, real=real)) else row


def ready(*, real: datetime) -> list[int]:
    """Return the numbers of the rows that are ready, taken or not, in their turn."""
    with open_public(), connection.cursor() as cursor:
        cursor.execute(LIST, {"real": real, "exclude": []})
        return [number for (number,) in cursor.fetchall()]


def sweep(*, real: datetime) -> None:
    """Let go what waits for outside systems that answer, and wake the worker for what nobody woke it for."""
    outside.release_waiting(real=real)
    if ready(real=real):
        later.wake()
