"""What beat does for identity."""

from datetime import datetime

from kernel.later import clockwork

from . import operations


@clockwork("identity.clear_sessions", every=3600)
def clear_sessions(*, at: datetime) -> int:
    """Forget sessions that have expired."""
    return operations.clear_sessions()


@clockwork("identity.reseal", every=60)
def reseal(*, at: datetime) -> int:
    """Seal a few secrets of authenticators anew, as long as any lies under an older key."""
    return operations.reseal_authenticators()
