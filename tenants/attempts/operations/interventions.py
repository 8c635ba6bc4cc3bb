"""Interventions of those on duty in one candidate's test. Attempts in progress run on real time: `at` is real."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, reasons, tenancy
from kernel.access import SYSTEM, Actor
from kernel.errors import Invalid
from kernel.later import later
from shared.identity.operations import claims
from tenants.sittings.operations.duties import require_duty
from tenants.sittings.operations.events import RoomEvent, append_events
from tenants.sittings.queries import sittings as sitting_queries
from tenants.sittings.states import EventKind

from ..methods.tokens import MOST_ADDED
from ..models.attempts import CANDIDATE, Attempt, IdCheck, TimeGrant
from ..states import ATTEMPT, EXPECTED, WRITING, AttemptState, Ending, FinishedBy
from .attempts import AttemptClosed, finish, held_until, locked_attempt, sweep_later

TAKEN_BACK_WITHIN = timedelta(minutes=2)
"""How long the end or annulment of a test can be taken back: one that is being written stands on hold meanwhile."""
NOT_ORDERED: dict[str, Any] = {"ending": "", "ending_at": None, "notice": ""}


def end_attempt(*, candidacy_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Stop one candidate's test, with a reason, and end it two minutes later: what was accepted is scored then. Only
    the chief of the sitting, who can let the candidate go on until then (`resume`), without a loss of time.
    """
    _order_ending(candidacy_id, Ending.END, why=why, by=by, at=at)


def _order_ending(candidacy_id: uuid.UUID, ending: Ending, *, why: str, by: Actor, at: datetime) -> None:
    words = reasons.require(why, field="reason", longest=200)
    with transaction.atomic():
        require_duty(sitting_queries.candidacy(candidacy_id).sitting_id, by, chief=True)
        attempt = locked_attempt(candidacy_id=candidacy_id)
        ATTEMPT.require(attempt, ending)
        facts: dict[str, Any] = {"ending": ending, "ending_at": at + TAKEN_BACK_WITHIN, "notice": words}
        if attempt.state == AttemptState.STARTED:
            ATTEMPT.move(attempt, "hold", by=by, at=at, why=words, locked=True, held_since=at, **facts)
        else:
            _order(attempt, facts, name="attempt.order_ending", why=words, by=by, at=at)
        later("attempts.carry_out_ending", not_before=facts["ending_at"], attempt_id=str(attempt.pk))
        event = RoomEvent(EventKind.HELD, candidacy_id, {"why": words, "ending": ending.value})
        append_events(sitting_id=attempt.sitting_id, events=[event], at=at)


def _order(attempt: Attempt, facts: Mapping[str, Any], *, name: str, why: str, by: Actor, at: datetime) -> None:
    """Write down what is ordered for a test, or that it is taken back, where its state stays."""
    before = audit.values(attempt, *facts)
    for field, value in facts.items():
        setattr(attempt, field, value)
    attempt.save(update_fields=list(facts))
    audit.note(name, attempt, by=by, at=at, before=before, after=audit.values(attempt, *facts), why=why)


def carry_out_ending(*, attempt_id: uuid.UUID, at: datetime) -> bool:
    """End or annul a test as its chief has ordered, if that was not taken back; return whether it was done."""
    with transaction.atomic():
        attempt = locked_attempt(pk=attempt_id)
        if attempt.ending_at is None or at < attempt.ending_at:
            return False
        if attempt.ending == Ending.END:
            finish(attempt, "end", FinishedBy.PROCTOR, by=SYSTEM, at=at, why=attempt.notice)
        else:
            _annul(attempt, why=attempt.notice, by=SYSTEM, at=at)
    return True


