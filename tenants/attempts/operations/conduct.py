"""The day of the test: check-in, begin, end, minutes, results."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, reasons, tenancy
from kernel.access import SYSTEM, Actor
from kernel.clock import legal_day
from kernel.dates import moment_in_words
from kernel.errors import Invalid, Refusal
from shared.bank import operations as bank
from shared.certificates.operations import reporting
from shared.identity.operations import claims
from shared.policy.queries import packs as pack_queries
from shared.rankings.operations import ratings as ranking_ratings
from tenants.rosters.operations import enrolments
from tenants.rosters.queries import enrolments as enrolment_queries
from tenants.sittings.operations import candidates as sitting_candidates
from tenants.sittings.operations import moves as sitting_moves
from tenants.sittings.operations.duties import require_duty
from tenants.sittings.operations.events import RoomEvent, append_events
from tenants.sittings.queries import events as event_queries
from tenants.sittings.queries import sittings as sitting_queries
from tenants.sittings.queries.sittings import SittingValue
from tenants.sittings.states import EventKind

from ..models.attempts import CANDIDATE, Attempt, IdCheck, Impediment, Score
from ..queries import room
from ..states import ATTEMPT, EXPECTED, WRITING, AttemptState, Document
from .attempts import locked_attempt
from .interventions import expect_absent_again, mark_absent


class TooEarly(Refusal):
    """The time has not come."""

    code = "too-early"
    message = _("This is possible from %(when)s on.")


class TooLate(Refusal):
    """Nobody is let in any more."""

    code = "too-late"
    message = _("Candidates were let in until %(when)s.")


class CandidateNotReady(Refusal):
    """The candidate may not sit the test any more."""

    code = "candidate-not-ready"
    message = _("%(name)s may not sit this test: %(reasons)s")


class AbsentDiffers(Refusal):
    """Another number of people would be absent than the chief has confirmed."""

    code = "absent-differs"
    message = _(
        "Candidates who would be absent now: %(count)s, not the number you confirmed. Look again, then confirm."
    )


class StillWriting(Refusal):
    """Somebody has not handed in."""

    code = "still-writing"
    message = _("Candidates who have not handed in: %(count)s. Wait for them, or end their tests with a reason.")


class EndingOrdered(Refusal):
    """An annulment that the chief has ordered is not done yet."""

    code = "ending-ordered"
    message = _("A test is about to be annulled: until that is done, or taken back, nothing is signed or confirmed.")


class IncidentsOpen(Refusal):
    """An open incident stands against the results."""

    code = "incidents-open"
    message = _("%(count)s incidents that may affect results are open. Close them first.")


def open_checkin(*, sitting_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Open check-in: a paper is drawn for every candidate, the keys stay in the bank. Whoever is on duty.

    Refuses (TooEarly) before the policy's minutes ahead of the start.
    """
    with transaction.atomic():
        sitting = sitting_moves.lock(sitting_id)
        require_duty(sitting_id, by)
        pack = pack_queries.pack(sitting.policy)
        _not_before(sitting.starts_at - timedelta(minutes=pack.sitting.entry_opens_minutes), at)
        sitting_moves.move(sitting_id=sitting_id, name="open_checkin", by=by, at=at)
        _prepare(sitting, pack, at=at)
        append_events(sitting_id=sitting_id, events=[RoomEvent(EventKind.CHECKIN_OPEN)], at=at)


def _not_before(moment: datetime, at: datetime) -> None:
    if at < moment:
        raise TooEarly(when=moment_in_words(moment))


def _prepare(sitting: SittingValue, pack: Any, *, at: datetime) -> None:
    """Draw a paper for each candidate, from the sitting's seed and the ticket's number."""
    rows = sorted(sitting_queries.candidacies(sitting.id), key=lambda row: row.id)
    seeds = [f"{sitting.seed}:{row.ticket_no}" for row in rows]
    papers = bank.draw_papers(pack=pack, position=sitting.position, seeds=seeds, at=at)
    working_time = timedelta(minutes=pack.paper.minutes)
    Attempt.objects.bulk_create(
        Attempt(
            candidacy_id=row.id,
            sitting_id=sitting.id,
            paper_id=p.id,
            questions=p.questions,
            working_time=working_time,
            state_since=at,
        )
        for row, p in zip(rows, papers, strict=True)
    )


