"""The way into the ministry's system and, with its receipt, onto the list (policy part 2.1: 上传…即可开展培训工作)."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, clock
from kernel.access import SYSTEM, Actor
from kernel.errors import Invalid, NotFound, Refusal
from kernel.states import WrongState
from shared.exchange.operations import messages as exchange_messages
from shared.exchange.states import MINISTRY
from shared.hosting.operations import listing as hosting_listing

from .. import adapters, rules
from ..models.commitments import Commitment, applicant_columns
from ..models.publicity import Upload
from ..queries import commitments
from ..states import COMMITMENT, OFFICERS, State
from .verifications import notify_principals

KIND = "institution"
RECEIPT_LENGTH = 60


class ReceiptNeeded(Invalid):
    """An upload is recorded with the number that the ministry's system gave."""

    code = "upload-receipt-needed"
    message = _("Give the number of the receipt as the ministry's system shows it.")


class ReceiptOfAnother(Refusal):
    """One receipt belongs to one institution."""

    code = "upload-receipt-of-another"
    message = _("This number is the receipt of %(name)s.")


class UploadDayImpossible(Invalid):
    """Nobody uploads before the public notice has ended, or tomorrow."""

    code = "upload-day-impossible"
    message = _("The day lies between the end of the public notice (%(first)s) and today.")


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
        if row.received_at is None:
            row.receipt_no, row.received_at = receipt_no, received_at
            _list(row, by=SYSTEM, at=at)


def record_upload(*, commitment_id: uuid.UUID, receipt_no: str, received_on: date, by: Actor, at: datetime) -> None:
    """Write down that an officer uploaded an institution by hand, with the receipt's number and day, and put the
    institution on the list, in one transaction; what waits to be sent is settled with it.

    Refuses anybody but an officer of this very authority with a second factor (Denied), a commitment that is not on its
    way to the ministry's system (WrongState), a missing number (ReceiptNeeded) and another institution's
    (ReceiptOfAnother), and a day before the end of the public notice or after today (UploadDayImpossible).
    """
    with transaction.atomic():
        current = commitments.commitment_for_officer(by, commitment_id)
        access.demand(by, rules.signs, scope=current.authority_code)
        if not current.is_uploading:
            raise WrongState(move=COMMITMENT.by_name["receipt"].label, state=State(current.state).label)
        row = _lock_upload(commitment_id)
        row.receipt_no = _own_number(receipt_no, row)
        row.received_at = _moment_of(received_on, row, at)
        row.recorded_by, row.recorded_name, row.recorded_at = access.account_of(by), by.name[:80], at
        _list(row, by=by, at=at)


def _own_number(receipt_no: str, row: Upload) -> str:
    number = " ".join(receipt_no.split())
    if not number or len(number) > RECEIPT_LENGTH:
        raise ReceiptNeeded(field="receipt_no")
    others = Upload.objects.filter(receipt_no=number).exclude(
        commitment__organisation_id=row.commitment.organisation_id
    )
    other = others.annotate(**applicant_columns("commitment__")).first()
    if other is not None:
        raise ReceiptOfAnother(field="receipt_no", name=other.applicant_name)
    return number


def _moment_of(day: date, row: Upload, at: datetime) -> datetime:
    """Return the moment that stands for a day of which no hour is known: its beginning, and on the day itself now."""
    first, today = clock.legal_day(row.requested_at), clock.legal_day(at)
    if not first <= day <= today:
        raise UploadDayImpossible(field="received_on", first=first.isoformat())
    return at if day == today else datetime.combine(day, time(), tzinfo=clock.CHINA)


def _list(row: Upload, *, by: Actor, at: datetime) -> None:
    """Keep a receipt and put the institution on the list."""
    row.sent_at = row.sent_at or at
    commitment, columns = row.commitment, ["receipt_no", "received_at", "sent_at"]
    if row.recorded_by is not None:
        columns += ["recorded_by", "recorded_name", "recorded_at"]
        after, acting_as = audit.values(row, *columns), by.acting_as(*OFFICERS)
        audit.note("upload.record", row, by=by, at=at, after=after, policy=commitment.policy, acting_as=acting_as)
    row.save(update_fields=columns)
    COMMITMENT.move(commitment, "receipt", by=by, at=at, why=row.receipt_no, policy=commitment.policy)
    hosting_listing.list_institution(
        organisation_id=commitment.organisation_id,
        positions=commitment.positions,
        by=SYSTEM,
        at=at,
        policy_version=commitment.policy,
    )
    COMMITMENT.move(commitment, "list", by=SYSTEM, at=at, policy=commitment.policy)
    notify_principals(commitment, "registry.listed", at=at, reason=row.receipt_no)
    assert row.received_at is not None  # set by both callers
    answer = {"receipt_no": row.receipt_no, "received_at": row.received_at.isoformat()}
    answer |= {"recorded_by": row.recorded_name} if row.recorded_by is not None else {}
    exchange_messages.note_settled(system=MINISTRY, kind=KIND, key=str(row.request_id), answer=answer, at=at)


def _lock_upload(commitment_id: uuid.UUID) -> Upload:
    """Return the upload's row, locked after its commitment."""
    rows = Commitment.objects.select_for_update(of=("self",)).annotate(**applicant_columns())
    commitment = rows.filter(pk=commitment_id).first()
    if commitment is None:
        raise NotFound
    row = Upload.objects.select_for_update(of=("self",)).get(commitment_id=commitment_id)
    row.commitment = commitment
    return row
