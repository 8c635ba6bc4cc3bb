"""Terms counted again when the calendar they depend on became known or was corrected."""

import uuid
from datetime import datetime

from django.db import transaction

from kernel import audit
from kernel.access import SYSTEM
from kernel.clock import legal_day
from shared.policy.queries import calendar as calendar_queries
from shared.policy.queries import packs as pack_queries

from ..models.commitments import Commitment
from ..models.publicity import PublicNotice
from ..queries import commitments
from ..queries import notices as registry_notices
from ..states import State


def recount_terms(*, at: datetime) -> int:
    """Count the open terms whose last day is not over again by the calendar of now; return how many changed.

    What changes is the last day, and whether it is provisional; a term keeps its number of working days and the version
    of the policy that it began under. A term that is over stays as it was: it was met or missed by what was known.
    """
    changed = sum(_recount_verification(row, at) for row in commitments.verifications_to_recount(at))
    return changed + sum(_recount_notice(row, at) for row in registry_notices.notices_to_recount(at))


def _recount_verification(commitment_id: uuid.UUID, at: datetime) -> bool:
    with transaction.atomic():
        row = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment_id)
        if row.state != State.SUBMITTED or row.submitted_at is None:
            return False
        return _recount(row, row.submitted_at, pack_queries.pack(row.policy).clocks.verification_days, at)


def _recount_notice(notice_id: uuid.UUID, at: datetime) -> bool:
    with transaction.atomic():
        row = PublicNotice.objects.select_for_update().get(pk=notice_id)
        if row.ended_at is not None:
            return False
        return _recount(row, row.posted_at, pack_queries.pack(row.policy).clocks.notice_days, at)


def _recount(row: Commitment | PublicNotice, start: datetime, days: int, at: datetime) -> bool:
    due = calendar_queries.due_after(legal_day(start), days)
    if (row.due_on, row.provisional) == (due.date, due.provisional):
        return False
    before = audit.values(row, "due_on", "provisional")
    row.due_on, row.provisional = due.date, due.provisional
    row.save(update_fields=["due_on", "provisional"])
    of = row if isinstance(row, Commitment) else row.commitment
    after = audit.values(row, "due_on", "provisional")
    audit.note("commitment.recounted", of, by=SYSTEM, at=at, before=before, after=after, policy=row.policy)
    return True