def begin(*, sitting_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Let the checked-in candidates start. Only the chief proctor; refuses (TooEarly) before the time filed."""
    with transaction.atomic():
        sitting = sitting_moves.lock(sitting_id)
        require_duty(sitting_id, by, chief=True)
        _not_before(sitting.starts_at, at)
        sitting_moves.move(sitting_id=sitting_id, name="begin", by=by, at=at)
        append_events(sitting_id=sitting_id, events=[RoomEvent(EventKind.BEGUN)], at=at)


def check_in(*, candidacy_id: uuid.UUID, document: str = Document.RESIDENT_ID, by: Actor, at: datetime) -> None:
    """Note that a proctor of this sitting compared a candidate with a document; without it nobody starts.

    Whoever comes late is let in for the policy's minutes from the real beginning. Takes the one seat that a person may
    hold in the province (SeatElsewhere). Refuses NotOnDuty, TooLate, WrongState, and (CandidateNotReady) who was ready
    when the sitting was filed and is not any more.
    """
    if document not in Document.values:
        raise Invalid(_("Choose the document that was shown."), field="document")
    sitting_id = sitting_queries.candidacy(candidacy_id).sitting_id
    institution_id = tenancy.institution_id()
    with transaction.atomic():
        proctor = require_duty(sitting_id, by)
        attempt = locked_attempt(candidacy_id=candidacy_id)
        pack = pack_queries.pack(attempt.sitting_policy)
        begun = room.begun_at(sitting_id)
        latest = begun + timedelta(minutes=pack.sitting.late_entry_minutes) if begun else None
        if latest is not None and at > latest:
            raise TooLate(when=moment_in_words(latest))
        _require_ready(attempt)
        ATTEMPT.move(attempt, "check_in", by=by, at=at, locked=True)
        IdCheck.objects.create(
            candidacy_id=candidacy_id, document=document, checked_at=at, checked_by=proctor, checked_by_name=by.name
        )
        claims.take_seat(person_id=attempt.person_id, institution_id=institution_id, attempt_id=attempt.pk, at=at)
        append_events(sitting_id=sitting_id, events=[RoomEvent(EventKind.CHECKED_IN, candidacy_id)], at=at)


def _require_ready(attempt: Attempt) -> None:
    readiness = enrolment_queries.ready_for_test([attempt.enrolment_id]).get(attempt.enrolment_id)
    if readiness is None or not readiness.ready:
        reasons = ", ".join(map(str, readiness.reasons)) if readiness else ""
        raise CandidateNotReady(name=attempt.name, reasons=reasons)


def close_sitting(*, sitting_id: uuid.UUID, by: Actor, at: datetime, absent: int | None = None) -> None:
    """End the test; who did not start is absent, as many as the chief has confirmed (`absent`). Only the chief.

    Refuses (StillWriting) while somebody writes, (TooEarly) while somebody may still come or start, and (AbsentDiffers)
    where others would be absent than were confirmed. It can be taken back until the minutes are signed (`reopen`).
    """
    with transaction.atomic():
        sitting = sitting_moves.lock(sitting_id)
        require_duty(sitting_id, by, chief=True)
        # All attempts are locked first: nobody can start between the count and the end.
        attempts = list(Attempt.objects.select_for_update().filter(sitting_id=sitting_id).order_by("pk"))
        writing = sum(attempt.state in WRITING for attempt in attempts)
        if writing:
            raise StillWriting(count=writing)
        expected = sum(attempt.state in EXPECTED for attempt in attempts)
        if expected:
            _not_before(room.closes_from(sitting), at)
        if absent is not None and absent != expected:
            raise AbsentDiffers(count=expected)
        sitting_moves.move(sitting_id=sitting_id, name="close", by=by, at=at)
        events = mark_absent(sitting_id, by=by, at=at)
        finished = _ask_for_ratings(sitting_id, at=at)
        event = RoomEvent(EventKind.CLOSED, data={"finished": finished, "absent": expected})
        append_events(sitting_id=sitting_id, events=[*events, event], at=at)


def reopen(*, sitting_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Take back the end of a test, with a reason: whoever was made absent by it may start. Only the chief, and only
    until the minutes are signed. Results that were scored stay as they are.
    """
    words = reasons.require(why, field="reason", longest=200)
    with transaction.atomic():
        sitting_moves.lock(sitting_id)
        require_duty(sitting_id, by, chief=True)
        sitting_moves.move(sitting_id=sitting_id, name="reopen", by=by, at=at, why=words)
        events = expect_absent_again(sitting_id, by=by, at=at)
        append_events(
            sitting_id=sitting_id, events=[RoomEvent(EventKind.REOPENED, data={"why": words}), *events], at=at
        )


def _ask_for_ratings(sitting_id: uuid.UUID, *, at: datetime) -> int:
    """Count how many can now rate, those of an end that was taken back left out; return how many have finished.

    Once per sitting, so that no counter is locked while people hand in.
    """
    finished = Attempt.objects.filter(sitting_id=sitting_id, state=AttemptState.SCORED).count()
    earlier = event_queries.events_of_kind(sitting_id, [EventKind.CLOSED])
    more = finished - max((int(event.data.get("finished", 0)) for event in earlier), default=0)
    institution_id = tenancy.current_institution_id()
    if more > 0 and institution_id is not None:
        ranking_ratings.count_eligible(institution_id=institution_id, at=at, trainees=more)
    return finished


def sign_minutes(*, sitting_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Note that the chief proctor has signed the minutes, which proctoring keeps.

    Refuses (EndingOrdered) while the annulment of a test is ordered.
    """
    with transaction.atomic():
        sitting_moves.lock(sitting_id)
        require_duty(sitting_id, by, chief=True)
        _require_none_ordered(sitting_id)
        sitting_moves.move(sitting_id=sitting_id, name="sign_minutes", by=by, at=at)


def _require_none_ordered(sitting_id: uuid.UUID) -> None:
    """Lock a sitting's attempts, so that no annulment is ordered from here on; refuses while one is."""
    attempts = Attempt.objects.select_for_update().filter(sitting_id=sitting_id).order_by("pk")
    if any(attempt.ending for attempt in attempts):
        raise EndingOrdered


def note_impediment(*, sitting_id: uuid.UUID, incident_id: uuid.UUID, at: datetime) -> None:
    """Keep that an incident stands against this sitting's results until it is lifted."""
    with transaction.atomic():
        sitting_moves.lock(sitting_id)
        Impediment.objects.get_or_create(incident_id=incident_id, defaults={"sitting_id": sitting_id, "noted_at": at})


def lift_impediment(*, incident_id: uuid.UUID, at: datetime) -> None:
    """Keep that the incident no longer stands against the results."""
    with transaction.atomic():
        Impediment.objects.filter(incident_id=incident_id, lifted_at=None).update(lifted_at=at)


def finalise(*, sitting_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Confirm the results; for each who passed, and is still ready, the certificate is asked for (policy 1.3).

    All in one transaction. Refuses (WrongState) before the minutes are signed and (IncidentsOpen) while an incident
    that may affect results is open, and (EndingOrdered) while the annulment of a test is ordered.
    """
    with transaction.atomic():
        enrolment_ids = sitting_queries.enrolment_ids(sitting_id)
        enrolment_queries.lock(enrolment_ids)  # before the sitting, as whoever withdraws does
        sitting = sitting_moves.lock(sitting_id)
        open_count = Impediment.objects.filter(sitting_id=sitting_id, lifted_at=None).count()
        if open_count:
            raise IncidentsOpen(count=open_count)
        _require_none_ordered(sitting_id)
        sitting_moves.move(sitting_id=sitting_id, name="finalise", by=by, at=at, policy=sitting.policy)
        ready = enrolment_queries.ready_for_test(enrolment_ids)
        rows = Attempt.objects.select_for_update(of=("self",)).annotate(**CANDIDATE).filter(sitting_id=sitting_id)
        for attempt in rows.filter(state=AttemptState.SCORED).order_by("pk"):
            ATTEMPT.move(attempt, "confirm", by=by, at=at, locked=True)
            _settle(attempt, sitting, ready[attempt.enrolment_id], by=by, at=at)


def _settle(
    attempt: Attempt, sitting: SittingValue, readiness: enrolment_queries.Readiness, *, by: Actor, at: datetime
) -> None:
    """Complete the enrolment of somebody who passed, and ask for the certificate, but where there is one already;
    neither of who is not ready any more, which is written down.
    """
    score = Score.objects.filter(attempt=attempt).order_by("-run")[0]
    if not score.passed:
        return
    if not readiness.ready:
        audit.note("attempt.no-certificate", attempt, by=by, at=at, why=", ".join(map(str, readiness.reasons)))
        return
    enrolments.complete(enrolment_id=attempt.enrolment_id, by=by, at=at)
    try:
        reporting.request_certificate(
            institution_id=tenancy.institution_id(),
            attempt_id=attempt.pk,
            person_id=attempt.person_id,
            position=sitting.position,
            score=score.points,
            tested_on=legal_day(sitting.starts_at),
            policy_version=score.policy,
            by=by,
            at=at,
        )
    except reporting.AlreadyCertified as refusal:  # one certificate is enough; the others' results stand
        audit.note("attempt.no_second_certificate", attempt, by=by, at=at, why=str(refusal))


def cancel_sitting(*, sitting_id: uuid.UUID, why: str, by: Actor, at: datetime) -> None:
    """Cancel a sitting that has not begun; of a filed one the authority and every candidate are notified."""
    words = reasons.require(why, field="reason", longest=200)
    with transaction.atomic():
        sitting = sitting_moves.lock(sitting_id)
        sitting_moves.move(sitting_id=sitting_id, name="cancel", by=by, at=at, why=words)
        mark_absent(sitting_id, by=SYSTEM, at=at)
        if sitting.filed_at is not None:
            sitting_candidates.notify_cancelled(sitting_id=sitting_id, reason=words, at=at)