def hold(*, candidacy_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Stop one candidate's clock and writing, with a reason that the candidate is shown. Whoever is on duty."""
    words = reasons.require(why, field="reason", longest=200)
    with transaction.atomic():
        require_duty(sitting_queries.candidacy(candidacy_id).sitting_id, by)
        attempt = locked_attempt(candidacy_id=candidacy_id)
        ATTEMPT.move(attempt, "hold", by=by, at=at, why=words, held_since=at, notice=words)
        event = RoomEvent(EventKind.HELD, candidacy_id, {"why": words})
        append_events(sitting_id=attempt.sitting_id, events=[event], at=at)


def resume(*, candidacy_id: uuid.UUID, why: str = "", by: Actor, at: datetime) -> None:
    """Let a candidate go on: end a hold, whose time is given back whole, and agree to a change of computer asked for.

    Whoever is on duty; what the chief has ordered to end or annul, only the chief, who takes that back so. Refuses
    (WrongState) where there is neither.
    """
    with transaction.atomic():
        attempt = locked_attempt(candidacy_id=candidacy_id)
        require_duty(attempt.sitting_id, by, chief=attempt.ending != "")
        moved, ordered = attempt.lease_wanted != "" and attempt.state in WRITING, attempt.ending != ""
        if moved:
            _transfer_lease(attempt, by=by, at=at, why=why)
        if attempt.state == AttemptState.SCORED and attempt.ending:
            _order(attempt, NOT_ORDERED, name="attempt.take_back_ending", why=why, by=by, at=at)
        elif not moved or attempt.state == AttemptState.ON_HOLD:
            held_time = held_until(attempt, at)
            over = {"held_time": held_time, "held_since": None, **NOT_ORDERED}
            ATTEMPT.move(attempt, "resume", by=by, at=at, why=why, **over)
            sweep_later(attempt, at=at)
        data = {"why": why, "moved": moved} | ({"taken_back": True} if ordered else {})
        event = RoomEvent(EventKind.RESUMED, candidacy_id, data)
        append_events(sitting_id=attempt.sitting_id, events=[event], at=at)


def _transfer_lease(attempt: Attempt, *, by: Actor, at: datetime, why: str) -> None:
    """Give the lease to the device that asked; the one that had it is fenced off at once."""
    before = audit.values(attempt, "lease_epoch")
    attempt.lease_epoch += 1
    attempt.lease_holder, attempt.lease_wanted = attempt.lease_wanted, ""
    attempt.save(update_fields=["lease_epoch", "lease_holder", "lease_wanted"])
    after = audit.values(attempt, "lease_epoch")
    audit.note("attempt.transfer_lease", attempt, by=by, at=at, before=before, after=after, why=why)


def grant_time(*, candidacy_id: uuid.UUID, minutes: int, why: str, by: Actor, at: datetime) -> None:
    """Add minutes to one attempt that is being written, with a reason. Only the chief proctor of the sitting."""
    words = reasons.require(why, field="reason", longest=200)
    if not 1 <= minutes <= 600:
        raise Invalid(_("Between 1 and 600 minutes can be added."), field="minutes")
    with transaction.atomic():
        chief = require_duty(sitting_queries.candidacy(candidacy_id).sitting_id, by, chief=True)
        attempt = locked_attempt(candidacy_id=candidacy_id)
        if attempt.state not in WRITING:
            raise AttemptClosed
        before, duration = audit.values(attempt, "added_time"), timedelta(minutes=minutes)
        if attempt.added_time + duration > MOST_ADDED:
            raise Invalid(_("More than ten hours are added to no test."), field="minutes")
        TimeGrant.objects.create(attempt=attempt, duration=duration, why=words, granted_at=at, granted_by=chief)
        attempt.refresh_from_db(fields=["added_time"])  # the database adds the grants up
        after = audit.values(attempt, "added_time")
        audit.note("attempt.grant_time", attempt, by=by, at=at, before=before, after=after, why=words)
        event = RoomEvent(EventKind.TIME_GRANTED, candidacy_id, {"minutes": minutes, "why": words})
        append_events(sitting_id=attempt.sitting_id, events=[event], at=at)


def annul(*, candidacy_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Declare an attempt void two minutes later, with a reason; it will have no result. Only the chief of the sitting,
    who can take that back until then (`resume`): one that is being written stands on hold, of one that was scored the
    results cannot be confirmed meanwhile.
    """
    _order_ending(candidacy_id, Ending.ANNUL, why=why, by=by, at=at)


def _annul(attempt: Attempt, *, why: str, by: Actor, at: datetime) -> None:
    over = {"held_time": held_until(attempt, at), "held_since": None, **NOT_ORDERED, "notice": why}
    ATTEMPT.move(attempt, "annul", by=by, at=at, why=why, locked=True, **over)
    claims.leave_seat(person_id=attempt.person_id, attempt_id=attempt.pk)
    event = RoomEvent(EventKind.ANNULLED, attempt.candidacy_id, {"why": why})
    append_events(sitting_id=attempt.sitting_id, events=[event], at=at)


def undo_check_in(*, candidacy_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Take back a mistaken check-in of somebody who has not started; the comparison stays on record as undone.

    Whoever is on duty. Refuses NotOnDuty, (ReasonRequired), (WrongState) whoever has started or is not checked in.
    """
    words = reasons.require(why, field="reason", longest=200)
    sitting_id = sitting_queries.candidacy(candidacy_id).sitting_id
    with transaction.atomic():
        require_duty(sitting_id, by)
        attempt = locked_attempt(candidacy_id=candidacy_id)
        ATTEMPT.move(attempt, "undo_check_in", by=by, at=at, why=words)
        IdCheck.objects.filter(candidacy_id=candidacy_id, undone_at=None).update(undone_at=at)
        claims.leave_seat(person_id=attempt.person_id, attempt_id=attempt.pk)
        event = RoomEvent(EventKind.CHECKIN_UNDONE, candidacy_id, {"why": words})
        append_events(sitting_id=sitting_id, events=[event], at=at)


def mark_absent(sitting_id: uuid.UUID, *, by: Actor, at: datetime) -> list[RoomEvent]:
    """Note everybody who has not started as absent and release their seats; return the events."""
    rows = Attempt.objects.select_for_update(of=("self",)).annotate(**CANDIDATE).filter(sitting_id=sitting_id)
    missing = rows.filter(state__in=EXPECTED).order_by("pk")
    events = []
    for attempt in missing:
        ATTEMPT.move(attempt, "miss", by=by, at=at)
        claims.leave_seat(person_id=attempt.person_id, attempt_id=attempt.pk)
        events.append(RoomEvent(EventKind.ABSENT, attempt.candidacy_id))
    return events


def release(candidacy_id: uuid.UUID, why: str, at: datetime) -> bool:
    """End the test of a candidate who is not ready any more, if it has not begun; return whether it had not.

    The seat is given back, and the candidate reads why. A test that is being written, or was, stays as it is.
    """
    with transaction.atomic():
        rows = Attempt.objects.select_for_update(of=("self",)).annotate(**CANDIDATE)
        attempt = rows.filter(candidacy_id=candidacy_id).first()
        if attempt is None:
            return True
        if attempt.state not in EXPECTED:
            return False
        ATTEMPT.move(attempt, "miss", by=SYSTEM, at=at, why=why, locked=True, notice=why)
        claims.leave_seat(person_id=attempt.person_id, attempt_id=attempt.pk)
    return True


def expect_absent_again(sitting_id: uuid.UUID, *, by: Actor, at: datetime) -> list[RoomEvent]:
    """Take back that people are absent: whoever was checked in sits again, the others are expected, but for who is
    not ready for the test any more; return the events.

    Refuses (SeatElsewhere) where one of them has since taken a seat elsewhere.
    """
    rows = Attempt.objects.select_for_update(of=("self",)).annotate(**CANDIDATE).filter(sitting_id=sitting_id)
    absent = list(rows.filter(state=AttemptState.ABSENT, candidacy__left_at=None).order_by("pk"))
    keys = [attempt.candidacy_id for attempt in absent]
    checked = set(IdCheck.objects.filter(candidacy_id__in=keys, undone_at=None).values_list("candidacy_id", flat=True))
    for attempt in absent:
        admitted = attempt.candidacy_id in checked
        ATTEMPT.move(attempt, "readmit" if admitted else "expect", by=by, at=at)
        if admitted:
            institution_id = tenancy.institution_id()
            claims.take_seat(person_id=attempt.person_id, institution_id=institution_id, attempt_id=attempt.pk, at=at)
    return [RoomEvent(EventKind.CHECKED_IN, key) for key in keys if key in checked]
