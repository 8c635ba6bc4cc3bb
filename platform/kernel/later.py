"""`later()`: what is slow happens after commit, and never gets lost.

An outbox row with the schema, the time and the priority is written in the caller's transaction. On commit the worker is
woken, which takes the most urgent row (kernel.worker) and finds by itself what nobody woke it for. A task runs in ONE
transaction together with its outbox row, locked, so its effect on the database happens exactly once however often it is
taken.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import Flag, IntEnum, auto
from typing import Any
from zlib import crc32

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from django_tenants.utils import get_public_schema_name

from kernel import clock, outside, retries, tries
from kernel.errors import Refusal
from kernel.tenancy import current_schema, open_institution, open_public, owner_of, schemas

log = logging.getLogger(__name__)

Task = Callable[..., Any]


class Priority(IntEnum):
    """Whose turn it is first: within a priority, what was asked for first."""

    URGENT = 0
    """Somebody waits for it at this moment: codes, recovery, the end of a test."""
    NORMAL = 1
    BULK = 2
    """One of many alike that nobody waits for: invitations, confirmations."""
    LONG = 3
    """Takes more than a moment: archives, schemas. The workers do few of them at a time (NUOXING_LONG_TASKS)."""


class Where(Flag):
    """On which side a task is asked for, or runs."""

    PLATFORM = auto()
    INSTITUTION = auto()
    EVERYWHERE = PLATFORM | INSTITUTION


@dataclass(frozen=True, slots=True)
class RegisteredTask:
    """A task with the sides on which it runs and may be asked for; the database holds both (kernel.task_rights)."""

    name: str
    run: Task
    runs: Where
    asked_by: Where
    priority: Priority

    def runs_in(self, schema: str) -> bool:
        """Say whether it is a task of a schema."""
        return (Where.PLATFORM if schema == get_public_schema_name() else Where.INSTITUTION) in self.runs


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """A task that beat runs in the shared schema, every so many seconds."""

    name: str
    every: float
    run: Task


tasks: dict[str, RegisteredTask] = {}
_asked: ContextVar[list[Any] | None] = ContextVar("nuoxing_asked", default=None)
periodic_tasks: dict[str, PeriodicTask] = {}


def task(
    name: str, *, runs: Where, asked_by: Where | None = None, priority: Priority = Priority.NORMAL
) -> Callable[[Task], Task]:
    """Register a function of primitives and `at` as the task `name` ("app.verb"): where it runs, who may ask for it
    (whoever it runs for, unless `asked_by` says less), and whose turn it is first unless the caller says otherwise.

    A task that goes away stays registered for one release: what the old processes still ask for is refused otherwise.
    """

    def register(function: Task) -> Task:
        if name in tasks and tasks[name].run.__module__ != function.__module__:
            raise RuntimeError(f"two tasks are called {name}")
        tasks[name] = RegisteredTask(name, function, runs, runs if asked_by is None else asked_by, priority)
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


def wake() -> None:
    """Wake the worker, if there is a broker; where that fails it finds by itself what waits."""
    if not settings.NUOXING_PUBLISH:
        return
    try:
        import_string(settings.NUOXING_PUBLISH)()
    except Exception as fault:
        log.warning("the worker was not woken, it looks by itself: %s", str(fault).splitlines()[:1])


def later(name: str, *, not_before: datetime | None = None, priority: Priority | None = None, **kwargs: Any) -> int:
    """Ask for the task `name` after this transaction commits (or after `not_before`); return the outbox row's number,
    0 where it has none yet (`together`).

    `kwargs` are JSON primitives. The task runs in the schema that is open now and at the time this request was given.
    """
    row = _row(current_schema(), name, kwargs, priority, not_before)
    rows = _asked.get()
    if rows is not None:
        rows.append(row)
        return 0
    row.save(force_insert=True)
    _wake_on_commit([row])
    return int(row.pk)


def later_in(schema: str, name: str, **kwargs: Any) -> None:
    """Ask, as the platform, for the task `name` in an institution's schema."""
    row = _row(schema, name, kwargs, None, None)
    with open_public(), transaction.atomic():
        row.save(force_insert=True)
        _wake_on_commit([row])


def _row(schema: str, name: str, kwargs: dict[str, Any], priority: Priority | None, not_before: datetime | None) -> Any:
    if name not in tasks:
        raise LookupError(f"no task is called {name}")
    return _outbox()(
        schema=schema,
        task=name,
        kwargs=kwargs,
        priority=tasks[name].priority if priority is None else priority,
        simulated_at=clock.simulated_now(),
        not_before=not_before,
    )


def _wake_on_commit(rows: Iterable[Any]) -> None:
    """Wake the worker once, however much a transaction asks for."""
    is_scheduled = any(entry[1] is wake for entry in connection.run_on_commit)
    if not is_scheduled and any(row.not_before is None for row in rows):
        transaction.on_commit(wake, robust=True)


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
    _wake_on_commit(rows)


def for_each_institution(name: str, **kwargs: Any) -> int:
    """Ask for one task per institution, each in its own schema; return how many were asked for."""
    rows = [_row(schema, name, kwargs, None, None) for schema in schemas()]
    with open_public(), transaction.atomic():
        created = _outbox().objects.bulk_create(rows)
        _wake_on_commit(created)
    return len(created)


def arguments_waiting(name: str) -> list[dict[str, Any]]:
    """Return the arguments with which the task `name` waits in the schema that is open now."""
    rows = _outbox().objects.filter(schema=current_schema(), task=name, done_at=None)
    return list(rows.values_list("kwargs", flat=True))


def deliver(outbox_id: int) -> bool:
    """Run the task of one outbox row unless it was run or is being run; return whether it was run now."""
    with open_public():
        row = _outbox().objects.filter(pk=outbox_id, done_at=None).first()
    return row is not None and run(row, {})


def run(row: Any, owners: dict[str, Any]) -> bool:
    """Run the task of a row as it was read a moment ago; `owners` keeps whom schemas belong to.

    A Refusal is a foreseen no: it is written down and the row is done. Anything else is tried again (kernel.retries),
    an outside system that does not answer too.
    """
    with outside.listening() as answered:
        try:
            done = _run(row, owners)
        except Exception as fault:
            if not isinstance(fault, outside.Waiting):
                log.exception("outbox %s (%s) failed", row.pk, row.task)
            retries.note_failure(row.pk, fault)
            done = False
    if answered and outside.note_answers(answered):
        wake()
    return done


def _run(row: Any, owners: dict[str, Any]) -> bool:
    if row.task not in tasks or not tasks[row.task].runs_in(row.schema):
        raise retries.NotRegistered(f"{row.task} is no task of {row.schema}")
    if row.schema not in owners:
        owners[row.schema] = owner_of(row.schema)
    with open_institution(owners[row.schema]), clock.at(row.simulated_at), transaction.atomic():
        locked = _outbox().objects.select_for_update(skip_locked=True).filter(pk=row.pk, done_at=None).first()
        if locked is None:
            return False
        try:
            with tries.of(locked), transaction.atomic():
                tasks[row.task].run(at=clock.now(), **row.kwargs)
        except outside.Unanswered as unanswered:
            raise outside.Fault(unanswered.system, repr(unanswered.__cause__ or "")) from unanswered
        except Refusal as refusal:
            locked.error = f"refused: {refusal.code}"
        locked.done_at = clock.real_now()
        locked.attempts += 1
        locked.save(update_fields=["done_at", "attempts", "error"])
    return True


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
                delivered += run(row, owners)
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
