"""What those on duty do with one candidate's test. Attempts in progress run on real time: `at` is real."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor
from kernel.errors import Invalid
from shared.identity import operations as identity

from ..models import Attempt, Score, Sitting, TimeGrant
from ..states import ATTEMPT, EXPECTED, WRITING, AttemptState, EventKind, FinishedBy
from .attempts import AttemptClosed, finish, held_until, sweep_later
from .duties import candidacy_of, locked_attempt, on_duty, reason
from .events import Told, tell_room


def end_attempt(*, candidacy_id: uuid.UUID, why: str, by: Actor, at: datetime) -> Score:
    """End one candidate's test now, with a reason; what was accepted is scored. Only the chief of the sitting."""
    words = reason(why)
    with transaction.atomic():
        on_duty(candidacy_of(candidacy_id).sitting_id, by, chief=True)
        attempt = locked_attempt(candidacy_id=candidacy_id)
        return finish(attempt, "end", FinishedBy.PROCTOR, by=by, at=at, why=words)


def hold(*, candidacy_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Stop one candidate's clock and writing, with a reason that the candidate is shown. Whoever is on duty."""
    words = reason(why)
    with transaction.atomic():
        on_duty(candidacy_of(candidacy_id).sitting_id, by)
        attempt = locked_attempt(candidacy_id=candidacy_id)
        ATTEMPT.move(attempt, "hold", by=by, at=at, why=words, held_since=at, notice=words)
        told = Told(EventKind.HELD, candidacy_id, {"why": words})
        tell_room(sitting_id=attempt.sitting_id, events=[told], at=at)


def resume(*, candidacy_id: uuid.UUID, why: str = "", by: Actor, at: datetime) -> None:
    """Let a candidate go on: end a hold, whose time is given back whole, and agree to a change of computer asked for.

    Whoever is on duty. Refuses (NotNow) where there is neither.
    """
    with transaction.atomic():
        on_duty(candidacy_of(candidacy_id).sitting_id, by)
        attempt = locked_attempt(candidacy_id=candidacy_id)
        moved = attempt.lease_wanted != "" and attempt.state in WRITING
        if moved:
            _hand_over(attempt, by=by, at=at, why=why)
        if not moved or attempt.state == AttemptState.ON_HOLD:
            held = held_until(attempt, at)
            ATTEMPT.move(attempt, "resume", by=by, at=at, why=why, held=held, held_since=None, notice="")
            sweep_later(attempt, at=at)
        told = Told(EventKind.RESUMED, candidacy_id, {"why": why, "moved": moved})
        tell_room(sitting_id=attempt.sitting_id, events=[told], at=at)


def _hand_over(attempt: Attempt, *, by: Actor, at: datetime, why: str) -> None:
    """Give the lease to the device that asked; the one that had it is fenced off at once."""
    before = audit.values(attempt, "lease_epoch")
    attempt.lease_epoch += 1
    attempt.lease_holder, attempt.lease_wanted = attempt.lease_wanted, ""
    attempt.save(update_fields=["lease_epoch", "lease_holder", "lease_wanted"])
    after = audit.values(attempt, "lease_epoch")
    audit.note("attempt.hand_over", attempt, by=by, at=at, before=before, after=after, why=why)


def grant_time(*, candidacy_id: uuid.UUID, minutes: int, why: str, by: Actor, at: datetime) -> None:
    """Add minutes to one attempt that is being written, with a reason. Only the chief proctor of the sitting."""
    words = reason(why)
    if not 1 <= minutes <= 600:
        raise Invalid(_("Between 1 and 600 minutes can be added."), field="minutes")
    with transaction.atomic():
        chief = on_duty(candidacy_of(candidacy_id).sitting_id, by, chief=True)
        attempt = locked_attempt(candidacy_id=candidacy_id)
        if attempt.state not in WRITING:
            raise AttemptClosed
        added = timedelta(minutes=minutes)
        TimeGrant.objects.create(attempt=attempt, duration=added, why=words, granted_at=at, granted_by=chief)
        before = audit.values(attempt, "added")
        attempt.added += added
        attempt.save(update_fields=["added"])
        after = audit.values(attempt, "added")
        audit.note("attempt.grant_time", attempt, by=by, at=at, before=before, after=after, why=words)
        told = Told(EventKind.TIME_GRANTED, candidacy_id, {"minutes": minutes, "why": words})
        tell_room(sitting_id=attempt.sitting_id, events=[told], at=at)


def annul(*, candidacy_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Declare an attempt void, with a reason; it will have no result. Only the chief proctor of the sitting."""
    words = reason(why)
    with transaction.atomic():
        on_duty(candidacy_of(candidacy_id).sitting_id, by, chief=True)
        attempt = locked_attempt(candidacy_id=candidacy_id)
        held = held_until(attempt, at)
        ATTEMPT.move(attempt, "annul", by=by, at=at, why=words, held=held, held_since=None, notice=words)
        identity.leave_seat(person_id=attempt.candidacy.person_id, attempt_id=attempt.pk)
        told = Told(EventKind.ANNULLED, candidacy_id, {"why": words})
        tell_room(sitting_id=attempt.sitting_id, events=[told], at=at)


def miss_the_rest(sitting: Sitting, *, by: Actor, at: datetime) -> list[Told]:
    """Note everybody who has not started as absent and give back their seats; return what is to be told."""
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("candidacy").filter(sitting=sitting)
    missing = rows.filter(state__in=EXPECTED).order_by("pk")
    told = []
    for attempt in missing:
        ATTEMPT.move(attempt, "miss", by=by, at=at)
        identity.leave_seat(person_id=attempt.candidacy.person_id, attempt_id=attempt.pk)
        told.append(Told(EventKind.ABSENT, attempt.candidacy_id))
    return told
