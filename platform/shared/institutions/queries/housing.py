"""Schemas: which there are, which are ready, how they stand, and how long what is in them is kept."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

from kernel import clock, tenancy
from kernel.errors import NotFound
from shared.policy import queries as policy

from .. import methods
from ..models import Institution, RestoredCopy, SpareSchema
from ..states import Tenure


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when a retired institution's records are kept, and for the sake of which."""

    until: date
    label: str | Promise


def retention(retired_at: datetime, at: datetime) -> Kept:
    """Return the end of the longest retention of anything that an institution's schema may hold, from its retirement.

    The policy in force at `at` decides (its retention section); the last record is as old as the retirement at most.
    """
    day = clock.legal_day(retired_at)
    ends = [(methods.end_of(day, kind.years, kind.days), kind.label) for kind in policy.pack_at(at).retention.kinds]
    until, label = max(ends, key=lambda end: end[0])
    return Kept(until, label)


def all_schemas() -> list[str]:
    """Return every schema that migrations must reach: institutions', the oldest first, spare ones, restored copies."""
    with tenancy.open_public():
        listed = Institution.objects.filter(ready=True).exclude(tenure=Tenure.DELETED).order_by("pk")
        return [
            *listed.values_list("schema_name", flat=True),
            *(spare.schema_name for spare in SpareSchema.objects.order_by("pk")),
            *RestoredCopy.objects.order_by("pk").values_list("schema_name", flat=True),
        ]


def with_schema(slug: str) -> Institution:
    """Return an institution by its slug, whether or not the public may see it; refuses (NotFound) an unknown one."""
    row: Institution | None = Institution.objects.select_related("organisation").filter(slug=slug).first()
    if row is None:
        raise NotFound
    return row
