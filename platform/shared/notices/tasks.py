"""Tasks of notices."""

import uuid
from datetime import datetime

from kernel.later import Where, task

from . import operations


@task("notices.send", runs=Where.EVERYWHERE)
def send(*, at: datetime, sealed: str) -> None:
    """Send what a lower app asked for."""
    operations.send_sealed(sealed=sealed, at=at)


@task("notices.deliver", runs=Where.EVERYWHERE)
def deliver(*, at: datetime, message_id: str) -> None:
    """Send one message."""
    operations.deliver(message_id=uuid.UUID(message_id), at=at)
