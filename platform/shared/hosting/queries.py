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

from kernel import clock, tenancy
from kernel.db.schemas import catalogue, plans
from kernel.states import LifeStep
from shared.institutions.queries import schemas as schema_queries
from shared.institutions.states import Lifecycle, SchemaOrigin
from shared.institutions.values import InstitutionSchema
from shared.policy.queries import packs as pack_queries

from . import methods
from .models import Archive, Deletion, MigrationRun, RestoredCopy, SpareSchema


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
    ends = [
        (methods.term_end(day, kind.years, kind.days), kind.label) for kind in pack_queries.pack_at(at).retention.kinds
    ]
    until, label = max(ends, key=lambda end: end[0])
    return RetentionEnd(until, label)


def all_schemas() -> list[str]:
    """Return every schema that migrations must reach: institutions', the oldest first, spare ones, restored copies."""
    with tenancy.open_public():
        return [
            *schema_queries.schema_names(),
            *(spare.schema_name for spare in SpareSchema.objects.order_by("pk")),
            *RestoredCopy.objects.order_by("pk").values_list("schema_name", flat=True),
        ]


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """What the catalogue says of one schema."""

    bytes: int
    relations: int
    current: bool


def schema_statuses(names: Sequence[str]) -> dict[str, SchemaStatus]:
    """Return size and up-to-dateness of these schemas, in a few queries; what does not stand is left out."""
    fingerprints = plans.fingerprints(names)
    return {
        name: SchemaStatus(size.bytes, size.relations, fingerprints.get(name) == plans.target_fingerprint())
        for name, size in catalogue.sizes(names).items()
    }


def migrations_label(lifecycle: str, *, ready: bool, status: SchemaStatus | None) -> str | Promise:
    """Say whether an institution's schema is up to date with the code."""
    if lifecycle == Lifecycle.DELETED:
        return _("deleted")
    if status is None or not ready:
        return _("being set up")
    return _("up to date") if status.current else _("behind")


def hosted_institutions() -> QuerySet[Any, dict[str, Any]]:
    """Return all institutions with the time of their last file, by name, as plain values."""
    rows: QuerySet[Any, dict[str, Any]] = schema_queries.schema_table().annotate(archived_at=Max("archives__taken_at"))
    return rows


@dataclass(frozen=True, slots=True)
class Pool:
    """How many spare schemas there are, and who did not get one of late."""

    ready: int
    stale: int
    wanted: int
    waiting: tuple[InstitutionSchema, ...]
    without: tuple[InstitutionSchema, ...]


def pool(at: datetime) -> Pool:
    """Return the level of the pool, who waits for a schema now, and who was listed in the last 30 days without one."""
    ready = SpareSchema.objects.filter(fingerprint=plans.target_fingerprint()).count()
    late = schema_queries.listed_without_spare(at - timedelta(days=30))
    stale = SpareSchema.objects.count() - ready
    return Pool(ready, stale, settings.NUOXING_SPARES, schema_queries.waiting_for_schemas(), late)


def last_run() -> MigrationRun | None:
    """Return the last run of the set-wise migration."""
    return MigrationRun.objects.order_by("-pk").first()


_ENDS: dict[str, str | Promise] = {
    "current": _("up to date before"),
    "canary": _("brought up to date, tried first"),
    "replayed": _("brought up to date"),
    "migrated": _("brought up to date one by one"),
    "failed": _("failed"),
}


def ends_of(run: MigrationRun | None) -> list[tuple[str | Promise, int]]:
    """Return in words how many schemas of a run ended in which way."""
    counts: dict[str, int] = run.counts if run else {}
    return [(words, counts[status]) for status, words in _ENDS.items() if status in counts]


@dataclass(frozen=True, slots=True)
class HostingDetail:
    """One institution's schema as an operator sees it."""

    institution: InstitutionSchema
    lifecycle: str | Promise
    origin: str | Promise
    status: SchemaStatus | None
    migrations: str | Promise
    archives: tuple[Archive, ...]
    copies: tuple[RestoredCopy, ...]
    deletion: Deletion | None
    retention_end: RetentionEnd | None
    life: list[LifeStep]


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
    row = schema_queries.schema_of(institution_id)
    status = schema_statuses([row.schema_name]).get(row.schema_name) if row.has_schema else None
    return HostingDetail(
        row,
        Lifecycle(row.lifecycle).label,
        SchemaOrigin(row.schema_origin).label if row.schema_origin else "",
        status,
        migrations_label(row.lifecycle, ready=row.ready, status=status),
        tuple(Archive.objects.filter(institution_id=row.id)[:10]),
        tuple(RestoredCopy.objects.filter(institution_id=row.id)),
        Deletion.objects.filter(institution_id=row.id, withdrawn_at=None).first(),
        retention(row.retired_at, at) if row.retired_at else None,
        schema_queries.life(row.id, VERBS),
    )
