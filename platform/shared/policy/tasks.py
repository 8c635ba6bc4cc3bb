"""What beat does for the law as data."""

from datetime import datetime

from kernel import later

from . import operations


@later.clockwork("policy.settle_caps", every=600)
def settle_caps(*, at: datetime) -> None:
    """Mark the ceilings whose last day is over."""
    operations.settle_caps(at=at)
