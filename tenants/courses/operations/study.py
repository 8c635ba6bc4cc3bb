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
from shared.identity import operations as identity
from shared.policy import queries as policy

from .. import methods, queries
from ..models import Heartbeat, HourEntry, Lesson, Participant, StudySession
from ..states import ClassState, HourKind, LessonKind, SessionEnd, Stop


class NotLearning(Refusal):
    """Nothing can be learnt here now."""

    code = "not-learning"
    words = _("This lesson cannot be studied now.")


class LearningEnded(Refusal):
    """The session is over; a new one must be opened."""

    code = "learning-ended"
    words = _("Counting stopped in this window: %(why)s Reload the page to go on here.")


class NonceUsed(Refusal):
    """The heartbeat is not the one that is due: another came in between, or it was made up."""

    code = "nonce-used"
    words = _("This report of learning was used already. Reload the page to go on here.")


@dataclass(frozen=True, slots=True)
class Studying:
    """A session just opened: what the page needs to report to it."""

    session_id: uuid.UUID
    nonce: str
    every: int
    lesson: queries.LessonValue


@dataclass(frozen=True, slots=True)
class Beaten:
    """What became of a heartbeat: the next nonce, what was credited, why not more, where lesson and person stand."""

    nonce: str
    credited: int
    stop: Stop
    lesson_seconds: int
    lesson_credited: int
    progress: queries.Progress


def begin_study(*, lesson_id: uuid.UUID, by: Actor, at: datetime) -> Studying:
    """Open a session of `by` in a lesson. Any other session of the person ends, here and (by the lease) province-wide.

    Refuses (NotFound) a lesson of a class the person is not in, and (NotLearning) a class that has not begun or is
    closed, or a lesson that is taken in the classroom.
    """
    with transaction.atomic():
        seat, lesson = queries.seat_for_lesson(lesson_id, by=by)
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
            looked_at=at,
        )
        identity.take_learning_lease(person_id=seat.person_id, institution_id=_institution(), token=str(row.pk), at=at)
    credited = queries.lesson_seconds(seat.pk)
    return Studying(row.pk, row.nonce, methods.BEAT_SECONDS, queries.lesson_value(lesson, credited.get(lesson.pk, 0)))


def _institution() -> uuid.UUID:
    here = tenancy.current_institution_id()
    assert here is not None
    return here


def _refuse_closed(seat: Participant, lesson: Lesson, *, at: datetime) -> None:
    group = seat.training_class
    if seat.admitted_at is None:
        raise NotLearning(_("Learning begins when the enrolment is paid."))
    if group.state not in (ClassState.OPEN, ClassState.RUNNING):
        raise NotLearning(_("The class is closed; no more hours are counted in it."))
    if legal_day(at) < group.starts_on:
        raise NotLearning(_("The class begins on %(day)s."), day=group.starts_on.isoformat())
    if lesson.kind == LessonKind.ONSITE:
        raise NotLearning(_("This lesson is taken in the classroom; the teacher enters your attendance."))


def heartbeat(
    *, session_id: uuid.UUID, nonce: str, claimed: int, position: int | None = None, by: Actor, at: datetime
) -> Beaten:
    """Credit what the server saw pass since this session was last heard of, at most what the page claims.

    The same heartbeat sent again (its answer was lost) gets the same answer and no second credit. Refuses (NotFound)
    somebody else's session, (LearningEnded) one that is over or whose person learns elsewhere, (NonceUsed) a heartbeat
    out of the chain, (NotLearning) a class closed meanwhile.
    """
    with transaction.atomic():
        row = _session(session_id, by=by)
        if row.ended_at is not None:
            raise LearningEnded(why=SessionEnd(row.ended_why).label)
        if nonce != row.nonce:
            return _again(row, nonce)
        _refuse_closed(row.participant, row.lesson, at=at)
        identity.keep_learning_lease(person_id=row.person_id, token=str(row.pk))
        beat = _beat(row, claimed=claimed, at=at)
        standing = _standing(row, beat)
        given = methods.credit(standing, beat)
        _write(row, beat, given, position=position)
        row.looked_at = methods.looked_at(standing, beat, given)
        row.nonce, row.beats = secrets.token_urlsafe(24), row.beats + 1
        row.save(update_fields=["looked_at", "nonce", "beats"])
    return _told(row, given)


