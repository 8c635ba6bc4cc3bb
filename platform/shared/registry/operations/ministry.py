"""The way into the ministry's system and, with its receipt, onto the list (policy part 2.1: 上传…即可开展培训工作)."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from kernel import audit
from kernel.access import SYSTEM
from kernel.errors import NotFound
from kernel.later import later
from shared.institutions import operations as institutions

from .. import adapters, queries
from ..models import Commitment, Upload
from ..states import COMMITMENT
from .verifications import tell_principals


def upload(*, commitment_id: uuid.UUID, at: datetime) -> bool:
    """Tell the ministry's system of an institution, under one number however often; return whether it took it.

    Where none is connected, or it does not answer, the row says so in words and is asked again by the clockwork:
    nothing is lost, and no task is left to run out of its tries.
    """
    with transaction.atomic():
        row = _locked(commitment_id)
        if row.sent_at is not None:
            return True
        row.tries += 1
        try:
            adapters.send_institution(row.request_id, _told(row.commitment))
        except (adapters.NotConnected, adapters.Unreachable) as fault:
            return _wait(row, fault)
        row.sent_at, row.trouble = at, ""
        row.save(update_fields=["tries", "sent_at", "trouble"])
        audit.note("upload.sent", row, by=SYSTEM, at=at, after=audit.values(row, "request_id", "tries"))
        later("registry.collect_receipt", commitment_id=str(commitment_id))
    return True


def collect_receipt(*, commitment_id: uuid.UUID, at: datetime) -> bool:
    """Ask the ministry's system for the receipt; return whether it is there. With it the institution is listed."""
    with transaction.atomic():
        row = _locked(commitment_id)
        if row.received_at is not None:
            return True
        try:
            receipt = adapters.receipt(row.request_id)
        except (adapters.NotConnected, adapters.Unreachable) as fault:
            return _wait(row, fault)
        if receipt is None:
            return False
        # A receipt cannot come before the sending, whatever time this run was given.
        then = max(at, row.sent_at or at)
        receive_receipt(request_id=row.request_id, receipt_no=receipt.number, received_at=receipt.received_at, at=then)
    return True


def receive_receipt(*, request_id: uuid.UUID, receipt_no: str, received_at: datetime, at: datetime) -> None:
    """Keep the ministry's receipt and put the institution on the list, in one transaction. A second receipt under the
    same number changes nothing."""
    with transaction.atomic():
        found = Upload.objects.filter(request_id=request_id).first()
        if found is None:
            raise NotFound
        row = _locked(found.commitment_id)
        if row.received_at is not None:
            return
        row.receipt_no, row.received_at, row.trouble = receipt_no, received_at, ""
        row.sent_at = row.sent_at or at
        row.save(update_fields=["receipt_no", "received_at", "trouble", "sent_at"])
        commitment = row.commitment
        COMMITMENT.move(commitment, "receipt", by=SYSTEM, at=at, why=receipt_no, policy=commitment.policy)
        institutions.list_institution(
            organisation_id=commitment.organisation_id,
            positions=commitment.positions,
            by=SYSTEM,
            at=at,
            policy_version=commitment.policy,
        )
        COMMITMENT.move(commitment, "list", by=SYSTEM, at=at, policy=commitment.policy)
        tell_principals(commitment, "registry.listed", at=at, reason=receipt_no)


def move_uploads(*, at: datetime) -> int:
    """Go on with every upload that waits: send what was not sent, collect what was; return how many moved on."""
    moved = 0
    for commitment_id, sent in queries.uploads_waiting():
        step = collect_receipt if sent else upload
        moved += step(commitment_id=commitment_id, at=at)
    return moved


def _locked(commitment_id: uuid.UUID) -> Upload:
    """Return the upload's row, locked after its commitment."""
    rows = Commitment.objects.select_for_update(of=("self",)).select_related("organisation")
    commitment = rows.filter(pk=commitment_id).first()
    if commitment is None:
        raise NotFound
    row = Upload.objects.select_for_update(of=("self",)).get(commitment_id=commitment_id)
    row.commitment = commitment
    return row


def _wait(row: Upload, fault: Exception) -> bool:
    """Say on the row why it waits."""
    row.trouble = "not-connected" if isinstance(fault, adapters.NotConnected) else "unreachable"
    row.save(update_fields=["tries", "trouble"])
    return False


def _told(commitment: Commitment) -> dict[str, Any]:
    """Return what the ministry's system is told of an organisation: public facts only."""
    o = commitment.organisation
    return {
        "name": o.name,
        "credit_code": o.credit_code,
        "category": o.category,
        "division_code": o.division_code,
        "authority_code": commitment.authority_code,
        "address": o.address,
        "positions": commitment.positions,
        "policy": commitment.policy,
    }
