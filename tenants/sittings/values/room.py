"""The names under which a room's news travel: its group of consoles and the hint that is sent to it."""

import uuid
from typing import Any


def room_group(sitting_id: uuid.UUID) -> str:
    """Return the name of a sitting's group of consoles within its institution (the consumers add the schema)."""
    return f"room.{sitting_id.hex}"


def hint(number: int) -> dict[str, Any]:
    """Return the message that says up to which event a room has come."""
    return {"type": "room.hint", "n": number}
