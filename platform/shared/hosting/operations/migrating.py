"""Migration runs: their record, for the operator's page."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from kernel import tenancy
from kernel.db.schemas import plans
from kernel.db.schemas.migrating import Outcome

from ..models import MigrationRun
from .spares import refresh_fingerprints


def begin_migration(*, schema_count: int, at: datetime) -> int:
    """Note that a run begins, so that one which was killed can be told from one that ended; return its number."""
    with tenancy.open_public():
        return MigrationRun.objects.create(
            started_at=at, target_fingerprint=plans.target_fingerprint(), schema_count=schema_count
        ).pk


def end_migration(*, number: int, outcomes: Sequence[Outcome], at: datetime) -> MigrationRun:
    """Note how a run ended, which schemas failed and why; the spares' fingerprints follow."""
    refresh_fingerprints()
    with tenancy.open_public():
        run = MigrationRun.objects.get(pk=number)
        run.ended_at, run.schema_count = at, len(outcomes)
        run.counts = dict(Counter(one.status for one in outcomes))
        run.failures = [[one.schema, one.why] for one in outcomes if one.status == "failed"]
        run.save(update_fields=["ended_at", "schema_count", "counts", "failures"])
    return run
