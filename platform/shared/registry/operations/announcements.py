"""Announcements of the existing publicity platform, taken over from its file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kernel import audit
from kernel.access import Actor

from ..models.announcements import Announcement


def import_announcement(values: Mapping[str, Any], *, by: Actor, at: datetime) -> str:
    """Record an institution as it is announced there; return "new", "changed", "same", or "older" for older news."""
    facts = {name: value for name, value in values.items() if name != "credit_code"}
    row, new = Announcement.objects.select_for_update().get_or_create(credit_code=values["credit_code"], defaults=facts)
    if not new:
        if row.as_of > values["as_of"]:
            return "older"
        if all(getattr(row, name) == value for name, value in facts.items()):
            return "same"
    before = {} if new else audit.values(row, *facts)
    for name, value in facts.items():
        setattr(row, name, value)
    if not new:
        row.save(update_fields=list(facts))
    audit.note("announcement.import", row, by=by, at=at, before=before, after=audit.values(row, *facts))
    return "new" if new else "changed"
