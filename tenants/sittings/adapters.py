"""Hints to consoles over the channel layer, never before the commit of what they hint at."""

import logging
import uuid

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from kernel import tenancy

from .values.room import hint, room_group

log = logging.getLogger(__name__)


def hint_on_commit(sitting_id: uuid.UUID, number: int) -> None:
    """Send the consoles of a sitting, once this transaction is committed, a hint that event `number` exists."""
    group = f"{tenancy.current_schema()}.{room_group(sitting_id)}"
    transaction.on_commit(lambda: _send_hint(group, number), robust=True)


def _send_hint(group: str, number: int) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    tell = getattr(layer, "group_send_sync", None) or async_to_sync(layer.group_send)
    tell(group, hint(number))
