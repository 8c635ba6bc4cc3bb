"""Study sessions: a chain of heartbeats, one lease a person, everything recomputable from the raw rows."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import tenancy
from kernel.access import Actor
from kernel.errors import NotFound
from shared.identity.operations import claims
from tenants.courses.models import Heartbeat, HourEntry, Lesson, StudySession
from tenants.courses.operations import classes, hours, study
from tenants.courses.queries import hours as hour_queries
from tenants.courses.queries import learning
from tenants.courses.states import Stop


@pytest.fixture
def learner(school: Any) -> Actor:
    """Somebody who has paid; the class begins today."""
    person: Actor = school.person()
    school.paid(school.open_class().pk, person)
    return person


@pytest.fixture
def lesson(learner: Actor) -> Lesson:
    return Lesson.objects.get(kind="document")


def begin(lesson: Lesson, learner: Actor, at: datetime) -> study.StudySessionValue:
    return study.begin_study(lesson_id=lesson.pk, by=learner, at=at)


def beat(
    session: study.StudySessionValue, nonce: str, learner: Actor, at: datetime, claimed_seconds: int = 15
) -> study.HeartbeatResult:
    return study.heartbeat(
        session_id=session.session_id, nonce=nonce, claimed_seconds=claimed_seconds, by=learner, at=at
    )


def ledger_seconds() -> int:
    return sum(HourEntry.objects.values_list("seconds", flat=True))


def test_heartbeats_are_credited_in_a_chain(lesson: Lesson, learner: Actor, at: datetime) -> None:
    session = begin(lesson, learner, at)
    first = beat(session, session.nonce, learner, at + timedelta(seconds=15))
    second = beat(session, first.nonce, learner, at + timedelta(seconds=30))
    assert [first.credited, second.credited, second.lesson_credited] == [15, 15, 30]
    assert (second.progress.credited_seconds, second.progress.required_seconds) == (30, 40 * 45 * 60)
    assert hour_queries.discrepancies(learner.person_id) == []  # type: ignore[arg-type]  # a learner is a person


def test_a_heartbeat_sent_again_gets_the_same_answer_and_no_second_credit(
    lesson: Lesson, learner: Actor, at: datetime
) -> None:
    session = begin(lesson, learner, at)
    later = at + timedelta(seconds=15)
    first = beat(session, session.nonce, learner, later)
    again = beat(session, session.nonce, learner, later + timedelta(seconds=5), claimed_seconds=60)
    assert again == first
    assert (ledger_seconds(), Heartbeat.objects.count()) == (15, 1)


def test_a_third_of_a_minute_offline_costs_an_honest_learner_nothing_and_accuses_nobody(
    lesson: Lesson, learner: Actor, at: datetime
) -> None:
    """As the page does (frontend study.ts): what was not answered is sent again with what was learnt meanwhile."""
    session = begin(lesson, learner, at)
    back = beat(session, session.nonce, learner, at + timedelta(seconds=35), claimed_seconds=35)
    following = beat(session, back.nonce, learner, at + timedelta(seconds=50))
    assert [(value.credited, value.stop) for value in (back, following)] == [(35, ""), (15, "")]
    assert ledger_seconds() == 50


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_reason_for_less_credit_says_that_somebody_reported_too_much(language: str) -> None:
    accusing = {"zh-hans": ("多报", "超过", "上报的时间"), "en": ("reported", "more time", "no sign of learning")}[
        language
    ]
    with translation.override(language):
        assert [stop.label for stop in Stop if any(words in str(stop.label).lower() for words in accusing)] == []


def test_a_nonce_out_of_the_chain_is_refused(lesson: Lesson, learner: Actor, at: datetime) -> None:
    session = begin(lesson, learner, at)
    first = beat(session, session.nonce, learner, at + timedelta(seconds=15))
    beat(session, first.nonce, learner, at + timedelta(seconds=30))
    for nonce in ("", "made-up", session.nonce):
        with pytest.raises(study.NonceUsed):
            beat(session, nonce, learner, at + timedelta(seconds=45))
    assert ledger_seconds() == 30


def test_another_window_takes_over_and_the_first_is_told(lesson: Lesson, learner: Actor, at: datetime) -> None:
    one = begin(lesson, learner, at)
    two = begin(lesson, learner, at + timedelta(seconds=5))
    with pytest.raises(study.LearningEnded) as refused:
        beat(one, one.nonce, learner, at + timedelta(seconds=15))
    assert str(refused.value)
    assert beat(two, two.nonce, learner, at + timedelta(seconds=20)).credited == 15
    assert StudySession.objects.filter(ended_at=None).count() == 1


def test_learning_at_another_institution_takes_the_lease(
    lesson: Lesson, learner: Actor, at: datetime, beta: Any
) -> None:
    session = begin(lesson, learner, at)
    assert learner.person_id is not None
    claims.acquire_learning_lease(person_id=learner.person_id, institution_id=beta.pk, token="there", at=at)
    with pytest.raises(claims.StudyElsewhere):
        beat(session, session.nonce, learner, at + timedelta(seconds=15))
    assert (ledger_seconds(), Heartbeat.objects.count()) == (0, 0)


def test_nobody_reports_for_somebody_else(lesson: Lesson, learner: Actor, school: Any, at: datetime) -> None:
    session = begin(lesson, learner, at)
    for stranger in (school.person("演示乙"), school.teacher):
        with pytest.raises(NotFound):
            beat(session, session.nonce, stranger, at + timedelta(seconds=15))
        with pytest.raises(NotFound):
            begin(lesson, stranger, at)
    assert ledger_seconds() == 0


def test_unpaid_early_closed_and_classroom_lessons_cannot_be_studied(school: Any, at: datetime) -> None:
    training_class = school.open_class(starts_on=school.day + timedelta(days=2))
    person = school.person()
    school.ordered(training_class.pk, person)
    lesson = Lesson.objects.get(kind="document")
    with pytest.raises(study.LessonUnavailable):
        begin(lesson, person, at + timedelta(days=3))
    paid = school.person("演示乙")
    school.paid(training_class.pk, paid)
    with pytest.raises(study.LessonUnavailable):
        begin(lesson, paid, at)
    with pytest.raises(study.LessonUnavailable):
        begin(Lesson.objects.get(kind="onsite"), paid, at + timedelta(days=3))
    session = begin(lesson, paid, at + timedelta(days=3))
    classes.start_class(class_id=training_class.pk, by=school.registrar, at=at)
    classes.close_class(class_id=training_class.pk, by=school.registrar, at=at)
    with pytest.raises(study.LessonUnavailable):
        beat(session, session.nonce, paid, at + timedelta(days=3, seconds=15))
    assert ledger_seconds() == 0


def test_ending_a_session_ends_its_credit(lesson: Lesson, learner: Actor, at: datetime) -> None:
    session = begin(lesson, learner, at)
    for _again in range(2):
        study.end_study(session_id=session.session_id, by=learner, at=at + timedelta(seconds=1))
    with pytest.raises(study.LearningEnded):
        beat(session, session.nonce, learner, at + timedelta(seconds=15))


def test_another_institution_s_session_is_not_there(
    lesson: Lesson, learner: Actor, at: datetime, other_school: Any
) -> None:
    session = begin(lesson, learner, at)
    with tenancy.open_institution(other_school.institution), pytest.raises(NotFound):
        beat(session, session.nonce, learner, at + timedelta(seconds=15))


def test_a_changed_ledger_is_found(lesson: Lesson, learner: Actor, at: datetime) -> None:
    session = begin(lesson, learner, at)
    beat(session, session.nonce, learner, at + timedelta(seconds=15))
    with tenancy.as_owner():
        HourEntry.objects.update(seconds=3600)
    assert learner.person_id is not None
    (found,) = hour_queries.discrepancies(learner.person_id)
    assert (found.in_ledger, found.recomputed) == (3600, 15)


moves = st.lists(
    st.tuples(
        st.sampled_from(["begin", "beat", "again", "attend"]),
        st.integers(min_value=-30, max_value=200),
        st.integers(min_value=0, max_value=400),
    ),
    max_size=14,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
def test_whatever_happens_the_ledger_is_what_the_raw_rows_say(
    school: Any, lesson: Lesson, learner: Actor, at: datetime, moves: list[tuple[str, int, int]]
) -> None:
    assert learner.person_id is not None
    now, session, nonces = at, begin(lesson, learner, at), [""]
    nonces = [session.nonce]
    for kind, wait, claimed_seconds in moves:
        now += timedelta(seconds=wait)
        if kind == "begin":
            session = begin(lesson, learner, now)
            nonces = [session.nonce]
        elif kind == "attend":
            seat = learning.my_class(school_class(learner), by=learner).participant_id
            try_attend(school, learner, seat, now)
        else:
            nonce = nonces[-1] if kind == "beat" else nonces[0]
            try:
                nonces.append(beat(session, nonce, learner, now, claimed_seconds).nonce)
            except study.NonceUsed:
                assert nonce != nonces[-1]
    assert hour_queries.discrepancies(learner.person_id) == []


def school_class(learner: Actor) -> Any:
    return StudySession.objects.filter(person_id=learner.person_id).latest("began_at").participant.training_class_id


def try_attend(school: Any, learner: Actor, seat: Any, now: datetime) -> None:
    try:
        hours.attend(
            class_id=school_class(learner),
            participant_ids=[seat],
            day=school.day,
            class_hours=1,
            why="签到表",
            by=school.teacher,
            at=now,
        )
    except hours.DayLimitExceeded:
        return
