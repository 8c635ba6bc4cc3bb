"""Outside systems as tasks find them: whether one answers, and what waits until it does.

A task calls one within `call`. After three faults in a row the system is taken to be down: what needs it waits, one
task at a time tries again, ever later up to half a minute; the first answer lets all that waited go at once.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import Refusal
from kernel.tenancy import open_public

DOWN_AFTER = 3
LONGEST_PROBE = 30.0

_random = SystemRandom()
_answered: ContextVar[set[str] | None] = ContextVar("nuoxing_answered", default=None)


class Fault(Exception):
    """An outside system did not answer, or not as it should."""

    def __init__(self, system: str, detail: str = "") -> None:
        """Name the system."""
        super().__init__(detail or f"{system} does not answer")
        self.system = system


class Unanswered(Refusal):
    """An outside system does not answer: to a person a refusal, to a task a fault, after which it is tried again."""

    code = "outside-unanswered"
    status = 503
    system = ""
    message = _("An outside system does not answer now. Please try again in a moment.")


class Waiting(Fault):
    """It did not answer others a moment ago and was not asked."""


def pause(count: int, *, longest: float) -> timedelta:
    """Return how long to wait after so many faults in a row: 1 s, 2 s, 4 s …, or by chance up to half less."""
    seconds = min(longest, 2.0 ** min(count - 1, 16))
    return timedelta(seconds=seconds * _random.uniform(0.5, 1.0))


@contextmanager
def listening() -> Iterator[set[str]]:
    """Collect which systems answer within the block that did not answer before."""
    answered = set[str]()
    token = _answered.set(answered)
    try:
        yield answered
    finally:
        _answered.reset(token)


@contextmanager
def call(system: str, *, faults: type[Exception] | tuple[type[Exception], ...]) -> Iterator[None]:
    """Call a system; `faults` are what is raised where it does not answer, anything else is an answer.

    Raises Waiting, without a call, while it is taken to be down, and Fault in place of one of `faults`.
    """
    known = _failing(system)
    if known is not None and known.faults >= DOWN_AFTER and known.probe_at > clock.real_now():
        raise Waiting(system)
    try:
        yield
    except faults as fault:
        raise Fault(system, f"{type(fault).__name__}: {fault}") from fault
    except Exception:
        _remember(system, known)
        raise
    _remember(system, known)


def _remember(system: str, known: Any | None) -> None:
    answered = _answered.get()
    if known is not None and answered is not None:
        answered.add(system)


def note_fault(system: str, detail: str, *, real: datetime) -> bool:
    """Write down that a system did not answer; return whether it is taken to be down."""
    with open_public(), transaction.atomic():
        row = _table().objects.select_for_update().get_or_create(name=system)[0]
        row.faults = min(row.faults + 1, 30_000)
        row.failing_since = row.failing_since or real
        row.error = detail[:300]
        row.probe_at = real + pause(max(row.faults - DOWN_AFTER + 1, 1), longest=LONGEST_PROBE)
        row.save(update_fields=["faults", "failing_since", "error", "probe_at"])
        return bool(row.faults >= DOWN_AFTER)


def note_answers(systems: Collection[str]) -> bool:
    """Write down that systems answer again, and let go what waits for them; return whether anything did."""
    counts = [note_answer(system)[1] for system in systems]
    return sum(counts) > 0


def note_answer(system: str) -> tuple[bool, int]:
    """Write down that a system answers; return whether it was taken to be down, and how many tasks it lets go."""
    with open_public(), transaction.atomic():
        row = _table().objects.select_for_update().filter(name=system, faults__gt=0).first()
        if row is None:
            return False, 0
        was_down = bool(row.faults >= DOWN_AFTER)
        row.faults, row.failing_since, row.probe_at = 0, None, None
        row.save(update_fields=["faults", "failing_since", "probe_at"])
        return was_down, _waiting(system).update(waits_for="", not_before=None)


def release_waiting(*, real: datetime) -> int:
    """Let go what waits for a system that is not down any more, and the first task for one that is to be tried again;
    return how many tasks. The worker asks this every second.
    """
    with open_public():
        systems = list(_waiting().order_by().values_list("waits_for", flat=True).distinct())
        return sum(_release(system, real) for system in systems)


def _release(system: str, real: datetime) -> int:
    known = _failing(system)
    if known is None or known.faults < DOWN_AFTER:
        return int(_waiting(system).update(waits_for="", not_before=None))
    if known.probe_at > real:
        return 0
    with transaction.atomic():  # who has tried least comes first: one that fails by itself keeps nobody waiting
        rows = _waiting(system).select_for_update(skip_locked=True).order_by("priority", "attempts", "pk")
        first = rows.values_list("pk", flat=True).first()
        return int(_outbox().objects.filter(pk=first).update(waits_for="", not_before=None))


def failing() -> list[Any]:
    """Return the systems that are taken to be down, as rows."""
    return list(_table().objects.filter(faults__gte=DOWN_AFTER).order_by("name"))


def _failing(system: str) -> Any | None:
    with open_public():
        return _table().objects.filter(name=system, faults__gt=0).first()


def _waiting(system: str = "") -> Any:
    rows = _outbox().objects.filter(done_at=None)
    return rows.filter(waits_for=system) if system else rows.exclude(waits_for__in=["", "operator"])


def _table() -> Any:
    return apps.get_model("kernel", "OutsideSystem")


def _outbox() -> Any:
    return apps.get_model("kernel", "Outbox")
