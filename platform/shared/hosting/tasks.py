"""Tasks of institutions: schemas, archives, the pool of spares."""

import uuid
from datetime import datetime

from kernel import later
from shared.institutions.queries import listing as institution_listing_queries

from .operations import archives as hosting_archives
from .operations import listing as hosting_listing
from .operations import spares as hosting_spares


@later.task("hosting.build_schema", runs=later.Where.PLATFORM, priority=later.Priority.LONG)
def build_schema(*, institution_id: str, at: datetime) -> None:
    """Build a listed institution's schema."""
    hosting_listing.build_schema(institution_id=uuid.UUID(institution_id), at=at)


@later.task("hosting.take_archive", runs=later.Where.PLATFORM, priority=later.Priority.LONG)
def take_archive(*, archive_id: str, at: datetime) -> None:
    """Take the file of an institution's data that was asked for."""
    hosting_archives.take_archive(archive_id=uuid.UUID(archive_id), at=at)


@later.periodic_task("hosting.build_missing", every=60)
def build_missing(*, at: datetime) -> None:
    """Build one schema that should stand and does not, in case its task was given up."""
    for institution_id in institution_listing_queries.without_schema()[:1]:
        hosting_listing.build_schema(institution_id=institution_id, at=at)


@later.task("hosting.fill_pool", runs=later.Where.PLATFORM, priority=later.Priority.LONG)
def refill(*, at: datetime) -> None:
    """Make one spare schema for the one that was handed out."""
    hosting_spares.fill_pool(at=at, most=1)


@later.periodic_task("institutions.spares", every=60)
def fill_pool(*, at: datetime) -> None:
    """Keep the pool of spare schemas full, in less than a minute."""
    hosting_spares.fill_pool(at=at)
