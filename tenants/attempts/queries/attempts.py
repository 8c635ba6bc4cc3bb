"""Attempts as their candidates see them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet, UUIDField

from kernel import tenancy
from kernel.clock import legal_day
from kernel.db.statements import Bind, Figure, Statement
from kernel.errors import NotFound
from shared.bank import queries as bank_queries
from tenants.sittings.states import SittingState

from ..methods import protocol
from ..methods import timing as timing_methods
from ..models.answers import AnswerLog
from ..models.attempts import CANDIDATE, SITTING, Attempt, Score
from ..states import EXPECTED, RESULT, WRITING, AttemptState

RUNNING = (SittingState.RUNNING,)


@dataclass(frozen=True, slots=True)
class MyAttempt:
    """A test in the list of a trainee."""

    attempt_id: uuid.UUID
    candidacy_id: uuid.UUID
    enrolment_id: uuid.UUID
    position: str
    starts_at: datetime
    room: str
    place: str
    seat: int | None
    ticket_no: str
    state: str
    state_label: str
    has_score: bool
    passed: bool | None

    @property
    def ahead(self) -> bool:
        """Say whether its page can be opened: the candidate is expected, or writes."""
        return self.state in (*EXPECTED, *WRITING)


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A result for its candidate; provisional until the sitting's results are confirmed."""

    attempt_id: uuid.UUID
    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    position: str
    name: str
    points: str
    full_mark: int
    pass_mark: int
    passed: bool
    provisional: bool
    sections: tuple[Mapping[str, Any], ...]
    policy: str
    finished_at: datetime
    finished_by: str
    sitting: str
    confirm_from: datetime


@dataclass(frozen=True, slots=True)
class AttemptPage:
    """Everything the test page needs: state, clock, paper, answers so far."""

    state: str
    page_state: str
    epoch: int
    last_seq: int
    deadline: datetime | None
    notice: str
    name: str
    seat: int | None
    sheet: bank_queries.Sheet | None
    answers: Mapping[str, str]
    score: ScoreView | None


def timing(attempt: Attempt) -> timing_methods.Timing:
    """Return the parts an attempt's deadline is made of."""
    return timing_methods.Timing(
        attempt.state,
        attempt.started_at,
        attempt.working_time,
        attempt.added_time,
        attempt.held_time,
        attempt.held_since,
    )


def answers(attempt_id: uuid.UUID) -> dict[str, str]:
    """Return the newest choice of each question that has one."""
    rows = AnswerLog.objects.filter(attempt_id=attempt_id).order_by("question", "-seq").distinct("question")
    return {question: choice for question, choice in rows.values_list("question", "choice") if choice}


def _last_seq(attempt_id: uuid.UUID) -> int:
    last = AnswerLog.objects.filter(attempt_id=attempt_id).order_by("-seq").values_list("seq", flat=True).first()
    return last or 0


def _own(person_id: uuid.UUID | None) -> "QuerySet[Attempt]":
    rows = Attempt.objects.annotate(**CANDIDATE, **SITTING)
    return rows.none() if person_id is None else rows.filter(candidacy__person_id=person_id)


def attempt_for(attempt_id: uuid.UUID, person_id: uuid.UUID | None) -> Attempt:
    """Return a person's own attempt; NotFound for anybody else's."""
    row = _own(person_id).filter(pk=attempt_id).first()
    if row is None:
        raise NotFound
    return row


def candidate_of(attempt_id: uuid.UUID) -> tuple[uuid.UUID, str]:
    """Return whose attempt it is: the person and the name; NotFound where there is none."""
    row = Attempt.objects.filter(pk=attempt_id).values_list("candidacy__person_id", "candidacy__name").first()
    if row is None:
        raise NotFound
    return row


_OF_PERSON = Statement(lambda: Attempt.objects.filter(candidacy__person_id=Bind("person", UUIDField())))


def any_attempt(person_id: uuid.UUID) -> Figure:
    """Return whether a person has a test in this institution, to be asked."""
    return _OF_PERSON.exists(person=person_id)


def my_attempts(person_id: uuid.UUID) -> list[MyAttempt]:
    """Return all tests of a person in this institution, newest first."""
    rows = _own(person_id).annotate(room=F("sitting__room__name"), place=F("sitting__room__place"))
    return [_mine(row, row.room, row.place) for row in rows.prefetch_related("scores").order_by("-sitting__starts_at")]


def _mine(row: Attempt, room: str, place: str) -> MyAttempt:
    scores = sorted(row.scores.all(), key=lambda score: -score.run) if row.state in RESULT else []
    return MyAttempt(
        attempt_id=row.pk,
        candidacy_id=row.candidacy_id,
        enrolment_id=row.enrolment_id,
        position=row.position,
        starts_at=row.starts_at,
        room=room,
        place=place,
        seat=row.seat,
        ticket_no=row.ticket_no,
        state=row.state,
        state_label=str(row.get_state_display()),
        has_score=bool(scores),
        passed=scores[0].passed if scores else None,
    )


def rating_key(enrolment_id: uuid.UUID) -> str:
    """Return the key that no other enrolment of the province has, under which its person rates once."""
    return f"{tenancy.current_schema()}:{enrolment_id}"


def score_for(attempt_id: uuid.UUID, person_id: uuid.UUID | None) -> ScoreView:
    """Return a person's own result; NotFound for another's and where there is none."""
    view = _score(attempt_for(attempt_id, person_id))
    if view is None:
        raise NotFound
    return view


def _score(attempt: Attempt) -> ScoreView | None:
    if attempt.state not in RESULT or attempt.finished_at is None:
        return None
    score = Score.objects.filter(attempt=attempt).order_by("-run")[0]
    return ScoreView(
        attempt_id=attempt.pk,
        enrolment_id=attempt.enrolment_id,
        person_id=attempt.person_id,
        position=attempt.position,
        name=attempt.name,
        points=protocol.score_text(score.points),
        full_mark=score.full_mark,
        pass_mark=score.pass_mark,
        passed=score.passed,
        provisional=attempt.state != AttemptState.CONFIRMED,
        sections=tuple(score.sections),
        policy=score.policy,
        finished_at=attempt.finished_at,
        finished_by=attempt.finished_by,
        sitting=attempt.sitting_number,
        confirm_from=attempt.sitting_state_since,
    )


def first_failed_on(enrolment_id: uuid.UUID) -> date | None:
    """Return the day of the first test that an enrolment failed, None where it failed none."""
    rows = Score.objects.filter(attempt__candidacy__enrolment_id=enrolment_id, attempt__state__in=RESULT, passed=False)
    first = rows.order_by("attempt__sitting__starts_at").values_list("attempt__sitting__starts_at", flat=True).first()
    return legal_day(first) if first else None


def paper_page(attempt_id: uuid.UUID, *, at: datetime) -> AttemptPage:
    """Return what the test page of an attempt shows. The paper comes with the start and goes with the end."""
    row = Attempt.objects.annotate(**CANDIDATE, **SITTING).filter(pk=attempt_id).first()
    if row is None:
        raise NotFound
    sitting_running = row.sitting_state in RUNNING
    writing = row.state == AttemptState.STARTED
    return AttemptPage(
        state=row.state,
        page_state=protocol.page_state(row.state, sitting_running=sitting_running),
        epoch=row.lease_epoch,
        last_seq=_last_seq(row.pk),
        deadline=timing_methods.deadline(timing(row), at),
        notice=row.notice,
        name=row.name,
        seat=row.seat,
        sheet=bank_queries.sheet(row.paper_id) if writing else None,
        answers=answers(row.pk) if writing else {},
        score=_score(row),
    )
