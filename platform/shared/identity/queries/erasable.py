"""Erasable rows of identity: keys and moments only, for the deletion jobs of shared.privacy."""

import uuid
from datetime import datetime

from ..models.accounts import Account, RecoveryRequest, SignIn
from ..models.people import Person
from ..states import RecoveryState

ERASED_TEXT = "—"
Due = list[tuple[uuid.UUID, datetime]]


def settled_recoveries(*, before: datetime, limit: int) -> Due:
    """Return requests settled before a moment whose words are still there, oldest first."""
    rows = (
        RecoveryRequest.objects.filter(state_since__lt=before)
        .exclude(state=RecoveryState.OPEN)
        .exclude(name=ERASED_TEXT)
    )
    return list(rows.order_by("state_since").values_list("pk", "state_since")[:limit])


def ended_sign_ins(*, before: datetime, limit: int) -> Due:
    """Return sign-ins that ended before a moment, oldest first."""
    rows = SignIn.objects.filter(ended_at__lt=before).order_by("ended_at")
    return [(pk, moment) for pk, moment in rows.values_list("pk", "ended_at")[:limit] if moment is not None]


def knows_password(account_id: uuid.UUID, password: str) -> bool:
    """Say whether this is an account's password."""
    row = Account.objects.filter(pk=account_id, closed_at=None).first()
    return row is not None and row.check_password(password)


def is_erased(person_id: uuid.UUID) -> bool:
    """Say whether a person was overwritten."""
    return Person.objects.filter(pk=person_id, name=ERASED_TEXT).exists()
