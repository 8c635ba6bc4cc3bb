"""Leaving: who is not ready for the test any more is taken off, the place is free, and those on duty see it."""

import uuid
from datetime import datetime

from django.db import transaction

from kernel import audit
from kernel.access import SYSTEM
from tenants.rosters.queries import enrolments as enrolment_queries

from ..models.sittings import Candidacy, Sitting
from ..states import LIVE, EventKind, SittingState
from ..values.leaving import end_test
from .candidates import ENDED_SITTINGS
from .duties import locked_sitting
from .events import RoomEvent, append_events, notify_authority


def recheck(enrolment_id: uuid.UUID, at: datetime) -> None:
    """Take an enrolment off every sitting that has not ended, where it is not ready for the test any more: withdrawn,
    refunded, its hours corrected away. A test that has begun goes on; its result leads to no certificate.
    """
    with transaction.atomic():
        places = Candidacy.objects.filter(enrolment_id=enrolment_id, left_at=None)
        keys = list(
            places.exclude(sitting__state__in=ENDED_SITTINGS).order_by("sitting_id").values_list("pk", "sitting")
        )
        if not keys:
            return
        readiness = enrolment_queries.ready_for_test([enrolment_id]).get(enrolment_id)
        if readiness is not None and readiness.ready:
            return
        why = " ".join(map(str, readiness.reasons)) if readiness else ""
        for key, sitting_id in keys:
            _take_off(key, locked_sitting(sitting_id), why[:200], at=at)


def _take_off(candidacy_id: uuid.UUID, sitting: Sitting, why: str, *, at: datetime) -> None:
    row = Candidacy.objects.select_for_update().get(pk=candidacy_id)
    if sitting.state == SittingState.DRAFT:
        before = audit.values(row, "ticket_no", "enrolment_id")
        audit.note("candidacy.remove", sitting, by=SYSTEM, at=at, before=before, why=why)
        row.delete()
        return
    if end_test(row.pk, why, at):
        row.left_at, row.left_why = at, why
        row.save(update_fields=["left_at", "left_why"])
        audit.note(
            "candidacy.leave", sitting, by=SYSTEM, at=at, after=audit.values(row, "ticket_no", "left_at"), why=why
        )
        notify_authority(sitting, at=at)
    if sitting.state in LIVE:
        append_events(sitting_id=sitting.pk, events=[RoomEvent(EventKind.LEFT, row.pk, {"why": why})], at=at)
