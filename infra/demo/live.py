"""Tests of today and the coming weeks: one with check-in open, one that is running, others filed.

Renewed when the demonstration is loaded on a later day: yesterday's tests are ended first, as a chief proctor would.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from infra.demo import institutions, sittings, writing
from infra.demo.accounts import TRAINEE
from infra.demo.actors import staff
from infra.demo.days import Days
from infra.demo.institutions import EXISTING, LISTED, PAUSED, SUSPENDED, Spec, institution
from infra.demo.training import School
from kernel.errors import Refusal
from kernel.tenancy import open_institution
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import people as people_queries
from tenants.attempts.operations import conduct, interventions
from tenants.proctoring import operations as proctoring
from tenants.rosters.models import Enrolment
from tenants.sittings.models.sittings import Candidacy, Room, Sitting
from tenants.sittings.states import SittingState

TODAY = 7  # of the people who are ready, those who are tested today; the others come in two days
IN_ROOM = 4  # of those tested today, how many are checked in
WRITERS = 8
WRITTEN = 22  # of the questions, how many have been answered in the test that runs
GOING_ON = (SittingState.CHECKIN_OPEN, SittingState.RUNNING)
NOBODY = "演示场次当日无人开考，按缺考处理，另行安排。"


def load(specs: Sequence[Spec]) -> None:
    """Let a test be prepared at one institution and written at another, unless there is one; let others be filed."""
    days = Days.today()
    for spec, ahead in ((spec, DAYS_AHEAD[spec]) for spec in specs):
        with transaction.atomic(), open_institution(institution(spec)):
            school = School(spec, staff(spec.key, at=days.now))
            _end_earlier_tests(school, days)
            if spec in TODAYS_TESTS and not Sitting.objects.filter(state__in=GOING_ON).exists():
                TODAYS_TESTS[spec](school, days)
            if not Sitting.objects.filter(state=SittingState.FILED, starts_at__gt=days.now).exists():
                _file_next_test(school, days, ahead)


def _file_next_test(school: School, days: Days, ahead: int) -> None:
    """File a test of those who are ready, so many days from now."""
    for position in institutions.POSITIONS:
        keys = sittings.ready(position)
        if keys and sittings.can_be_tested(position, at=days.now):
            at = days.now - timedelta(days=2)
            sittings.file(school, _room(1), position, keys, starts_at=days.of(ahead), at=at)
            return


def _end_earlier_tests(school: School, days: Days) -> None:
    """End what was filed or begun before today and is not over; what cannot be ended is left as it is."""
    morning = days.of(0, 0)
    for sitting in Sitting.objects.filter(starts_at__lt=morning).order_by("starts_at"):
        try:
            with transaction.atomic():
                _end(school, sitting, days.now)
        except Refusal:
            continue


def _end(school: School, sitting: Sitting, at: datetime) -> None:
    staff, key = school.staff, sitting.pk
    if sitting.state == SittingState.FILED:
        conduct.cancel_sitting(sitting_id=key, why=NOBODY, by=staff["registrar"], at=at)
    if sitting.state in GOING_ON:
        conduct.close_sitting(sitting_id=key, by=staff["chief"], at=at)
        proctoring.sign_minutes(sitting_id=key, text=NOBODY, by=staff["chief"], at=at)
        conduct.finalise(sitting_id=key, by=staff["registrar"], at=at)


def _room(n: int) -> Room:
    return Room.objects.get(name=sittings.ROOMS[n][0])


def _ready(position: str) -> list[uuid.UUID]:
    """Return who may be tested, the one with the trainees' sign-in first."""
    keys = sittings.ready(position)
    account = account_queries.account_by_identifier(TRAINEE.identifier)
    me = people_queries.person_of(account.id) if account else None
    mine = set(Enrolment.objects.filter(person_id=me.id).values_list("pk", flat=True)) if me else set()
    return sorted(keys, key=lambda key: key not in mine)


def _open_check_in(school: School, days: Days) -> None:
    """Open the door now for a test that begins within minutes; most are in the room already."""
    now = days.now
    ready = _ready("SGY-TJ")
    if not ready:
        return
    soon = now.replace(second=0, microsecond=0) + timedelta(minutes=10 - now.minute % 5)
    today = ready[:TODAY]
    sitting = sittings.file(school, _room(0), "SGY-TJ", today, starts_at=soon, at=now - timedelta(days=4))
    conduct.open_checkin(sitting_id=sitting.pk, by=school.staff["proctor"], at=now)
    for row in _in_order(sitting, today)[:IN_ROOM]:
        conduct.check_in(candidacy_id=row.pk, by=school.staff["proctor"], at=now)


def _in_order(sitting: Sitting, enrolments: Sequence[uuid.UUID]) -> list[Candidacy]:
    order = {key: n for n, key in enumerate(enrolments)}
    return sorted(sitting.candidacies.all(), key=lambda row: order[row.enrolment_id])


def _run_test(school: School, days: Days) -> None:
    """A test that began a while ago: most write, one is held up, one has not come."""
    now = days.now
    position = next((p for p in institutions.POSITIONS if sittings.ready(p)), "")
    today = sittings.ready(position)[:WRITERS]
    if not today or not sittings.can_be_tested(position, at=now):
        return
    started_at = now.replace(second=0, microsecond=0) - timedelta(minutes=25)
    sitting = sittings.file(school, _room(0), position, today, starts_at=started_at, at=now - timedelta(days=5))
    conduct.open_checkin(sitting_id=sitting.pk, by=school.staff["chief"], at=started_at - timedelta(minutes=14))
    there = _in_order(sitting, today)[:-1] or _in_order(sitting, today)
    for n, row in enumerate(there):
        conduct.check_in(
            candidacy_id=row.pk, by=school.staff["proctor"], at=started_at - timedelta(minutes=10, seconds=-25 * n)
        )
    conduct.begin(sitting_id=sitting.pk, by=school.staff["chief"], at=started_at)
    for n, (attempt, row, questions) in enumerate(writing.started_attempts(sitting, there)):
        started = started_at + timedelta(seconds=30 + 7 * n)
        _me, epoch = writing.start(attempt, row, at=started)
        answered_questions, sure = questions[: WRITTEN + n], writing.SURENESS[n]
        writing.answer(
            attempt,
            epoch,
            answered_questions,
            sure,
            first=started,
            pace=timedelta(minutes=22) / len(answered_questions),
        )
    _hold_one(school, sitting, there[-1], now)


def _hold_one(school: School, sitting: Sitting, row: Candidacy, now: datetime) -> None:
    """One computer fails: the clock of its candidate stands still, and the room says so."""
    at = now - timedelta(minutes=2)
    words = "5 号机蓝屏，正在更换备用机。"
    proctoring.report_incident(
        sitting_id=sitting.pk,
        candidacy_id=row.pk,
        kind="equipment",
        impactful=True,
        words=words,
        by=school.staff["proctor"],
        at=at,
    )
    interventions.hold(candidacy_id=row.pk, why=words, by=school.staff["proctor"], at=at)


TODAYS_TESTS: dict[Spec, Callable[[School, Days], None]] = {LISTED: _open_check_in, EXISTING: _run_test}
DAYS_AHEAD = {LISTED: 2, EXISTING: 12, PAUSED: 5, SUSPENDED: 6}
"""In how many days each institution holds its next test."""
SHARES = ((LISTED, SUSPENDED), (EXISTING, PAUSED))
"""Those that are done by one process each."""
