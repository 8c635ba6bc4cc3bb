"""The numbers people quote."""

import uuid
from datetime import date


def sitting_number(day: date, running: int) -> str:
    """Return a sitting's number: its legal day and a running number of that day."""
    return f"{day:%Y%m%d}-{running:02d}"


def ticket_number(sitting: str, running: int) -> str:
    """Return a ticket's number within its sitting."""
    return f"{sitting}-{running:03d}"


def room_group(sitting_id: uuid.UUID) -> str:
    """Return the name of a sitting's group of consoles within its institution (kernel.consumers adds the schema)."""
    return f"room.{sitting_id.hex}"
