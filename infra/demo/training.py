"""A year of training at the institution that trains: a class of last year, one that runs, one that enrols now.

All moments are counted from the day of loading, so that what runs now always runs now.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from django.db import transaction

from infra.demo import lessons
from infra.demo.accounts import TRAINEE, TRAINEE_NUMBER
from infra.demo.acting import staff, trainee
from infra.demo.institutions import LISTED, institution
from infra.demo.people import Invented, people, person
from kernel import clock
from kernel.access import Actor
from kernel.money import Money
from kernel.tenancy import open_institution
from tenants.billing import operations as billing
from tenants.courses import operations as courses
from tenants.courses.models import Lesson, Participant, Programme
from tenants.rosters import operations as rosters
from tenants.rosters.models import Enrolment

POSITION, TITLE = "SGY-TJ", "施工员（土建方向）岗位培训"
SECOND_POSITION, SECOND_TITLE = "ZLY-TJ", "质量员（土建方向）岗位培训"
PRICES = (("training", Money(68000)), ("test", Money(10000)), ("material", Money(6000)))
TO_PAY = Money(sum(amount.fen for _item, amount in PRICES))
SCHOOL_DAYS = 5
HOURS_A_DAY = 8
# In the running class: how many people have been there on how many of its five days.
STAGES = ((12, 5), (4, 3), (2, 2), (1, 1))


@dataclass(frozen=True, slots=True)
class Plan:
    """One class: when it is prepared, when people apply, when it is taught."""

    name: str
    planned: datetime
    applied: datetime
    starts: datetime
    ends: datetime
    position: str = POSITION


def plans(now: datetime) -> dict[str, Plan]:
    """Return the classes: of last year, running, enrolling, and one of another position."""
    year = now.year - 1

    def then(month: int, day: int) -> datetime:
        return datetime(year, month, day, 9, tzinfo=clock.CHINA)

    def of(days: int) -> datetime:
        return datetime.combine(now.date() + timedelta(days=days), time(9), tzinfo=clock.CHINA)

    last = Plan(f"{year}年第一期", then(2, 10), then(2, 17), then(3, 10), then(4, 30))
    running = Plan(
        f"{of(-24).year}年秋季班" if of(-24).month > 8 else f"{of(-24).year}年在训班", of(-60), of(-50), of(-24), of(21)
    )
    open_now = Plan(f"{of(12).year}年新班（周末）", of(-20), of(-16), of(12), of(55))
    quality = Plan(f"{of(19).year}年质量员班", of(-10), of(-8), of(19), of(60), SECOND_POSITION)
    return {"last": last, "running": running, "open": open_now, "quality": quality}


def load() -> None:
    """Train, unless it was trained here before."""
    now = clock.real_now().astimezone(clock.CHINA)
    with transaction.atomic(), open_institution(institution(LISTED)):
        if Programme.objects.filter(title=TITLE).exists():
            return
        known = plans(now)
        us = staff(at=known["last"].planned)
        programmes = _programmes(us["registrar"], at=known["last"].planned - timedelta(days=30))
        groups = {key: _open(plan, programmes[plan.position], us) for key, plan in known.items() if key == "last"}
        _last(known["last"], groups["last"], us)
        groups |= {key: _open(plan, programmes[plan.position], us) for key, plan in known.items() if key != "last"}
        _running(known["running"], groups["running"], us)
        _enrolling(known["open"], groups["open"], us)


def _programmes(registrar: Actor, *, at: datetime) -> dict[str, uuid.UUID]:
    found = {}
    for position, title, texts in (
        (POSITION, TITLE, lessons.CONSTRUCTION),
        (SECOND_POSITION, SECOND_TITLE, lessons.QUALITY),
    ):
        programme = courses.open_programme(position=position, title=title, by=registrar, at=at)
        for text in texts:
            courses.add_lesson(
                programme_id=programme.pk,
                title=text.title,
                kind=text.kind,
                seconds=text.minutes * 60,
                body=text.body,
                by=registrar,
                at=at,
            )
        found[position] = programme.pk
    return found


def _open(plan: Plan, programme_id: uuid.UUID, us: dict[str, Actor]) -> uuid.UUID:
    """Plan a class, publish its prices under the ceilings, open it for enrolment."""
    group = courses.plan_class(
        programme_id=programme_id,
        name=plan.name,
        starts_on=plan.starts.date(),
        ends_on=plan.ends.date(),
        capacity=30,
        place="教学楼 302 教室",
        teacher=us["teacher"].account_id,
        teacher_name=us["teacher"].name,
        by=us["registrar"],
        at=plan.planned,
    )
    after = plan.planned + timedelta(hours=2)
    for item, amount in PRICES:
        billing.publish_price(class_id=group.pk, fee_item=item, amount=amount, by=us["principal"], at=after)
    billing.open_enrolment(class_id=group.pk, by=us["principal"], at=after)
    return group.pk


def _day(first: datetime, n: int, a_day: int = 1) -> datetime:
    """Return when the n-th person comes, so many a day, in office hours."""
    return first + timedelta(days=n // a_day, hours=5 * (n % a_day), minutes=7 * n % 50)


def _apply(who: Invented, class_id: uuid.UUID, *, at: datetime) -> tuple[Actor, Enrolment]:
    me = trainee(who, at=at)
    assert me.person_id is not None
    row = rosters.apply(
        class_id=class_id,
        person_id=me.person_id,
        education=who.education,
        major_kind=who.major,
        practice_years=who.years,
        by=me,
        at=at,
    )
    return me, row


def _enrol(who: Invented, class_id: uuid.UUID, cashier: Actor, *, at: datetime) -> tuple[Actor, Enrolment]:
    """Let somebody apply, take the seat and pay at the counter, every third by bank transfer."""
    me, row = _apply(who, class_id, at=at)
    order = billing.place_order(enrolment_id=row.pk, by=me, at=at + timedelta(minutes=20))
    transfer = who.number % 3 == 0
    billing.pay_at_counter(
        order_id=order.pk,
        method="transfer" if transfer else "cash",
        amount=TO_PAY,
        reference=f"演示回单{who.number:06d}" if transfer else "",
        by=cashier,
        at=at + timedelta(hours=2),
    )
    return me, row


def _teach(class_id: uuid.UUID, plan: Plan, days: Sequence[tuple[int, Sequence[uuid.UUID]]], teacher: Actor) -> None:
    """Enter whole days on site: for each day after the start, who was there."""
    for after, there in days:
        evening = plan.starts + timedelta(days=after, hours=9)
        courses.attend(
            class_id=class_id,
            participant_ids=there,
            day=evening.date(),
            class_hours=HOURS_A_DAY,
            why="当日签到表",
            desk=False,
            by=teacher,
            at=evening,
        )


def _seats(class_id: uuid.UUID) -> list[uuid.UUID]:
    return list(
        Participant.objects.filter(training_class_id=class_id).order_by("seated_at").values_list("pk", flat=True)
    )


def _last(plan: Plan, class_id: uuid.UUID, us: dict[str, Actor]) -> None:
    """Twenty-four people who learnt everything there is to learn, a year ago."""
    for n, who in enumerate(people(1, 24)):
        _enrol(who, class_id, us["cashier"], at=_day(plan.applied, n, 2))
    courses.start_class(class_id=class_id, by=us["registrar"], at=plan.starts)
    everybody = _seats(class_id)
    _teach(class_id, plan, [(7 * n, everybody) for n in range(SCHOOL_DAYS)], us["teacher"])
    courses.close_class(class_id=class_id, by=us["registrar"], at=plan.ends + timedelta(hours=9))


def _running(plan: Plan, class_id: uuid.UUID, us: dict[str, Actor]) -> None:
    """Twenty people at different stages of their hours; the one with the trainees' sign-in has all of them."""
    learners = [replace(person(TRAINEE_NUMBER), name=TRAINEE.name), *people(25, 19)]
    enrolled = [_enrol(who, class_id, us["cashier"], at=_day(plan.applied, n, 2)) for n, who in enumerate(learners)]
    courses.start_class(class_id=class_id, by=us["registrar"], at=plan.starts)
    seats = _seats(class_id)
    days = [sum(people for people, most in STAGES if most > n) for n in range(SCHOOL_DAYS)]
    _teach(class_id, plan, [(4 * n + 1, seats[: days[n]]) for n in range(SCHOOL_DAYS)], us["teacher"])
    lesson = Lesson.objects.filter(programme__title=TITLE, kind="document").order_by("place")[0]
    for me, _row in enrolled[-2:]:
        _read(lesson.pk, me, at=plan.starts + timedelta(days=18, hours=11))


