"""The day of the test: check-in, begin, end, minutes, results."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import tenancy
from kernel.access import Actor
from kernel.clock import CHINA, legal_day
from kernel.errors import Invalid, Refusal
from shared.bank import operations as bank_operations
from shared.certificates import operations as certificates_operations
from shared.identity import operations as identity_operations
from shared.policy import queries as policy
from shared.rankings import operations as rankings_operations
from tenants.rosters import operations as rosters_operations
from tenants.rosters import queries as rosters
from tenants.rosters.states import EnrolmentState

from ..models import Attempt, IdCheck, Impediment, Score, Sitting
from ..states import ATTEMPT, SITTING, WRITING, AttemptState, Document, EventKind
from .duties import candidacy_of, locked_attempt, locked_sitting, require_duty
from .events import RoomEvent, append_events, notify_authority
from .interventions import mark_absent


class TooEarly(Refusal):
    """The time has not come."""

    code = "too-early"
    message = _("This is possible from %(when)s on.")


class TooLate(Refusal):
    """Nobody is let in any more."""

    code = "too-late"
    message = _("Candidates were let in until %(when)s.")


class StillWriting(Refusal):
    """Somebody has not handed in."""

    code = "still-writing"
    message = _("%(count)s candidates have not handed in. Wait for them, or end their tests with a reason.")


class IncidentsOpen(Refusal):
    """An open incident stands against the results."""

    code = "incidents-open"
    message = _("%(count)s incidents that may affect results are open. Close them first.")


def open_checkin(*, sitting_id: uuid.UUID, by: Actor, at: datetime) -> Sitting:
    """Open check-in: a paper is drawn for every candidate, the keys stay in the bank. Whoever is on duty.

    Refuses (TooEarly) before the policy's minutes ahead of the start.
    """
    with transaction.atomic():
        sitting = locked_sitting(sitting_id)
        require_duty(sitting_id, by)
        pack = policy.pack(sitting.policy)
        _not_before(sitting.starts_at - timedelta(minutes=pack.sitting.entry_opens_minutes), at)
        SITTING.move(sitting, "open_checkin", by=by, at=at)
        _prepare(sitting, pack, at=at)
        notify_authority(sitting, at=at)
        append_events(sitting_id=sitting.pk, events=[RoomEvent(EventKind.CHECKIN_OPEN)], at=at)
    return sitting


def _not_before(moment: datetime, at: datetime) -> None:
    if at < moment:
        raise TooEarly(when=_hour(moment))


def _hour(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _prepare(sitting: Sitting, pack: Any, *, at: datetime) -> None:
    """Draw a paper for each candidate, from the sitting's seed and the ticket's number."""
    rows = list(sitting.candidacies.order_by("pk"))
    seeds = [f"{sitting.seed}:{row.ticket_no}" for row in rows]
    papers = bank_operations.draw_papers(pack=pack, position=sitting.position, seeds=seeds, at=at)
    working_time = timedelta(minutes=pack.paper.minutes)
    Attempt.objects.bulk_create(
        Attempt(
            candidacy=row,
            sitting=sitting,
            paper_id=p.id,
            questions=p.questions,
            working_time=working_time,
            state_since=at,
        )
        for row, p in zip(rows, papers, strict=True)
    )


def begin(*, sitting_id: uuid.UUID, by: Actor, at: datetime) -> Sitting:
    """Let the checked-in candidates start. Only the chief proctor; refuses (TooEarly) before the time filed."""
    with transaction.atomic():
        sitting = locked_sitting(sitting_id)
        require_duty(sitting_id, by, chief=True)
        _not_before(sitting.starts_at, at)
        SITTING.move(sitting, "begin", by=by, at=at)
        notify_authority(sitting, at=at)
        append_events(sitting_id=sitting.pk, events=[RoomEvent(EventKind.BEGUN)], at=at)
    return sitting


def check_in(*, candidacy_id: uuid.UUID, document: str = Document.RESIDENT_ID, by: Actor, at: datetime) -> None:
    """Note that a proctor of this sitting compared a candidate with a document; without it nobody starts.

    Takes the one seat that a person may hold in the province (SeatElsewhere). Refuses NotOnDuty, TooLate, WrongState.
    """
    if document not in Document.values:
        raise Invalid(_("Choose the document that was shown."), field="document")
    sitting_id = candidacy_of(candidacy_id).sitting_id
    institution_id = tenancy.current_institution_id()
    assert institution_id is not None  # an institution's schema is open
    with transaction.atomic():
        proctor = require_duty(sitting_id, by)
        attempt = locked_attempt(candidacy_id=candidacy_id)
        sitting = attempt.sitting
        pack = policy.pack(sitting.policy)
        latest = sitting.starts_at + timedelta(minutes=pack.sitting.late_entry_minutes)
        if at > latest:
            raise TooLate(when=_hour(latest))
        ATTEMPT.move(attempt, "check_in", by=by, at=at)
        candidacy = attempt.candidacy
        IdCheck.objects.create(
            candidacy=candidacy, document=document, checked_at=at, checked_by=proctor, checked_by_name=by.name
        )
        person = candidacy.person_id
        identity_operations.take_seat(person_id=person, institution_id=institution_id, attempt_id=attempt.pk, at=at)
        append_events(sitting_id=sitting_id, events=[RoomEvent(EventKind.CHECKED_IN, candidacy_id)], at=at)


def close_sitting(*, sitting_id: uuid.UUID, by: Actor, at: datetime) -> Sitting:
    """End the test; who did not start is absent. Only the chief; refuses (StillWriting) while somebody writes."""
    with transaction.atomic():
        sitting = locked_sitting(sitting_id)
        require_duty(sitting_id, by, chief=True)
        # All attempts are locked first: nobody can start between the count and the end.
        attempts = list(sitting.attempts.select_for_update().order_by("pk"))
        writing = sum(attempt.state in WRITING for attempt in attempts)
        if writing:
            raise StillWriting(count=writing)
        SITTING.move(sitting, "close", by=by, at=at)
        events = mark_absent(sitting, by=by, at=at)
        _ask_for_ratings(sitting, at=at)
        notify_authority(sitting, at=at)
        append_events(sitting_id=sitting.pk, events=[*events, RoomEvent(EventKind.CLOSED)], at=at)
    return sitting


def _ask_for_ratings(sitting: Sitting, *, at: datetime) -> None:
    """Count how many can now rate: once per sitting, so that no counter is locked while people hand in."""
    finished = sitting.attempts.filter(state=AttemptState.SCORED).count()
    institution_id = tenancy.current_institution_id()
    if finished and institution_id is not None:
        rankings_operations.count_eligible(institution_id=institution_id, at=at, trainees=finished)


def sign_minutes(*, sitting_id: uuid.UUID, by: Actor, at: datetime) -> Sitting:
    """Note that the chief proctor has signed the minutes, which proctoring keeps."""
    with transaction.atomic():
        sitting = locked_sitting(sitting_id)
        require_duty(sitting_id, by, chief=True)
        SITTING.move(sitting, "sign_minutes", by=by, at=at)
        notify_authority(sitting, at=at)
    return sitting


def note_impediment(*, sitting_id: uuid.UUID, incident_id: uuid.UUID, at: datetime) -> None:
    """Keep that an incident stands against this sitting's results until it is lifted."""
    with transaction.atomic():
        locked_sitting(sitting_id)
        Impediment.objects.get_or_create(incident_id=incident_id, defaults={"sitting_id": sitting_id, "noted_at": at})


