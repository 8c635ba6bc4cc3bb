"""Sealing of the audit, as the worker does it."""

from datetime import datetime

from django.db import transaction

from kernel import audit, clock, later
from kernel.models import Outbox
from kernel.tenancy import current_schema


def seal_audit(*, side: str, at: datetime) -> int:
    """Link what is not sealed yet into the chain of the open schema's notes, and settle all like requests that wait."""
    with transaction.atomic():
        sealed = audit.seal(audit.table_of(side))
        waiting = Outbox.objects.filter(schema=current_schema(), task="kernel.seal", kwargs={"side": side})
        open_rows = waiting.filter(done_at=None).select_for_update(skip_locked=True)
        Outbox.objects.filter(pk__in=list(open_rows.values_list("pk", flat=True))).update(done_at=at)
    return sealed


@later.task("kernel.seal")
def seal(*, side: str, at: datetime) -> None:
    """Seal the notes of the open schema."""
    seal_audit(side=side, at=clock.real_now())
