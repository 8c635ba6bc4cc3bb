"""Writes: what is kept of a run of the set-wise migration, for the operator's page."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from kernel import schemas, tenancy
from kernel.schemas import Outcome

from ..models import MigrationRun
from .spares import look_at_spares


def begin_migration(*, found: int, at: datetime) -> int:
    """Note that a run begins, so that one which was killed can be told from one that ended; return its number."""
    with tenancy.open_public():
        return MigrationRun.objects.create(begun_at=at, wanted=schemas.wanted(), found=found).pk


def end_migration(*, number: int, outcomes: Sequence[Outcome], at: datetime) -> MigrationRun:
    """Note how a run ended, which schemas failed and why; the spares' fingerprints follow."""
    look_at_spares()
    with tenancy.open_public():
        run = MigrationRun.objects.get(pk=number)
        run.ended_at, run.found = at, len(outcomes)
        run.counts = dict(Counter(one.how for one in outcomes))
        run.failures = [[one.schema, one.why] for one in outcomes if one.how == "failed"]
        run.save(update_fields=["ended_at", "found", "counts", "failures"])
    return run