def _read(lesson_id: uuid.UUID, me: Actor, *, at: datetime, minutes: int = 12) -> None:
    """Let somebody read a lesson at home for some minutes, reported minute by minute."""
    session = courses.begin_study(lesson_id=lesson_id, by=me, at=at)
    nonce = session.nonce
    for n in range(1, minutes + 1):
        then = at + timedelta(minutes=n)
        nonce = courses.heartbeat(session_id=session.session_id, nonce=nonce, claimed=60, by=me, at=then).nonce
    courses.end_study(session_id=session.session_id, by=me, at=at + timedelta(minutes=minutes))


def _enrolling(plan: Plan, class_id: uuid.UUID, us: dict[str, Actor]) -> None:
    """Sixteen people: six paid, four with a seat and a bill, one found eligible, three refused, two who withdrew."""
    for n, who in enumerate(people(44, 16)):
        at = _day(plan.applied, n)
        if n < 6:
            _enrol(who, class_id, us["cashier"], at=at)
        elif n < 9:
            _apply(replace(who, education="vocational", major="core", years=1), class_id, at=at)
        else:
            me, row = _apply(who, class_id, at=at)
            if n < 15:
                billing.place_order(enrolment_id=row.pk, by=me, at=at + timedelta(minutes=20))
            if n in (9, 10):
                later = at + timedelta(days=1)
                billing.withdraw(enrolment_id=row.pk, why="项目赶工，改报下一期", by=me, at=later)
