"""Periodic tasks of policy."""

from datetime import datetime

from kernel import later

from .operations import caps


@later.periodic_task("policy.expire_caps", every=600)
def expire_caps(*, at: datetime) -> None:
    """Mark the ceilings whose last day is over."""
    caps.expire_caps(at=at)
