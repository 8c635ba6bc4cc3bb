"""What the worker and beat do for the registry."""

import uuid
from datetime import datetime

from kernel import later

from . import operations


@later.task("registry.upload_institution")
def upload_institution(*, commitment_id: str, at: datetime) -> None:
    """Tell the ministry's system of an institution."""
    operations.upload(commitment_id=uuid.UUID(commitment_id), at=at)


@later.task("registry.collect_receipt")
def collect_receipt(*, commitment_id: str, at: datetime) -> None:
    """Ask the ministry's system for its receipt."""
    operations.collect_receipt(commitment_id=uuid.UUID(commitment_id), at=at)


@later.clockwork("registry.close_notices", every=300)
def close_notices(*, at: datetime) -> None:
    """End the public notices whose days are over."""
    operations.close_notices(at=at)


@later.clockwork("registry.ministry", every=30)
def ministry(*, at: datetime) -> None:
    """Go on with what waits for the ministry's system."""
    operations.move_uploads(at=at)
