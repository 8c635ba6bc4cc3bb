"""Moves of a sitting, made for the app above that conducts its test."""

import uuid
from datetime import datetime

from django.db import transaction

from kernel.access import Actor

from ..queries import sittings as sitting_queries
from ..queries.sittings import SittingValue
from ..states import SITTING, SittingState
from .duties import locked_sitting
from .events import notify_authority


def lock(sitting_id: uuid.UUID) -> SittingValue:
    """Return a sitting as it stands, its row locked until the caller's transaction ends; NotFound if there is none."""
    return sitting_queries.value(locked_sitting(sitting_id))


def move(*, sitting_id: uuid.UUID, name: str, by: Actor, at: datetime, why: str = "", policy: str = "") -> None:
    """Make a move of the chart, and tell the authority of a sitting that was filed. The caller has checked the duty.

    Refuses (WrongState, Denied) as the chart does.
    """
    with transaction.atomic():
        sitting = locked_sitting(sitting_id)
        filed = sitting.state != SittingState.DRAFT
        SITTING.move(sitting, name, by=by, at=at, why=why, policy=policy)
        if filed:
            notify_authority(sitting, at=at)
