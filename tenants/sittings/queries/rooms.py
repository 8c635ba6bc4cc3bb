"""What of a room can still be changed."""

import uuid
from typing import Any

from kernel.errors import NotFound

from ..models.sittings import Room
from ..states import SittingState

AHEAD = (SittingState.FILED, SittingState.CHECKIN_OPEN, SittingState.RUNNING)


def room_to_edit(room_id: uuid.UUID) -> tuple[Room, frozenset[str]]:
    """Return a room in use and the fields that are fixed; refuses (NotFound) an unknown or withdrawn one."""
    row = Room.objects.filter(pk=room_id, withdrawn_at=None).first()
    if row is None:
        raise NotFound
    return row, fixed_of_room(row)


def stored_of_room(row: Room) -> dict[str, Any]:
    """Return the values that the page of a room shows for change."""
    return {"name": row.name, "place": row.place, "seats": row.seats}


def fixed_of_room(row: Room) -> frozenset[str]:
    """Return the fields that cannot be changed: what tickets and records name, and the seats that were drawn."""
    filed = row.sittings.exclude(filed_at=None)
    names = {"name", "place"} if filed.exists() else set()
    return frozenset(names | ({"seats"} if filed.filter(state__in=AHEAD).exists() else set()))
