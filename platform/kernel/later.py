"""`later()`: what is slow happens after commit, and never gets lost.

An outbox row with the schema and the time is written in the caller's transaction. On commit it is published to the
worker; beat publishes again what was not taken. A task runs in ONE transaction together with its outbox row, locked, so
its effect on the database happens exactly once however often it is delivered.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zlib import crc32

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from kernel import clock
from kernel.errors import Refusal
from kernel.tenancy import current_schema, open_institution, open_public, owner_of, schemas

log = logging.getLogger(__name__)

REPUBLISH_AFTER = timedelta(seconds=30)
MAX_ATTEMPTS = 12

Task = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """A task that beat runs in the shared schema, every so many seconds."""

    name: str
    every: float
    run: Task


tasks: dict[str, Task] = {}
_asked: ContextVar[list[Any] | None] = ContextVar("nuoxing_asked", default=None)
periodic_tasks: dict[str, PeriodicTask] = {}


def task(name: str) -> Callable[[Task], Task]:
    """Register a function of primitives and `at` as the task `name` ("app.verb")."""

    def register(function: Task) -> Task:
        if name in tasks and tasks[name].__module__ != function.__module__:
            raise RuntimeError(f"two tasks are called {name}")
        tasks[name] = function
        return function

    return register


def periodic_task(name: str, *, every: float) -> Callable[[Task], Task]:
    """Register a function of `at` that beat runs in the shared schema every so many seconds."""

    def register(function: Task) -> Task:
        periodic_tasks[name] = PeriodicTask(name, every, function)
        return function

    return register


def _outbox() -> Any:
    return apps.get_model("kernel", "Outbox")


def _publish(outbox_id: int) -> None:
    if not settings.NUOXING_PUBLISH:
        return
    try:
        import_string(settings.NUOXING_PUBLISH)(outbox_id)
    except Exception as fault:
        log.warning("outbox %s was not published, beat will do it: %s", outbox_id, str(fault).splitlines()[:1])


def later(name: str, *, not_before: datetime | None = None, **kwargs: Any) -> int:
    """Ask for the task `name` after this transaction commits (or after `not_before`); return the outbox row's number,
    0 where it has none yet (`together`).

    `kwargs` are JSON primitives. The task runs in the schema that is open now and at the time this request was given.
    """
    if name not in tasks:
        raise LookupError(f"no task is called {name}")
    row = _outbox()(
        schema=current_schema(), task=name, kwargs=kwargs, simulated_at=clock.simulated_now(), not_before=not_before
    )
    asked = _asked.get()
    if asked is not None:
        asked.append(row)
        return 0
    row.save(force_insert=True)
    _publish_on_commit([row])
    return int(row.pk)


def _publish_on_commit(rows: Iterable[Any]) -> None:
    for row in rows:
        if row.not_before is None:
            transaction.on_commit(partial(_publish, row.pk), robust=True)


@contextmanager
def together() -> Iterator[None]:
    """Write what the enclosed work asks for in one go at its end: for work that is one transaction."""
    token = _asked.set([])
    try:
        yield
        rows = _asked.get() or []
    finally:
        _asked.reset(token)
    with open_public():  # each row says itself in which schema it was asked for
        _outbox().objects.bulk_create(rows, batch_size=1000)
    _publish_on_commit(rows)


def for_each_institution(name: str, **kwargs: Any) -> int:
    """Ask for one task per institution, each in its own schema; return how many were asked for."""
    rows = [
        _outbox()(schema=schema, task=name, kwargs=kwargs, simulated_at=clock.simulated_now(), not_before=None)
        for schema in schemas()
    ]
    with open_public(), transaction.atomic():
        created = _outbox().objects.bulk_create(rows)
        _publish_on_commit(created)
    return len(created)


def deliver(outbox_id: int) -> bool:
    """Run the task of one outbox row unless it was run or is being run; return whether it was run now.

    A Refusal is a foreseen no: it is written down and the row is done. Anything else is tried again, ever later.
    """
    with open_public():
        row = _outbox().objects.filter(pk=outbox_id, done_at=None).first()
    return row is not None and _deliver(row, {})


def _deliver(row: Any, owners: dict[str, Any]) -> bool:
    """Run the task of a row as it was read a moment ago; `owners` keeps whom schemas belong to."""
    outbox_id = row.pk
    try:
        if row.schema not in owners:
            owners[row.schema] = owner_of(row.schema)
        with open_institution(owners[row.schema]), clock.at(row.simulated_at), transaction.atomic():
            locked = _outbox().objects.select_for_update(skip_locked=True).filter(pk=outbox_id, done_at=None).first()
            if locked is None:
                return False
            try:
                with transaction.atomic():
                    tasks[row.task](at=clock.now(), **row.kwargs)
            except Refusal as refusal:
                locked.error = f"refused: {refusal.code}"
            locked.done_at = clock.real_now()
            locked.attempts += 1
            locked.save(update_fields=["done_at", "attempts", "error"])
    except Exception as fault:
        log.exception("outbox %s (%s) failed", outbox_id, row.task)
        _note_failure(outbox_id, fault)
        return False
    return True


def _note_failure(outbox_id: int, fault: Exception) -> None:
    with open_public(), transaction.atomic():
        row = _outbox().objects.select_for_update().get(pk=outbox_id)
        row.attempts += 1
        row.error = f"{type(fault).__name__}: {fault}"[:500]
        row.not_before = clock.real_now() + timedelta(seconds=min(3600, 5 * 2**row.attempts))
        row.save(update_fields=["attempts", "error", "not_before"])


def due(*, real_now: datetime, limit: int = 500) -> list[int]:
    """Return the numbers of the outbox rows that should have been taken by `real` and were not."""
    rows = _outbox().objects.filter(done_at=None, attempts__lt=MAX_ATTEMPTS)
    rows = rows.filter(Q(not_before=None, created_at__lt=real_now - REPUBLISH_AFTER) | Q(not_before__lte=real_now))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def republish(*, real_now: datetime) -> int:
    """Publish again what a killed process left behind; return how many rows."""
    with open_public():
        waiting = due(real_now=real_now)
    for pk in waiting:
        _publish(pk)
    return len(waiting)


def drain(*, until: datetime | None = None, share: tuple[int, int] = (0, 1)) -> int:
    """Run everything that waits in the outbox, here and now (tests, the operator's runs by hand); return how many.

    A task that asks for itself again, for a later time of its own, is run once and not for ever. As share (n, of) only
    every of-th is run, where so many processes do it side by side; what is asked for alike is of one share.
    """
    delivered, attempted, deferred, owners = 0, set[int](), set[str](), dict[str, Any]()
    while rows := waiting(until=until or clock.now(), exclude=attempted):
        attempted.update(row.pk for row in rows)  # what another worker holds is left to it
        for row in rows:
            if not in_share(row, share):
                continue
            call = call_of(row)
            if row.not_before is None or call not in deferred:
                delivered += _deliver(row, owners)
            if row.not_before is not None:
                deferred.add(call)
    return delivered


def waiting(*, until: datetime, exclude: Collection[int], limit: int = 500) -> list[Any]:
    """Return the first outbox rows that nobody has tried yet and that are due by `until`, but for those given."""
    with open_public():
        rows = _outbox().objects.filter(Q(not_before=None) | Q(not_before__lte=until), done_at=None, attempts=0)
        return list(rows.exclude(pk__in=exclude).order_by("pk")[:limit])


def in_share(row: Any, share: tuple[int, int]) -> bool:
    """Say whether a row is of share (n, of), where so many processes do what waits; like calls are of one share."""
    return crc32(call_of(row).encode()) % share[1] == share[0]


def call_of(row: Any) -> str:
    """Return what a row asks for: the same task with the same values in the same schema is the same call."""
    return f"{row.schema}:{row.task}:{row.kwargs}"


def run_periodic_task(name: str, *, at: datetime) -> Any:
    """Run one periodic task in the shared schema for a given time."""
    with open_public(), clock.at(at if at != clock.now() else clock.simulated_now()):
        return periodic_tasks[name].run(at=at)
