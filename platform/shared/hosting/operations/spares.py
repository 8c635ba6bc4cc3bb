"""Spare schemas: made ahead, pooled, claimed by a rename."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from kernel import tenancy
from kernel.db.schemas import building, plans

from ..models import SpareSchema

STALE_AFTER = timedelta(hours=1)
"""A spare that other code made is left alone so long: during a deployment both codes keep the one pool."""


def claim_spare(schema_name: str) -> bool:
    """Give a spare schema that is up to date this name, within the open transaction; False where there is none.

    Two at once get two spares; what a killed transaction took is a spare again.
    """
    if building.exists(schema_name):
        return False  # begun before: it is finished, not replaced
    free = SpareSchema.objects.select_for_update(skip_locked=True).filter(fingerprint=plans.target_fingerprint())
    spare = free.order_by("pk").first()
    if spare is None:
        return False
    building.rename_schema(spare.schema_name, schema_name)
    spare.delete()
    return True


def fill_pool(*, at: datetime, most: int = 20) -> int:
    """Make what the pool lacks, each spare in a transaction of its own, at most so many; return how many were made.

    Spares that were made by other code and not brought up to date for long are dropped first. Two at once share it.
    """
    with tenancy.open_public():
        for spare in SpareSchema.objects.exclude(fingerprint=plans.target_fingerprint()).filter(
            made_at__lt=at - STALE_AFTER
        )[:5]:
            _drop_spare(spare.pk)
        count = 0
        while count < most and _make_spare(at):
            count += 1
    return count


def _make_spare(at: datetime) -> bool:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('institutions: spares', 0))")
        if SpareSchema.objects.filter(fingerprint=plans.target_fingerprint()).count() >= settings.NUOXING_SPARES:
            return False
        spare = SpareSchema.objects.create(fingerprint=plans.target_fingerprint(), made_at=at)
        building.build_schema(spare.schema_name)
    return True


def _drop_spare(number: int) -> None:
    with transaction.atomic():
        spare = SpareSchema.objects.select_for_update(skip_locked=True).filter(pk=number).first()
        if spare is not None:
            building.drop_schema(spare.schema_name)
            spare.delete()


def refresh_fingerprints() -> None:
    """Keep what fingerprint each spare really has, after schemas were migrated."""
    with tenancy.open_public(), transaction.atomic():
        rows = list(SpareSchema.objects.select_for_update().order_by("pk"))
        fingerprints = plans.fingerprints([row.schema_name for row in rows])
        for row in rows:
            row.fingerprint = fingerprints.get(row.schema_name, "")
        SpareSchema.objects.bulk_update(rows, ["fingerprint"])
