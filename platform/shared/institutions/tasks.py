"""Tasks of institutions: schemas, archives, the pool of spares."""

import uuid
from datetime import datetime

from kernel import later

from . import operations, queries


@later.task("institutions.build_schema")
def build_schema(*, institution_id: str, at: datetime) -> None:
    """Build a listed institution's schema."""
    operations.build_schema(institution_id=uuid.UUID(institution_id), at=at)


@later.task("institutions.take_archive")
def take_archive(*, archive_id: str, at: datetime) -> None:
    """Take the file of an institution's data that was asked for."""
    operations.take_archive(archive_id=uuid.UUID(archive_id), at=at)


@later.periodic_task("institutions.build_missing", every=60)
def build_missing(*, at: datetime) -> None:
    """Build one schema that should stand and does not, in case its task was given up."""
    for institution_id in queries.without_schema()[:1]:
        operations.build_schema(institution_id=institution_id, at=at)


@later.task("institutions.fill_pool")
def refill(*, at: datetime) -> None:
    """Make one spare schema for the one that was handed out."""
    operations.fill_pool(at=at, most=1)


@later.periodic_task("institutions.spares", every=60)
def fill_pool(*, at: datetime) -> None:
    """Keep the pool of spare schemas full, in less than a minute."""
    operations.fill_pool(at=at)
