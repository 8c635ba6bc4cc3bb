"""One candidate's test, from the opened page to the score. Attempts in progress run on real time."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kernel.access import SYSTEM, Actor
from kernel.errors import Forbidden, NotFound, Refusal
from kernel.later import later
from shared.bank import operations as bank
from shared.bank.values import ScoreValue
from shared.identity.operations import claims
from tenants.sittings.operations.events import RoomEvent, append_events
from tenants.sittings.states import EventKind, SittingState

from ..methods import timing as timing_methods
from ..models.answers import AnswerLog
from ..models.attempts import CANDIDATE, SITTING, Attempt, Score
from ..queries import attempts as attempt_queries
from ..states import ATTEMPT, RESULT, WRITING, AttemptState, FinishedBy


class LeaseSuperseded(Refusal):
    """Another page or device went on with this attempt."""

    code = "lease-superseded"
    message = _("This test was opened on another page or computer and goes on there.")


class NotStarted(Refusal):
    """The attempt has not started, or stands still."""

    code = "not-started"
    status = 425
    message = _("The test has not started. Please wait for the proctor.")


class AttemptClosed(Refusal):
    """The attempt has ended."""

    code = "attempt-closed"
    status = 410
    message = _("This test has ended; nothing more is accepted.")


class AnswersMissing(Refusal):
    """The page has sent more answers than have arrived."""

    code = "answers-missing"
    message = _("Some answers have not arrived yet. They are sent again; then hand in once more.")


class NotYours(Forbidden):
    """The attempt is another person's."""

    code = "not-yours"
    message = _("This test belongs to another person.")


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write: `epoch` of the page that has it, None while a proctor must agree first or when it is over."""

    state: str
    epoch: int | None
    ended: bool = False


def take_lease(*, attempt_id: uuid.UUID, person_id: uuid.UUID, device: str, at: datetime) -> Lease:
    """Let the page that is being opened write, and fence off all earlier ones.

    `device` is the digest of the session. A second device gets nothing once the test has started: a proctor is asked,
    and when they let the candidate go on (`resume`), the next call of that device succeeds. Refuses NotYours.
    """
    with transaction.atomic():
        attempt = locked_attempt(pk=attempt_id)
        if attempt.person_id != person_id:
            raise NotYours
        if attempt.state not in (AttemptState.PREPARED, AttemptState.CHECKED_IN, *WRITING):
            return Lease(attempt.state, None, ended=True)
        if attempt.state in WRITING and attempt.lease_holder not in ("", device):
            return _ask_for_lease(attempt, device, at=at)
        attempt.lease_epoch += 1
        attempt.lease_holder, attempt.lease_wanted = device, ""
        attempt.save(update_fields=["lease_epoch", "lease_holder", "lease_wanted"])
        event = RoomEvent(EventKind.LEASE_TAKEN, attempt.candidacy_id, {"epoch": attempt.lease_epoch})
        append_events(sitting_id=attempt.sitting_id, events=[event], at=at)
    return Lease(attempt.state, attempt.lease_epoch)


def _ask_for_lease(attempt: Attempt, device: str, *, at: datetime) -> Lease:
    if attempt.lease_wanted != device:
        attempt.lease_wanted = device
        attempt.save(update_fields=["lease_wanted"])
        event = RoomEvent(EventKind.LEASE_WANTED, attempt.candidacy_id)
        append_events(sitting_id=attempt.sitting_id, events=[event], at=at)
    return Lease(attempt.state, None)


def start_attempt(*, attempt_id: uuid.UUID, epoch: int, by: Actor, at: datetime) -> None:
    """Start the clock of a checked-in candidate in a sitting that has begun; starting twice is harmless.

    Refuses with NotStarted (no check-in, or the chief has not begun), LeaseSuperseded, AttemptClosed.
    """
    with transaction.atomic():
        attempt = locked_attempt(pk=attempt_id)
        _same_lease(attempt, epoch)
        if attempt.state in WRITING:
            return
        if attempt.state not in (AttemptState.PREPARED, AttemptState.CHECKED_IN):
            raise AttemptClosed
        if attempt.state == AttemptState.PREPARED or attempt.sitting_state != SittingState.RUNNING:
            raise NotStarted
        ATTEMPT.move(attempt, "start", by=by, at=at, locked=True, started_at=at)
        sweep_later(attempt, at=at)
        append_events(sitting_id=attempt.sitting_id, events=[RoomEvent(EventKind.STARTED, attempt.candidacy_id)], at=at)


def _same_lease(attempt: Attempt, epoch: int) -> None:
    if attempt.lease_epoch != epoch:
        raise LeaseSuperseded


def sweep_later(attempt: Attempt, *, at: datetime) -> None:
    """Ask for the end of an attempt that nobody hands in: one outbox row each, no job looks through all schemas."""
    ends = timing_methods.deadline(attempt_queries.timing(attempt), at)
    assert ends is not None  # it has started
    later("attempts.finish_overdue", not_before=ends + timing_methods.SWEEP_GRACE, attempt_id=str(attempt.pk))


def finish_attempt(*, attempt_id: uuid.UUID, epoch: int, last_seq: int, by: Actor, at: datetime) -> Score:
    """Hand in and score at once (policy 1.2); handing in again returns the same score.

    Refuses with AnswersMissing while the working time lasts and answers up to `last_seq` have not arrived, with
    NotStarted before the start and on hold, LeaseSuperseded, and AttemptClosed where there will be no score.
    """
    with transaction.atomic():
        attempt = locked_attempt(pk=attempt_id)
        if attempt.state in RESULT:
            return _score_of(attempt)
        _same_lease(attempt, epoch)
        if attempt.state in (AttemptState.PREPARED, AttemptState.CHECKED_IN, AttemptState.ON_HOLD):
            raise NotStarted
        if attempt.state != AttemptState.STARTED:
            raise AttemptClosed
        ends = timing_methods.deadline(attempt_queries.timing(attempt), at)
        assert ends is not None  # it has started
        in_time = at <= ends + timing_methods.SAVE_GRACE
        if in_time and last_seq > _last_seq(attempt):
            raise AnswersMissing
        ended_by = FinishedBy.CANDIDATE if in_time else FinishedBy.TIME
        return finish(attempt, "finish", ended_by, by=by, at=at)


def finish_overdue(*, attempt_id: uuid.UUID, at: datetime) -> bool:
    """End an attempt whose time is up, from the last answer that was accepted; return whether that was done.

    One whose time was prolonged is looked at again at its new deadline; one on hold when it goes on.
    """
    with transaction.atomic():
        attempt = locked_attempt(pk=attempt_id)
        if attempt.state != AttemptState.STARTED:
            return False
        ends = timing_methods.deadline(attempt_queries.timing(attempt), at)
        assert ends is not None  # it has started
        if at < ends + timing_methods.SWEEP_GRACE:
            sweep_later(attempt, at=at)
            return False
        finish(attempt, "finish", FinishedBy.TIME, by=SYSTEM, at=at)
    return True


def _last_seq(attempt: Attempt) -> int:
    return AnswerLog.objects.filter(attempt_id=attempt.pk).aggregate(last=Max("seq"))["last"] or 0


def finish(attempt: Attempt, move: str, ended_by: str, *, by: Actor, at: datetime, why: str = "") -> Score:
    """End a locked attempt by one of its chart's moves, score it, release the seat, append the event."""
    ATTEMPT.move(
        attempt,
        move,
        by=by,
        at=at,
        why=why,
        locked=True,
        held_time=held_until(attempt, at),
        held_since=None,
        ending="",
        ending_at=None,
        notice="",
        finished_at=at,
        finished_by=ended_by,
        last_seq=_last_seq(attempt),
    )
    value = bank.score(paper_id=attempt.paper_id, answers=attempt_queries.answers(attempt.pk))
    score = _write_score(attempt, value, at=at)
    ATTEMPT.move(attempt, "score", by=SYSTEM, at=at, policy=value.policy, locked=True)
    claims.leave_seat(person_id=attempt.person_id, attempt_id=attempt.pk)
    event = RoomEvent(EventKind.FINISHED, attempt.candidacy_id, {"by": ended_by, "why": why})
    append_events(sitting_id=attempt.sitting_id, events=[event], at=at)
    return score


def held_until(attempt: Attempt, at: datetime) -> timedelta:
    """Return the sum of the holds, a running one counted up to now."""
    return attempt.held_time + (max(at - attempt.held_since, timedelta()) if attempt.held_since else timedelta())


def _write_score(attempt: Attempt, value: ScoreValue, *, at: datetime) -> Score:
    sections = [{**asdict(section), "points": str(section.points)} for section in value.sections]
    return Score.objects.create(
        attempt=attempt,
        points=value.points,
        full_mark=value.full_mark,
        pass_mark=value.pass_mark,
        passed=value.passed,
        sections=sections,
        policy=value.policy,
        made_at=at,
    )


def _score_of(attempt: Attempt) -> Score:
    return Score.objects.filter(attempt=attempt).order_by("-run")[0]


def locked_attempt(**which: uuid.UUID) -> Attempt:
    """Return an attempt by any key, locked, with what is read of its candidate and sitting; NotFound without one."""
    rows = Attempt.objects.select_for_update(of=("self",)).annotate(**CANDIDATE, **SITTING)
    row = rows.filter(**which).first()
    if row is None:
        raise NotFound
    return row
