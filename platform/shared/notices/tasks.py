"""Tasks of notices."""

import uuid
from datetime import datetime
from typing import Any

from kernel.later import task

from . import operations


@task("notices.send")
def send(*, at: datetime, sealed: str) -> None:
    """Send what a lower app asked for."""
    operations.send_sealed(sealed=sealed, at=at)


@task("notices.send_officers")
def send_officers(
    *,
    at: datetime,
    role: str,
    scope: str,
    accounts: list[str],
    exclude: str,
    template: str,
    context: dict[str, Any],
    key: str,
) -> None:
    """Tell officers something that a lower app asked for."""
    operations.send_officers(
        role=role,
        scope=scope,
        accounts=[uuid.UUID(account) for account in accounts],
        exclude=uuid.UUID(exclude),
        template=template,
        context=context,
        key=key,
        at=at,
    )


@task("notices.deliver")
def deliver(*, at: datetime, message_id: str) -> None:
    """Let one message leave the house."""
    operations.deliver(message_id=uuid.UUID(message_id), at=at)