def _session(session_id: uuid.UUID, *, by: Actor) -> StudySession:
    """Return the person's own session, with the seat locked first: one heartbeat of a person at a time."""
    if by.person_id is None:
        raise NotFound
    found = StudySession.objects.filter(pk=session_id, person_id=by.person_id).values("participant_id").first()
    if found is None:
        raise NotFound
    Participant.objects.select_for_update().get(pk=found["participant_id"])
    rows = StudySession.objects.select_for_update(of=("self",))
    return rows.select_related("participant__training_class", "lesson").get(pk=session_id)


def _beat(row: StudySession, *, claimed: int, at: datetime) -> methods.Beat:
    law = policy.pack_at(at)
    hours = law.learning.hours_per_day
    return methods.Beat(
        key=0,
        session=row.pk,
        began=row.began_at,
        participant=row.participant_id,
        lesson=row.lesson_id,
        at=at,
        claimed=claimed,
        longest=methods.LONGEST_BEAT,
        lesson_seconds=row.lesson.seconds,
        day_seconds=None if hours is None else hours * law.learning.seconds_per_class_hour,
    )


def _standing(row: StudySession, beat: methods.Beat) -> methods.Standing:
    """Return what the ledger knows of the person, as far as this heartbeat needs it."""
    standing = methods.Standing()
    others = StudySession.objects.filter(person_id=row.person_id, beats__gt=0).exclude(pk=row.pk)
    if (latest := others.order_by("-looked_at").values_list("pk", "looked_at").first()) is not None:
        standing.looked_at[latest[0]] = latest[1]
    if row.beats:
        standing.looked_at[row.pk] = row.looked_at
    hours = HourEntry.objects.filter(participant_id=row.participant_id, lesson_id=row.lesson_id, kind=HourKind.ONLINE)
    standing.by_lesson[beat.participant, beat.lesson] = hours.aggregate(s=Sum("seconds"))["s"] or 0
    day = legal_day(beat.at)
    counted = HourEntry.objects.filter(person_id=row.person_id, day=day).aggregate(s=Sum("seconds"))["s"]
    standing.by_day[day] = counted or 0
    return standing


def _write(row: StudySession, beat: methods.Beat, given: methods.Credit, *, position: int | None) -> None:
    raw = Heartbeat.objects.create(
        session=row,
        person_id=row.person_id,
        n=row.beats + 1,
        nonce=row.nonce,
        claimed=beat.claimed,
        position=position,
        at=beat.at,
        longest=beat.longest,
        lesson_seconds=beat.lesson_seconds,
        day_seconds=beat.day_seconds,
        stop=given.stop,
        policy=policy.pack_at(beat.at).version,
    )
    if given.seconds:
        HourEntry.objects.create(
            participant_id=row.participant_id,
            person_id=row.person_id,
            kind=HourKind.ONLINE,
            lesson_id=row.lesson_id,
            day=legal_day(beat.at),
            seconds=given.seconds,
            at=beat.at,
            heartbeat=raw,
        )


def _again(row: StudySession, nonce: str) -> Beaten:
    last = Heartbeat.objects.filter(session=row, n=row.beats).select_related("entry").first()
    if last is None or last.nonce != nonce:
        raise NonceUsed
    entry = HourEntry.objects.filter(heartbeat=last).first()
    return _told(row, methods.Credit(entry.seconds if entry else 0, Stop(last.stop)))


def _told(row: StudySession, given: methods.Credit) -> Beaten:
    return Beaten(
        nonce=row.nonce,
        credited=given.seconds,
        stop=given.stop,
        lesson_seconds=row.lesson.seconds,
        lesson_credited=queries.lesson_seconds(row.participant_id).get(row.lesson_id, 0),
        progress=queries.progress(row.participant.enrolment_id),
    )


def end_study(*, session_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """End a person's own session; ended already is ended."""
    with transaction.atomic():
        row = _session(session_id, by=by)
        if row.ended_at is None:
            row.ended_at, row.ended_why = at, SessionEnd.LEFT
            row.save(update_fields=["ended_at", "ended_why"])
