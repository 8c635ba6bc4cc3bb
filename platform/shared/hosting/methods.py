"""Names of restored copies, and ends of terms."""

import re
from datetime import date, timedelta


def is_copy_name(name: str) -> bool:
    """Say whether a restored copy may bear this name."""
    return re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", name) is not None


def copy_schema(name: str) -> str:
    """Return the name of the schema of a restored copy."""
    return f"c_{name.replace('-', '_')}"


def term_end(day: date, years: int, days: int) -> date:
    """Return the last day of a term of years and days from a day; a year from 29 February ends on 28 February."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year + years, day.month, last) + timedelta(days=days)
