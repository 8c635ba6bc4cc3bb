"""Events of a room by their numbers."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..models.live import SittingEvent, SittingHead


@dataclass(frozen=True, slots=True)
class EventValue:
    """One thing that happened in a room; answers that were saved together are one event for all who saved."""

    n: int
    kind: str
    candidacy_id: uuid.UUID | None
    at: datetime
    data: Mapping[str, Any]

    @property
    def touched(self) -> frozenset[uuid.UUID]:
        """Return the candidacies it is about."""
        own = [self.candidacy_id] if self.candidacy_id is not None else []
        return frozenset([*own, *(uuid.UUID(key) for key in self.data.get("saved", ()))])


def head(sitting_id: uuid.UUID) -> int:
    """Return the number of a sitting's newest event."""
    return SittingHead.objects.filter(pk=sitting_id).values_list("n", flat=True).first() or 0


def events_after(sitting_id: uuid.UUID, number: int, *, limit: int = 500) -> list[EventValue]:
    """Return the events after `number`, in order, at most `limit`."""
    rows = SittingEvent.objects.filter(sitting_id=sitting_id, n__gt=number).order_by("n")[:limit]
    return [EventValue(row.n, row.kind, row.candidacy_id, row.at, row.data) for row in rows]


def events_of_kind(sitting_id: uuid.UUID, kinds: Collection[str]) -> list[EventValue]:
    """Return the events of some kinds, in order."""
    rows = SittingEvent.objects.filter(sitting_id=sitting_id, kind__in=kinds).order_by("n")
    return [EventValue(row.n, row.kind, row.candidacy_id, row.at, row.data) for row in rows]
