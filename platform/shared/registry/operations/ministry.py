"""The way into the ministry's system and, with its receipt, onto the list (policy part 2.1: 上传…即可开展培训工作)."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from kernel import audit
from kernel.access import SYSTEM
from kernel.errors import NotFound
from shared.exchange.operations import messages as exchange_messages
from shared.exchange.states import MINISTRY
from shared.hosting.operations import listing as hosting_listing

from .. import adapters
from ..models.commitments import Commitment, applicant_columns
from ..models.publicity import Upload
from ..states import COMMITMENT
from .verifications import notify_principals

KIND = "institution"


def request_upload(*, commitment_id: uuid.UUID, at: datetime) -> None:
    """Queue an institution's message to the ministry's system, in the open transaction; asked twice is asked once.

    The exchange sends it under one number until it is answered; where none is connected it waits.
    """
    with transaction.atomic():
        row = _lock_upload(commitment_id)
        exchange_messages.send(
            system=MINISTRY,
            kind=KIND,
            key=str(row.request_id),
            subject=commitment_id,
            scope=row.commitment.authority_code,
            title=row.commitment.applicant_name,
            as_of=row.requested_at,
            at=at,
        )


def compose_institution(subject: uuid.UUID, *, at: datetime) -> dict[str, Any]:
    """Return what is sent to the ministry's system about a commitment's organisation."""
    return adapters.institution(Commitment.objects.annotate(**applicant_columns()).get(pk=subject))


def note_sent(*, subject: uuid.UUID, at: datetime) -> None:
    """Write down that the ministry's system has received the message."""
    with transaction.atomic():
        row = _lock_upload(subject)
        if row.sent_at is None:
            row.sent_at = at
            row.save(update_fields=["sent_at"])
            audit.note("upload.sent", row, by=SYSTEM, at=at, after=audit.values(row, "request_id"))


def take_receipt(*, subject: uuid.UUID, answer: Mapping[str, Any], at: datetime) -> bool:
    """Read what the ministry's system answers; return whether it is a receipt. With it the institution is listed."""
    receipt = adapters.receipt(answer)
    if receipt is None:
        return False
    row = Upload.objects.get(commitment_id=subject)
    # A receipt cannot come before the sending, whatever time this run was given.
    received = max(at, row.sent_at or at)
    receive_receipt(request_id=row.request_id, receipt_no=receipt.number, received_at=receipt.received_at, at=received)
    return True


def receive_receipt(*, request_id: uuid.UUID, receipt_no: str, received_at: datetime, at: datetime) -> None:
    """Keep the ministry's receipt and put the institution on the list, in one transaction. A second receipt under the
    same number changes nothing."""
    with transaction.atomic():
        upload = Upload.objects.filter(request_id=request_id).first()
        if upload is None:
            raise NotFound
        row = _lock_upload(upload.commitment_id)
        if row.received_at is not None:
            return
        row.receipt_no, row.received_at = receipt_no, received_at
        row.sent_at = row.sent_at or at
        row.save(update_fields=["receipt_no", "received_at", "sent_at"])
        commitment = row.commitment
        COMMITMENT.move(commitment, "receipt", by=SYSTEM, at=at, why=receipt_no, policy=commitment.policy)
        hosting_listing.list_institution(
            organisation_id=commitment.organisation_id,
            positions=commitment.positions,
            by=SYSTEM,
            at=at,
            policy_version=commitment.policy,
        )
        COMMITMENT.move(commitment, "list", by=SYSTEM, at=at, policy=commitment.policy)
        notify_principals(commitment, "registry.listed", at=at, reason=receipt_no)
        answer = {"receipt_no": receipt_no, "received_at": received_at.isoformat()}
        exchange_messages.note_settled(system=MINISTRY, kind=KIND, key=str(request_id), answer=answer, at=at)


def _lock_upload(commitment_id: uuid.UUID) -> Upload:
    """Return the upload's row, locked after its commitment."""
    rows = Commitment.objects.select_for_update(of=("self",)).annotate(**applicant_columns())
    commitment = rows.filter(pk=commitment_id).first()
    if commitment is None:
        raise NotFound
    row = Upload.objects.select_for_update(of=("self",)).get(commitment_id=commitment_id)
    row.commitment = commitment
    return row
