"""Events of a room: numbered without gaps, committed before any hint of them."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from kernel import tenancy
from kernel.audit import to_json
from shared.filings import operations as filings
from shared.institutions.queries import listing as institution_listing_queries

from .. import adapters
from ..models.live import SittingEvent, SittingHead
from ..models.sittings import Sitting

# One statement, the last of its transaction: the head row is locked for no longer than the commit takes.
_APPEND_EVENTS = f"""
WITH head AS (UPDATE {SittingHead._meta.db_table} SET n = n + %(k)s WHERE sitting_id = %(sitting)s RETURNING n)
INSERT INTO {SittingEvent._meta.db_table} (sitting_id, n, kind, candidacy_id, at, data)
SELECT %(sitting)s, head.n - %(k)s + event.place, event.kind, event.candidacy, %(at)s, event.data::jsonb
  FROM head, unnest(%(kinds)s::text[], %(candidacies)s::uuid[], %(data)s::text[])
       WITH ORDINALITY AS event(kind, candidacy, data, place)
RETURNING n
"""  # noqa: S608  # only our own table names are put in


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """One thing that happened in a room."""

    kind: str
    candidacy_id: uuid.UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def append_events(*, sitting_id: uuid.UUID, events: Sequence[RoomEvent], at: datetime) -> int:
    """Append events to a sitting's log and hint at them on commit; return the last number.

    Call it as the last thing in the caller's transaction: it holds the room's head row until commit.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _APPEND_EVENTS,
            {
                "k": len(events),
                "sitting": sitting_id,
                "at": at,
                "kinds": [event.kind for event in events],
                "candidacies": [event.candidacy_id for event in events],
                "data": [json.dumps(to_json(event.data), ensure_ascii=False) for event in events],
            },
        )
        last = max(row[0] for row in cursor.fetchall())
        adapters.hint_on_commit(sitting_id, last)
    return int(last)


def notify_authority(sitting: Sitting, *, at: datetime) -> None:
    """File the state of a sitting with the authority, in the same transaction."""
    institution = institution_listing_queries.institution(tenancy.institution_id())
    filings.record_sitting(
        institution_id=institution.id,
        sitting_id=sitting.pk,
        position=sitting.position,
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        site=f"{sitting.room.name} · {sitting.room.place}",
        candidates=sitting.candidacies.filter(left_at=None).count(),
        state=sitting.state,
        at=at,
    )
