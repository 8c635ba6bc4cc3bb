"""Tasks of notices."""

import uuid
from datetime import datetime

from kernel.later import task

from . import operations


@task("notices.send")
def send(*, at: datetime, sealed: str) -> None:
    """Send what a lower app asked for."""
    operations.send_sealed(sealed=sealed, at=at)


@task("notices.deliver")
def deliver(*, at: datetime, message_id: str) -> None:
    """Send one message."""
    operations.deliver(message_id=uuid.UUID(message_id), at=at)
