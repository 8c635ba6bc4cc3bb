"""What beat does for identity."""

from datetime import datetime

from kernel.later import clockwork

from . import operations


@clockwork("identity.clear_sessions", every=3600)
def clear_sessions(*, at: datetime) -> int:
    """Forget sessions that have expired."""
    return operations.clear_sessions()
