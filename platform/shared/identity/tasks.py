"""Periodic tasks of identity."""

from datetime import datetime

from kernel.later import periodic_task

from .operations import accounts, keys


@periodic_task("identity.clear_sessions", every=3600)
def clear_sessions(*, at: datetime) -> int:
    """Forget sessions that have expired."""
    return accounts.clear_sessions()


@periodic_task("identity.reseal", every=60)
def reseal(*, at: datetime) -> int:
    """Seal a few secrets of authenticators anew, as long as any lies under an older key."""
    return keys.reseal_authenticators()
