"""What the kernel itself does in the worker and in beat: it seals the audit and clears the cache."""

from datetime import datetime, timedelta

from django.db import transaction

from kernel import audit, clock, later, seals, tenancy
from kernel.db import cache
from kernel.errors import NotFound
from kernel.later import Where
from kernel.models import Outbox, ReachedLimit
from kernel.tenancy import current_schema

REACHED_FOR = timedelta(days=90)  # the operator sees for so long which limits were reached


def _side(chain: str) -> str:
    return "kernel" if chain == "public" else "tenant_records"


def seal_audit(*, side: str, at: datetime) -> int:
    """Link what is not sealed yet into the chain of the open schema's notes, and settle all like requests that wait.

    Which requests wait is read before the notes: one that comes in between is not settled, for its notes may be missed.
    """
    with transaction.atomic():
        waiting = Outbox.objects.filter(schema=current_schema(), task="kernel.seal", kwargs={"side": side})
        open_rows = list(waiting.filter(done_at=None).select_for_update(skip_locked=True).values_list("pk", flat=True))
        sealed = seals.seal(audit.table_of(side), at=at)
        Outbox.objects.filter(pk__in=open_rows).update(done_at=at)
        if sealed == seals.BATCH:
            later.later("kernel.seal", side=side)
    return sealed


@later.task("kernel.seal", runs=Where.EVERYWHERE)
def seal(*, side: str, at: datetime) -> None:
    """Seal the notes of the open schema; refuses (NotFound) another side's."""
    if side != _side(current_schema()):
        raise NotFound
    seal_audit(side=side, at=clock.real_now())


@later.periodic_task("kernel.file_heads", every=600)
def file_heads(*, at: datetime) -> None:
    """Ask for a sealing where no end of a chain was filed yet: what an older release sealed is filed as it stands."""
    filed = seals.filed_chains()
    for chain in {"public", *tenancy.schemas(retired=True)} - filed:
        with tenancy.open_institution(chain), transaction.atomic():
            later.later("kernel.seal", side=_side(chain))


@later.periodic_task("kernel.expire_cache", every=600)
def expire_cache(*, at: datetime) -> None:
    """Delete what the cache holds no longer, and what limits were reached long ago."""
    cache.expire()
    ReachedLimit.objects.filter(day__lt=clock.legal_day(clock.real_now()) - REACHED_FOR).delete()
