"""Background tasks of tests."""

import uuid
from datetime import datetime

from kernel import clock
from kernel.later import Priority, Where, task

from .operations import attempts


@task("attempts.finish_overdue", runs=Where.INSTITUTION, priority=Priority.URGENT)
def finish_overdue(*, attempt_id: str, at: datetime) -> None:
    """End an attempt whose time is up. Attempts in progress run on real time, whatever time requests were given."""
    attempts.finish_overdue(attempt_id=uuid.UUID(attempt_id), at=clock.real_now())
