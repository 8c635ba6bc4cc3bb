"""Periodic tasks of policy."""

from datetime import datetime

from kernel import later

from . import operations


@later.periodic_task("policy.expire_caps", every=600)
def expire_caps(*, at: datetime) -> None:
    """Mark the ceilings whose last day is over."""
    operations.expire_caps(at=at)
