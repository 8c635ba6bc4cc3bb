"""The announced institutions as the publicity platform's file holds them: with their opinions and notices."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kernel.clock import legal_day

from ..models.commitments import Commitment, applicant_columns
from ..models.publicity import PublicNotice
from ..models.verifications import Verification
from ..states import State


def announced_institutions(at: datetime) -> Iterator[dict[str, Any]]:
    """Yield the institutions whose newest opinion is signed, with the dates of its notice."""
    states = [State.NOTICE, State.UPLOADING, State.RECEIPTED, State.LISTED]
    rows = (
        Commitment.objects.annotate(**applicant_columns())
        .filter(state__in=states)
        .order_by("organisation__name_key", "id")
    )
    opinions = {(v.commitment_id, v.version): v for v in Verification.objects.filter(commitment__in=rows)}
    notices = {(n.commitment_id, n.version): n for n in PublicNotice.objects.filter(commitment__in=rows)}
    for row in rows:
        signed, notice = opinions.get((row.pk, row.version)), notices.get((row.pk, row.version))
        if signed is None:
            continue
        yield {
            "credit_code": row.applicant_credit_code,
            "name": row.applicant_name,
            "category": row.applicant_category,
            "division_code": row.applicant_division_code,
            "address": row.applicant_address,
            "positions": row.positions,
            "opinion": signed.opinion,
            "signed_on": legal_day(signed.signed_at),
            "notice_from": legal_day(notice.posted_at) if notice else None,
            "notice_to": notice.due_on if notice else None,
            "as_of": row.state_since,
        }
