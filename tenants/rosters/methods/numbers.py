"""Numbers that people quote."""

import secrets
from datetime import date

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and letters that nobody mistakes for one another on the telephone."""


def new_number(day: date) -> str:
    """Return a fresh number such as 2603-K7MQ2Z: year and month, then chance, which tells nobody how many there are."""
    return f"{day:%y%m}-" + "".join(secrets.choice(ALPHABET) for _place in range(6))
