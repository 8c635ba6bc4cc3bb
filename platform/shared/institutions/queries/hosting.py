"""Hosting: which schemas there are, their status, and the end of their retention."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import clock, schemas, states, tenancy
from kernel.errors import NotFound
from shared.policy import queries as policy

from .. import methods
from ..models import Archive, Deletion, Institution, MigrationRun, RestoredCopy, SpareSchema
from ..states import Lifecycle, SchemaOrigin


@dataclass(frozen=True, slots=True)
class RetentionEnd:
    """Until when a retired institution's records are kept, and for the sake of which."""

    until: date
    label: str | Promise


def retention(retired_at: datetime, at: datetime) -> RetentionEnd:
    """Return the end of the longest retention of anything that an institution's schema may hold, from its retirement.

    The policy in force at `at` decides (its retention section); the last record is as old as the retirement at most.
    """
    day = clock.legal_day(retired_at)
    ends = [(methods.term_end(day, kind.years, kind.days), kind.label) for kind in policy.pack_at(at).retention.kinds]
    until, label = max(ends, key=lambda end: end[0])
    return RetentionEnd(until, label)


def all_schemas() -> list[str]:
    """Return every schema that migrations must reach: institutions', the oldest first, spare ones, restored copies."""
    with tenancy.open_public():
        institutions = Institution.objects.filter(ready=True).exclude(lifecycle=Lifecycle.DELETED).order_by("pk")
        return [
            *institutions.values_list("schema_name", flat=True),
            *(spare.schema_name for spare in SpareSchema.objects.order_by("pk")),
            *RestoredCopy.objects.order_by("pk").values_list("schema_name", flat=True),
        ]


def with_schema(slug: str) -> Institution:
    """Return an institution by its slug, whether or not the public may see it; refuses (NotFound) an unknown one."""
    row: Institution | None = Institution.objects.select_related("organisation").filter(slug=slug).first()
    if row is None:
        raise NotFound
    return row


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """What the catalogue says of one schema."""

    bytes: int
    relations: int
    current: bool


def schema_statuses(names: Sequence[str]) -> dict[str, SchemaStatus]:
    """Return size and up-to-dateness of these schemas, in a few queries; what does not stand is left out."""
    fingerprints = schemas.fingerprints(names)
    return {
        name: SchemaStatus(size.bytes, size.relations, fingerprints.get(name) == schemas.target_fingerprint())
        for name, size in schemas.sizes(names).items()
    }


def migrations_label(institution: Institution, status: SchemaStatus | None) -> str | Promise:
    """Say whether an institution's schema is up to date with the code."""
    if institution.is_deleted:
        return _("deleted")
    if status is None or not institution.ready:
        return _("being set up")
    return _("up to date") if status.current else _("behind")


def hosted_institutions() -> QuerySet[Institution]:
    """Return all institutions with the time of their last file, by name."""
    rows: QuerySet[Institution] = Institution.objects.annotate(archived_at=Max("archives__taken_at"))
    return rows.order_by("name")


@dataclass(frozen=True, slots=True)
class Pool:
    """How many spare schemas there are, and who did not get one of late."""

    ready: int
    stale: int
    wanted: int
    waiting: tuple[Institution, ...]
    without: tuple[Institution, ...]


def pool(at: datetime) -> Pool:
    """Return the level of the pool, who waits for a schema now, and who was listed in the last 30 days without one."""
    ready = SpareSchema.objects.filter(fingerprint=schemas.target_fingerprint()).count()
    waiting = Institution.objects.filter(ready=False, lifecycle=Lifecycle.WORKING)
    late = Institution.objects.filter(
        listed_at__gte=at - timedelta(days=30), schema_origin__in=(SchemaOrigin.TEMPLATE, SchemaOrigin.MIGRATIONS)
    )
    stale = SpareSchema.objects.count() - ready
    return Pool(ready, stale, settings.NUOXING_SPARES, tuple(waiting[:20]), tuple(late.order_by("-listed_at")[:20]))


def last_run() -> MigrationRun | None:
    """Return the last run of the set-wise migration."""
    return MigrationRun.objects.order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class HostingDetail:
    """One institution's schema as an operator sees it."""

    institution: Institution
    status: SchemaStatus | None
    migrations: str | Promise
    archives: tuple[Archive, ...]
    copies: tuple[RestoredCopy, ...]
    deletion: Deletion | None
    retention_end: RetentionEnd | None
    life: list[dict[str, Any]]


VERBS = {
    "institution.list": _("Put on the list"),
    "institution.ready": _("Schema ready"),
    "institution.archive": _("A file of its data asked for"),
    "institution.archived": _("A file of its data taken"),
    "institution.restored": _("Its data restored beside it"),
    "institution.swap_copy": _("A copy put in its place"),
    "institution.copy_dropped": _("A restored copy taken away"),
    "institution.schema_deleted": _("Its data deleted"),
    "institution.star": _("Stars"),
}


def hosting_detail(institution_id: uuid.UUID, at: datetime) -> HostingDetail:
    """Return an institution's schema for an operator; refuses (NotFound) an unknown one. The caller checks who asks."""
    row: Institution | None = Institution.objects.select_related("organisation").filter(pk=institution_id).first()
    if row is None:
        raise NotFound
    status = schema_statuses([row.schema_name]).get(row.schema_name) if row.has_schema else None
    return HostingDetail(
        row,
        status,
        migrations_label(row, status),
        tuple(Archive.objects.filter(institution=row)[:10]),
        tuple(RestoredCopy.objects.filter(institution=row)),
        Deletion.objects.filter(institution=row, withdrawn_at=None).first(),
        retention(row.retired_at, at) if row.retired_at else None,
        states.timeline(row, VERBS),
    )
