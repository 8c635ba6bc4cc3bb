"""Learning online: a session, and the heartbeats by which the server credits its time."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from kernel import tenancy
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.errors import NotFound, Refusal
from shared.identity.operations import claims
from shared.policy.queries import packs as pack_queries

from .. import methods
from ..models import Heartbeat, HourEntry, Lesson, Participant, StudySession, TrainingClass
from ..queries import catalogue, learning
from ..queries import hours as hour_queries
from ..states import ClassState, HourKind, LessonKind, SessionEnd, Stop


class LessonUnavailable(Refusal):
    """Nothing can be learnt here now."""

    code = "lesson-unavailable"
    message = _("This lesson cannot be studied now.")


class LearningEnded(Refusal):
    """The session is over; a new one must be opened."""

    code = "learning-ended"
    message = _("Counting stopped in this window: %(why)s Reload the page to go on here.")


class NonceUsed(Refusal):
    """The heartbeat is not the one that is due: another came in between, or it was made up."""

    code = "nonce-used"
    message = _("This report of learning was used already. Reload the page to go on here.")


@dataclass(frozen=True, slots=True)
class StudySessionValue:
    """A session just opened: what the page needs to report to it."""

    session_id: uuid.UUID
    nonce: str
    every: int
    lesson: learning.LessonValue


@dataclass(frozen=True, slots=True)
class HeartbeatResult:
    """The result of a heartbeat: the next nonce, the credit, why it is not more, the progress of lesson and person."""

    nonce: str
    credited: int
    stop: Stop
    lesson_seconds: int
    lesson_credited: int
    progress: hour_queries.Progress


def begin_study(*, lesson_id: uuid.UUID, by: Actor, at: datetime) -> StudySessionValue:
    """Open a session of `by` in a lesson. Any other session of the person ends, here and (by the lease) province-wide.

    Refuses (NotFound) a lesson of a class the person is not in, and (LessonUnavailable) a class that has not begun
    or is closed, or a lesson that is taken in the classroom.
    """
    with transaction.atomic():
        seat, lesson = learning.seat_for_lesson(lesson_id, by=by)
        _refuse_closed(seat, lesson, at=at)
        Participant.objects.select_for_update().get(pk=seat.pk)
        before = StudySession.objects.select_for_update().filter(person_id=seat.person_id, ended_at=None)
        before.update(ended_at=at, ended_why=SessionEnd.TAKEN_OVER)
        row = StudySession.objects.create(
            participant=seat,
            person_id=seat.person_id,
            lesson=lesson,
            nonce=secrets.token_urlsafe(24),
            began_at=at,
            credited_until=at,
        )
        claims.acquire_learning_lease(
            person_id=seat.person_id, institution_id=tenancy.institution_id(), token=str(row.pk), at=at
        )
    credited = hour_queries.lesson_seconds(seat.pk)
    return StudySessionValue(
        row.pk, row.nonce, methods.HEARTBEAT_SECONDS, learning.lesson_value(lesson, credited.get(lesson.pk, 0))
    )


def _refuse_closed(seat: Participant, lesson: Lesson, *, at: datetime) -> None:
    refusal = lesson_refusal(seat.training_class, admitted=seat.admitted_at is not None, kind=lesson.kind, at=at)
    if refusal is not None:
        raise refusal


def lesson_refusal(
    training_class: TrainingClass | catalogue.ClassValue, *, admitted: bool, kind: str, at: datetime
) -> LessonUnavailable | None:
    """Return why somebody with a seat in a class cannot study a lesson at `at`, None where they can; pages say it."""
    if not admitted:
        return LessonUnavailable(_("Learning begins when the enrolment is paid."))
    if training_class.state not in (ClassState.OPEN, ClassState.RUNNING):
        return LessonUnavailable(_("The class is closed; no more hours are counted in it."))
    if legal_day(at) < training_class.starts_on:
        return LessonUnavailable(_("The class begins on %(day)s."), day=training_class.starts_on.isoformat())
    if kind == LessonKind.ONSITE:
        return LessonUnavailable(_("This lesson is taken in the classroom; the teacher enters your attendance."))
    return None


def heartbeat(
    *, session_id: uuid.UUID, nonce: str, claimed_seconds: int, position: int | None = None, by: Actor, at: datetime
) -> HeartbeatResult:
    """Credit the time that passed on the server since the last heartbeat, at most what the page claims.

    The same heartbeat sent again (its answer was lost) gets the same answer and no second credit. Refuses (NotFound)
    somebody else's session, (LearningEnded) one that is over or whose person learns elsewhere, (NonceUsed) a heartbeat
    out of the chain, (LessonUnavailable) a class closed meanwhile.
    """
    with transaction.atomic():
        row = _session(session_id, by=by)
        if row.ended_at is not None:
            raise LearningEnded(why=SessionEnd(row.ended_why).label)
        if nonce != row.nonce:
            return _repeated(row, nonce)
        _refuse_closed(row.participant, row.lesson, at=at)
        claims.hold_learning_lease(person_id=row.person_id, token=str(row.pk))
        value = _heartbeat_value(row, claimed_seconds=claimed_seconds, at=at)
        state = _credit_state(row, value)
        result = methods.credit(state, value)
        _write(row, value, result, position=position)
        row.credited_until = methods.credited_until(state, value, result)
        row.nonce, row.heartbeat_count = secrets.token_urlsafe(24), row.heartbeat_count + 1
        row.save(update_fields=["credited_until", "nonce", "heartbeat_count"])
    return _result(row, result)


def _session(session_id: uuid.UUID, *, by: Actor) -> StudySession:
    """Return the person's own session, with the seat locked first: one heartbeat of a person at a time."""
    if by.person_id is None:
        raise NotFound
    seat = StudySession.objects.filter(pk=session_id, person_id=by.person_id).values("participant_id").first()
    if seat is None:
        raise NotFound
    Participant.objects.select_for_update().get(pk=seat["participant_id"])
    rows = StudySession.objects.select_for_update(of=("self",))
    return rows.select_related("participant__training_class", "lesson").get(pk=session_id)


