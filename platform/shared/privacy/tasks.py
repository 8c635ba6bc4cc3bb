"""Tasks of privacy."""

import uuid
from datetime import datetime

from kernel.later import Where, periodic_task, task

from .operations import closings, copies, erasing


def _uuid(text: str) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


@task("privacy.collect", runs=Where.EVERYWHERE, asked_by=Where.PLATFORM)
def collect(*, at: datetime, copy_id: str, account_id: str, person_id: str, language: str) -> int:
    """Collect what the open schema holds about somebody."""
    return copies.collect(
        copy_id=uuid.UUID(copy_id),
        account_id=uuid.UUID(account_id),
        person_id=_uuid(person_id),
        language=language,
        at=at,
    )


@task("privacy.answer_closing", runs=Where.EVERYWHERE, asked_by=Where.PLATFORM)
def answer_closing(*, at: datetime, closing_id: str, round_number: int, account_id: str, person_id: str) -> None:
    """Say what is open in the open schema, and what the law keeps."""
    closings.answer_closing(
        closing_id=uuid.UUID(closing_id),
        round_number=round_number,
        account_id=uuid.UUID(account_id),
        person_id=_uuid(person_id),
        at=at,
    )


@task("privacy.erase_kind", runs=Where.EVERYWHERE)
def erase_kind(*, at: datetime, kind: str) -> int:
    """Erase one chunk of a kind."""
    return erasing.erase_kind(kind=kind, at=at)


@task("privacy.erase_withdrawn", runs=Where.EVERYWHERE, asked_by=Where.PLATFORM)
def erase_withdrawn(*, at: datetime, kind: str, person_id: str, recipient: str) -> int:
    """Erase what rested on a consent that was taken back."""
    return erasing.erase_withdrawn(kind=kind, person_id=uuid.UUID(person_id), recipient=recipient, at=at)


@periodic_task("privacy.advance_requests", every=5)
def advance_requests(*, at: datetime) -> int:
    """Pack copies and move closings to which all schemas have given their part."""
    return copies.pack_copies(at=at) + closings.settle_closings(at=at)


@periodic_task("privacy.start_deletion_jobs", every=86400)
def start_deletion_jobs(*, at: datetime) -> int:
    """Begin the day's deleting jobs."""
    return copies.expire_copies(at=at) + erasing.start_deletion_jobs()
