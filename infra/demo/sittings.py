"""Tests at the institution that trains: one of last year with its certificates, one filed, one whose door opens now."""

import hashlib
import random
import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db import transaction

from infra.demo.acting import staff
from infra.demo.institutions import LISTED, institution
from infra.demo.training import POSITION, TITLE
from kernel import clock
from kernel.access import Actor
from kernel.fields import uuid7
from kernel.tenancy import open_institution, open_public
from shared.bank.models import PaperKey
from shared.certificates import operations as certificates
from shared.certificates.models import Certificate
from shared.rankings import queries as rankings
from tenants.courses.models import TrainingClass
from tenants.courses.states import ClassState
from tenants.exams import operations as exams
from tenants.exams.models import AnswerLog, Attempt, Candidacy, Room, Sitting
from tenants.proctoring import operations as proctoring
from tenants.rosters import queries as rosters
from tenants.rosters.models import Enrolment

# How sure a candidate is of an answer; of ten people one or two are not sure enough.
SURENESS = (0.93, 0.88, 0.81, 0.9, 0.74, 0.96, 0.85, 0.42, 0.79, 0.9)
TODAY = 7  # of the people who are ready, those who are tested today; the others come in two days
IN_ROOM = 4  # of those tested today, how many are checked in


def load() -> None:
    """Hold the tests, unless there were any here before."""
    now = clock.real_now().astimezone(clock.CHINA)
    with transaction.atomic(), open_institution(institution(LISTED)):
        if Room.objects.exists():
            return
        us = staff(at=now)
        begun = datetime(now.year - 1, 4, 20, 10, tzinfo=clock.CHINA)
        rooms = [
            exams.add_room(name=name, place=place, seats=seats, by=us["registrar"], at=begun)
            for name, place, seats in (("第一机房", "实训楼三层", 36), ("第二机房", "实训楼四层", 30))
        ]
        _finished(rooms[0], us, at=begun)
        ready = _ready(ClassState.RUNNING)
        _today(rooms[0], ready[:TODAY], us, now)
        in_two_days = datetime.combine(now.date() + timedelta(days=2), time(9), tzinfo=clock.CHINA)
        _file(rooms[1], ready[TODAY:], us, starts_at=in_two_days, at=now - timedelta(days=2))


def _ready(state: str) -> list[uuid.UUID]:
    """Return the enrolments of the class in a state that may be tested, in the order in which people applied."""
    group = TrainingClass.objects.get(programme__title=TITLE, state=state)
    rows = Enrolment.objects.filter(training_class_id=group.pk).order_by("applied_at").values_list("pk", flat=True)
    ready = rosters.ready_for_test(list(rows))
    return [key for key in rows if ready[key].ready]


def _file(
    room: Room, enrolments: Sequence[uuid.UUID], us: dict[str, Actor], *, starts_at: datetime, at: datetime
) -> Sitting:
    """Plan a sitting, put people into it, file it with the authority."""
    assert us["chief"].account_id is not None
    assert us["proctor"].account_id is not None
    sitting = exams.schedule_sitting(
        position=POSITION,
        room_id=room.pk,
        starts_at=starts_at,
        chief_id=us["chief"].account_id,
        proctor_ids=[us["proctor"].account_id],
        by=us["registrar"],
        at=at,
    )
    exams.add_candidates(sitting_id=sitting.pk, enrolment_ids=enrolments, by=us["registrar"], at=at)
    return exams.file_sitting(sitting_id=sitting.pk, by=us["registrar"], at=at + timedelta(hours=1))


def _today(room: Room, enrolments: Sequence[uuid.UUID], us: dict[str, Actor], now: datetime) -> None:
    """Open the door now for a test that begins within minutes; most are in the room already."""
    soon = now.replace(second=0, microsecond=0) + timedelta(minutes=10 - now.minute % 5)
    sitting = _file(room, enrolments, us, starts_at=soon, at=now - timedelta(days=4))
    exams.open_checkin(sitting_id=sitting.pk, by=us["proctor"], at=now)
    order = {key: n for n, key in enumerate(enrolments)}
    candidates = sorted(sitting.candidacies.all(), key=lambda row: order[row.enrolment_id])
    for row in candidates[:IN_ROOM]:
        exams.check_in(candidacy_id=row.pk, by=us["proctor"], at=now)