def _heartbeat_value(row: StudySession, *, claimed_seconds: int, at: datetime) -> methods.HeartbeatValue:
    pack = pack_queries.pack_at(at)
    hours = pack.learning.hours_per_day
    return methods.HeartbeatValue(
        key=0,
        session=row.pk,
        began=row.began_at,
        participant=row.participant_id,
        lesson=row.lesson_id,
        at=at,
        claimed_seconds=claimed_seconds,
        longest=methods.LONGEST_HEARTBEAT,
        lesson_seconds=row.lesson.seconds,
        day_seconds=None if hours is None else hours * pack.learning.seconds_per_class_hour,
    )


def _credit_state(row: StudySession, value: methods.HeartbeatValue) -> methods.CreditState:
    """Return the person's credit in the ledger, as far as this heartbeat needs it."""
    state = methods.CreditState()
    others = StudySession.objects.filter(person_id=row.person_id, heartbeat_count__gt=0).exclude(pk=row.pk)
    if (latest := others.order_by("-credited_until").values_list("pk", "credited_until").first()) is not None:
        state.credited_until[latest[0]] = latest[1]
    if row.heartbeat_count:
        state.credited_until[row.pk] = row.credited_until
    hours = HourEntry.objects.filter(participant_id=row.participant_id, lesson_id=row.lesson_id, kind=HourKind.ONLINE)
    state.by_lesson[value.participant, value.lesson] = hours.aggregate(s=Sum("seconds"))["s"] or 0
    day = legal_day(value.at)
    counted = HourEntry.objects.filter(person_id=row.person_id, day=day).aggregate(s=Sum("seconds"))["s"]
    state.by_day[day] = counted or 0
    return state


def _write(row: StudySession, value: methods.HeartbeatValue, result: methods.Credit, *, position: int | None) -> None:
    raw = Heartbeat.objects.create(
        session=row,
        person_id=row.person_id,
        n=row.heartbeat_count + 1,
        nonce=row.nonce,
        claimed_seconds=value.claimed_seconds,
        position=position,
        at=value.at,
        longest=value.longest,
        lesson_seconds=value.lesson_seconds,
        day_seconds=value.day_seconds,
        stop=result.stop,
        policy=pack_queries.pack_at(value.at).version,
    )
    if result.seconds:
        HourEntry.objects.create(
            participant_id=row.participant_id,
            person_id=row.person_id,
            kind=HourKind.ONLINE,
            lesson_id=row.lesson_id,
            day=legal_day(value.at),
            seconds=result.seconds,
            at=value.at,
            heartbeat=raw,
        )


def _repeated(row: StudySession, nonce: str) -> HeartbeatResult:
    last = Heartbeat.objects.filter(session=row, n=row.heartbeat_count).select_related("entry").first()
    if last is None or last.nonce != nonce:
        raise NonceUsed
    entry = HourEntry.objects.filter(heartbeat=last).first()
    return _result(row, methods.Credit(entry.seconds if entry else 0, Stop(last.stop)))


def _result(row: StudySession, result: methods.Credit) -> HeartbeatResult:
    return HeartbeatResult(
        nonce=row.nonce,
        credited=result.seconds,
        stop=result.stop,
        lesson_seconds=row.lesson.seconds,
        lesson_credited=hour_queries.lesson_seconds(row.participant_id).get(row.lesson_id, 0),
        progress=hour_queries.progress(row.participant.enrolment_id),
    )


def end_study(*, session_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """End a person's own session; ended already is ended."""
    with transaction.atomic():
        row = _session(session_id, by=by)
        if row.ended_at is None:
            row.ended_at, row.ended_why = at, SessionEnd.LEFT
            row.save(update_fields=["ended_at", "ended_why"])
