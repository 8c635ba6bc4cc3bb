"""The numbers people quote."""

from datetime import date


def sitting_number(day: date, running: int) -> str:
    """Return a sitting's number: its legal day and a running number of that day."""
    return f"{day:%Y%m%d}-{running:02d}"


def ticket_number(sitting: str, running: int) -> str:
    """Return a ticket's number within its sitting."""
    return f"{sitting}-{running:03d}"