def _finished(room: Room, us: dict[str, Actor], *, at: datetime) -> None:
    """Hold the test of last year's class on one May morning, up to the certificates."""
    starts_at = at.replace(month=5, day=10, hour=9)
    sitting = _file(room, _ready(ClassState.CLOSED), us, starts_at=starts_at, at=at)
    exams.open_checkin(sitting_id=sitting.pk, by=us["chief"], at=starts_at - timedelta(minutes=14))
    candidates = list(Candidacy.objects.filter(sitting=sitting).order_by("ticket_no"))
    for n, row in enumerate(candidates[:-1]):
        exams.check_in(candidacy_id=row.pk, by=us["proctor"], at=starts_at - timedelta(minutes=12, seconds=-20 * n))
    exams.begin(sitting_id=sitting.pk, by=us["chief"], at=starts_at)
    written = {row.candidacy_id: row for row in Attempt.objects.filter(sitting=sitting)}
    papers = PaperKey.objects.filter(paper_id__in=[row.paper_id for row in written.values()])
    keys = {row.paper_id: row.marked for row in papers}
    for n, row in enumerate(candidates[:-1]):
        attempt = written[row.pk]
        _write(attempt, row, keys[attempt.paper_id], SURENESS[n % len(SURENESS)], begun=starts_at, n=n)
    exams.close_sitting(sitting_id=sitting.pk, by=us["chief"], at=starts_at + timedelta(minutes=122))
    after = starts_at + timedelta(minutes=150)
    words = "应考二十四人，一人缺考，其余按时到场；考场秩序良好，未发生异常情况。"
    proctoring.sign_minutes(sitting_id=sitting.pk, text=words, by=us["chief"], at=after)
    exams.finalise(sitting_id=sitting.pk, by=us["registrar"], at=starts_at + timedelta(days=2))
    _number(list(sitting.attempts.values_list("pk", flat=True)), at=starts_at + timedelta(days=4, hours=2))


def _write(
    attempt: Attempt, row: Candidacy, marked: Sequence[dict[str, str]], sure: float, *, begun: datetime, n: int
) -> None:
    """Let one candidate write, hand in, and (most of them) rate."""
    dice = random.Random(f"answers:{n}")  # noqa: S311  # answers for a demonstration, no secret
    me = Actor(uuid7(), row.person_id, row.name, 1)
    start, minutes = begun + timedelta(seconds=40 + n), 55 + dice.randrange(60)
    device = hashlib.sha256(row.ticket_no.encode()).hexdigest()
    lease = exams.take_lease(attempt_id=attempt.pk, person_id=row.person_id, device=device, at=start)
    assert lease.epoch is not None
    exams.start_attempt(attempt_id=attempt.pk, epoch=lease.epoch, by=me, at=start)
    pace = timedelta(minutes=minutes) / len(marked)
    # Answers come in through the gateway, which writes these rows itself.
    AnswerLog.objects.bulk_create(
        AnswerLog(
            attempt=attempt,
            seq=seq,
            epoch=lease.epoch,
            question=question["name"],
            choice=question["key"] if dice.random() < sure else _wrong(question["key"]),
            client_at=start + pace * (seq - 0.5),
            server_at=start + pace * (seq - 0.5),
        )
        for seq, question in enumerate(marked, start=1)
    )
    ended = start + timedelta(minutes=minutes, seconds=20)
    exams.finish_attempt(attempt_id=attempt.pk, epoch=lease.epoch, last_seq=len(marked), by=me, at=ended)
    if n % 5:
        law = rankings.method_at(ended)
        items = {item.key: dice.choice((3, 4, 4, 5, 5, 5, 5)) for item in law.items}
        exams.rate(attempt_id=attempt.pk, person_id=row.person_id, items=items, at=ended + timedelta(minutes=3))


def _wrong(key: str) -> str:
    """Return letters that are not the right ones, of the same kind of question."""
    if key in ("T", "F"):
        return "T" if key == "F" else "F"
    return "A" if key != "A" else "B"


def _number(attempts: Sequence[uuid.UUID], *, at: datetime) -> None:
    """Give the numbers that the ministry's system would answer with, so that the certificates are issued."""
    with open_public():
        rows = Certificate.objects.filter(attempt_id__in=attempts).order_by("requested_at", "pk")
        for n, key in enumerate(rows.values_list("pk", flat=True), start=1):
            number = f"演示-JX-{at:%y}-9{n:05d}"
            certificates.receive_number(certificate_id=key, number=number, issued_on=at.date(), at=at)
