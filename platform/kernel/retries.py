"""Retries: when a task is tried again that failed, or whose worker died, and when a person is asked.

A worker's death is no fault of the task: it is taken up at once, twice; whoever is hit oftener stands back, so that a
task that kills its worker does not keep the others from theirs.
"""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import transaction

from kernel import clock, outside
from kernel.tenancy import open_public

OPERATOR = "operator"
"""What a task waits for that was given up: an operator's fresh start."""
MAX_ATTEMPTS = 12
MAX_LOST = 12
LOST_AT_ONCE = 2
LONGEST_PAUSE = 300.0
LONGEST_PAUSE_OF_LOST = 60.0
GIVE_UP_AFTER = timedelta(days=1)
"""How long an outside system is asked again for one task."""


class NotRegistered(Exception):
    """A row asks for what is no task of its schema: nothing runs, and an operator sees it."""


def note_failure(outbox_id: int, fault: Exception) -> None:
    """Write down that an attempt failed, and when the next is due: never for what is no task, once it answers for an
    outside system that is down, for anything else after a pause that doubles to five minutes, until a person is asked.
    """
    real, detail, down = clock.real_now(), f"{type(fault).__name__}: {fault}"[:500], False
    with open_public(), transaction.atomic():
        if isinstance(fault, outside.Fault) and not isinstance(fault, outside.Waiting):
            down = outside.note_fault(fault.system, str(fault), real=real)
        row = _outbox().objects.select_for_update().filter(pk=outbox_id, done_at=None).first()
        if row is None:
            return
        row.taken_at = None
        if isinstance(fault, outside.Waiting):
            row.waits_for = fault.system
        else:
            row.attempts += 1
            row.error = detail
            row.not_before = real + outside.pause(row.attempts, longest=LONGEST_PAUSE)
            row.waits_for = _waits_for(row, fault, down=down, real=real)
        row.save(update_fields=["taken_at", "attempts", "error", "not_before", "waits_for"])


def _waits_for(row: Any, fault: Exception, *, down: bool, real: datetime) -> str:
    if isinstance(fault, outside.Fault):
        tried_enough = row.created_at < real - GIVE_UP_AFTER
    else:
        tried_enough = isinstance(fault, NotRegistered) or row.attempts >= MAX_ATTEMPTS
    if tried_enough:
        return OPERATOR
    return fault.system if down and isinstance(fault, outside.Fault) else ""


def note_lost(row: Any, *, real: datetime) -> bool:
    """Let a task whose worker died more than twice stand back; return whether it does."""
    if row.lost_attempts <= LOST_AT_ONCE:
        return False
    row.taken_at = None
    row.error = f"its worker died {row.lost_attempts} times"
    row.not_before = real + outside.pause(row.lost_attempts - LOST_AT_ONCE, longest=LONGEST_PAUSE_OF_LOST)
    row.waits_for = OPERATOR if row.lost_attempts >= MAX_LOST else ""
    row.save(update_fields=["taken_at", "error", "not_before", "waits_for"])
    return True


def _outbox() -> Any:
    return apps.get_model("kernel", "Outbox")
