"""Institutions as the existing publicity platform announced them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from ..models.announcements import Announcement

FIELDS = (
    "name",
    "category",
    "division_code",
    "address",
    "positions",
    "opinion",
    "signed_on",
    "notice_from",
    "notice_to",
    "as_of",
)


def announcements() -> QuerySet[Announcement]:
    """Return the institutions that the existing publicity platform announced, by name."""
    return Announcement.objects.order_by("name_key", "id")


def announcements_by_code(credit_codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what is recorded under some credit codes as plain values, for the preview of a file."""
    rows = Announcement.objects.filter(credit_code__in=set(credit_codes))
    return {row.credit_code: {name: getattr(row, name) for name in FIELDS} for row in rows}
