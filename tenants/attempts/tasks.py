"""Background tasks of tests."""

import uuid
from datetime import datetime

from kernel import clock
from kernel.later import Priority, Where, task

from .operations import attempts, interventions


@task("attempts.finish_overdue", runs=Where.INSTITUTION, priority=Priority.URGENT)
def finish_overdue(*, attempt_id: str, at: datetime) -> None:
    """End an attempt whose time is up. Attempts in progress run on real time, whatever time requests were given."""
    attempts.finish_overdue(attempt_id=uuid.UUID(attempt_id), at=clock.real_now())


@task("attempts.carry_out_ending", runs=Where.INSTITUTION, priority=Priority.URGENT)
def carry_out_ending(*, attempt_id: str, at: datetime) -> None:
    """End or annul a test as its chief has ordered, if that was not taken back. On real time, as above."""
    interventions.carry_out_ending(attempt_id=uuid.UUID(attempt_id), at=clock.real_now())
