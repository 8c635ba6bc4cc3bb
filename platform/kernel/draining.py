"""Tasks that wait, done many in one transaction: for a load in which each alone would cost more than what it does."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from kernel import audit, clock, later
from kernel.errors import Refusal
from kernel.models import Outbox
from kernel.tenancy import open_institution, owner_of

log = logging.getLogger(__name__)

MOST = 200
"""Tasks of one transaction at most: what fails takes the others with it, and all are done again one by one."""


@contextmanager
def in_one_go() -> Iterator[None]:
    """Set no savepoints within one transaction, and write notes and what is asked for later at its end, each in one
    statement: for many acts of which all stand or none, and of which none reads the notes of another.
    """
    connection.features.uses_savepoints = False
    try:
        with later.together(), audit.together():
            yield
    finally:
        connection.features.uses_savepoints = True


def drain(*, until: datetime, share: tuple[int, int] = (0, 1)) -> int:
    """Do what waits in the outbox as `later.drain` does, those of one schema together; return how many were done."""
    count, attempted, deferred, owners = 0, set[int](), set[str](), dict[str, Any]()
    while rows := later.waiting(until=until, exclude=attempted):
        attempted.update(row.pk for row in rows)
        mine = [row for row in rows if later.in_share(row, share) and later.call_of(row) not in deferred]
        deferred.update(later.call_of(row) for row in mine if row.not_before is not None)
        mine.sort(key=_turn)
        for _key, group in groupby(mine, key=lambda row: (row.schema, row.simulated_at)):
            group_rows = list(group)
            for start in range(0, len(group_rows), MOST):
                count += _deliver(group_rows[start : start + MOST], owners)
    return count


def _turn(row: Any) -> tuple[str, str, bool]:
    """Return when a task's turn is, else in the order in which they were asked for: seals last, since a sealing holds
    the chain of all schemas' heads until the transaction ends.
    """
    return row.schema, str(row.simulated_at), row.task == "kernel.seal"


def _deliver(rows: Sequence[Any], owners: dict[str, Any]) -> int:
    """Do tasks of one schema in one transaction; where that cannot be, each in its own."""
    first = rows[0]
    if first.schema not in owners:
        owners[first.schema] = owner_of(first.schema)
    try:
        with open_institution(owners[first.schema]), clock.at(first.simulated_at), transaction.atomic(), in_one_go():
            return _run(rows)
    except Exception as fault:
        if not isinstance(fault, Refusal):
            log.info("%s tasks of %s are done one by one: %s", len(rows), first.schema, type(fault).__name__)
        return sum(later.deliver(row.pk) for row in rows)


def _run(rows: Sequence[Any]) -> int:
    keys = [row.pk for row in rows]
    locked = Outbox.objects.select_for_update(skip_locked=True).filter(pk__in=keys, done_at=None)
    free = set(locked.values_list("pk", flat=True))
    mine = [row for row in rows if row.pk in free]
    asked = Counter(later.call_of(row) for row in mine)
    for row in mine:
        if asked[later.call_of(row)] > 1 and not Outbox.objects.filter(pk=row.pk, done_at=None).exists():
            continue  # one of its like has settled them all
        later.tasks[row.task].run(at=clock.now(), **row.kwargs)
    done = Outbox.objects.filter(pk__in=[row.pk for row in mine])
    return done.update(done_at=clock.real_now(), attempts=F("attempts") + 1)