def lift_impediment(*, incident_id: uuid.UUID, at: datetime) -> None:
    """Keep that the incident no longer stands against the results."""
    with transaction.atomic():
        Impediment.objects.filter(incident_id=incident_id, lifted_at=None).update(lifted_at=at)


def finalise(*, sitting_id: uuid.UUID, by: Actor, at: datetime) -> Sitting:
    """Confirm the results; for each who passed the certificate is asked for, in the same transaction (policy 1.3).

    Refuses (WrongState) before the minutes are signed
    and (IncidentsOpen) while an incident that may affect results is open.
    """
    with transaction.atomic():
        sitting = locked_sitting(sitting_id)
        open_count = sitting.impediments.filter(lifted_at=None).count()
        if open_count:
            raise IncidentsOpen(count=open_count)
        SITTING.move(sitting, "finalise", by=by, at=at, policy=sitting.policy)
        rows = Attempt.objects.select_for_update(of=("self",)).select_related("candidacy").filter(sitting=sitting)
        for attempt in rows.filter(state=AttemptState.SCORED).order_by("pk"):
            ATTEMPT.move(attempt, "confirm", by=by, at=at)
            _settle(attempt, sitting, by=by, at=at)
        notify_authority(sitting, at=at)
    return sitting


def _settle(attempt: Attempt, sitting: Sitting, *, by: Actor, at: datetime) -> None:
    """Complete the enrolment of somebody who passed, and ask for the certificate."""
    score = Score.objects.filter(attempt=attempt).order_by("-run")[0]
    if not score.passed:
        return
    enrolment_id = attempt.candidacy.enrolment_id
    if rosters.enrolment(enrolment_id).state == EnrolmentState.CONFIRMED:  # not one withdrawn after the test
        rosters_operations.complete(enrolment_id=enrolment_id, by=by, at=at)
    institution_id = tenancy.current_institution_id()
    assert institution_id is not None  # an institution's schema is open
    certificates_operations.request_certificate(
        institution_id=institution_id,
        attempt_id=attempt.pk,
        person_id=attempt.candidacy.person_id,
        position=sitting.position,
        score=score.points,
        tested_on=legal_day(sitting.starts_at),
        policy_version=score.policy,
        by=by,
        at=at,
    )
