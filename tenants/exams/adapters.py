"""Hints to consoles over the channel layer, never before the commit of what they hint at."""

import logging
import uuid
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from kernel import tenancy

from . import methods

log = logging.getLogger(__name__)


def hint(number: int) -> dict[str, Any]:
    """Return the message that says up to which event a room has come."""
    return {"type": "room.hint", "n": number}


def hint_on_commit(sitting_id: uuid.UUID, number: int) -> None:
    """Send the consoles of a sitting, once this transaction is committed, a hint that event `number` exists."""
    group = f"{tenancy.current_schema()}.{methods.room_group(sitting_id)}"
    transaction.on_commit(lambda: _send_hint(group, number), robust=True)


def _send_hint(group: str, number: int) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    tell = getattr(layer, "group_send_sync", None) or async_to_sync(layer.group_send)
    tell(group, hint(number))
