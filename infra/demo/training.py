"""Classes prepared, applied for, paid and taught at the institutions that train, by the operations that people use.

All moments are counted from the day of loading, so that what runs now always runs now.
"""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from infra.demo import lessons
from infra.demo.accounts import TRAINEE, TRAINEE_NUMBER
from infra.demo.actors import trainee
from infra.demo.classes import TITLES, Plan
from infra.demo.institutions import Spec
from infra.demo.people import InventedPerson, person
from kernel import spreadsheets
from kernel.access import Actor
from kernel.money import Money
from shared.policy.queries import packs as pack_queries
from tenants.billing.models import Payment
from tenants.billing.operations import orders, payments, prices, refunds
from tenants.courses.models import Lesson, Participant, Programme
from tenants.courses.operations import classes, hours, programmes, study
from tenants.rosters.methods import sheet
from tenants.rosters.models import Enrolment
from tenants.rosters.operations import applications, rosters
from tenants.rosters.operations import privacy as roster_privacy

ITEMS = ("training", "test", "material")
SCHOOL_DAYS = 5
HOURS_A_DAY = 8
# In a running class of twenty: how many people have been there on how many of its five days.
ATTENDED = ((12, 5), (4, 3), (2, 2), (1, 1))
LISTED = range(8001, 8009)  # the numbers of people who stand in a file alone
# What became of every ten of those who apply for a class that enrols now.
OUTCOMES = ("paid", "paid", "paid", "unpaid", "unpaid", "eligible", "paid", "refused", "withdrawn", "eligible")


@dataclass(frozen=True, slots=True)
class School:
    """An institution at work: what it is and its people."""

    spec: Spec
    staff: dict[str, Actor]

    @property
    def to_pay(self) -> Money:
        """Return what its training costs in all."""
        return Money(sum(amount.fen for amount in self.spec.prices))


def programme_plans(school: School, positions: Sequence[str], *, at: datetime) -> None:
    """Open a programme for each position, with its lessons."""
    registrar = school.staff["registrar"]
    for position in positions:
        row = programmes.open_programme(position=position, title=TITLES[position], by=registrar, at=at)
        for text in lessons.OF_POSITION[position]:
            programmes.add_lesson(
                programme_id=row.pk,
                title=text.title,
                kind=text.kind,
                seconds=text.minutes * 60,
                body=text.body,
                by=registrar,
                at=at,
            )


def open_class(school: School, plan: Plan) -> uuid.UUID:
    """Plan a class, publish its prices under the ceilings, open it for enrolment."""
    staff = school.staff
    group = classes.plan_class(
        programme_id=Programme.objects.get(position=plan.position).pk,
        name=plan.name,
        starts_on=plan.starts.date(),
        ends_on=plan.ends.date(),
        capacity=30,
        place="教学楼 302 教室",
        teacher=staff["teacher"].account_id,
        teacher_name=staff["teacher"].name,
        by=staff["registrar"],
        at=plan.planned,
    )
    after = plan.planned + timedelta(hours=2)
    for item, amount in zip(ITEMS, school.spec.prices, strict=True):
        prices.publish_price(class_id=group.pk, fee_item=item, amount=amount, by=staff["principal"], at=after)
    orders.open_enrolment(class_id=group.pk, by=staff["principal"], at=after)
    return group.pk


def _come(first: datetime, n: int, a_day: int = 2) -> datetime:
    """Return when the n-th person comes, so many a day, in office hours."""
    return first + timedelta(days=n // a_day, hours=5 * (n % a_day), minutes=7 * n % 50)


def _who(number: int) -> InventedPerson:
    someone = person(number)
    return replace(someone, name=TRAINEE.name) if number == TRAINEE_NUMBER else someone


def _apply(who: InventedPerson, class_id: uuid.UUID, *, at: datetime) -> tuple[Actor, Enrolment]:
    me = trainee(who, at=at)
    assert me.person_id is not None
    row = applications.apply(
        class_id=class_id,
        person_id=me.person_id,
        education=who.education,
        major_kind=who.major,
        practice_years=who.years,
        by=me,
        at=at,
    )
    return me, row


def _enrol(school: School, who: InventedPerson, class_id: uuid.UUID, *, at: datetime) -> tuple[Actor, Payment]:
    """Let somebody apply, take the seat and pay at the counter, every third by bank transfer."""
    me, row = _apply(who, class_id, at=at)
    _look_at_papers(school, row, at=at + timedelta(minutes=10))
    order = orders.place_order(enrolment_id=row.pk, by=me, at=at + timedelta(minutes=20))
    transfer = who.number % 3 == 0
    paid = payments.pay_at_counter(
        order_id=order.pk,
        method="transfer" if transfer else "cash",
        amount=school.to_pay,
        reference=f"演示回单{who.number:06d}" if transfer else "",
        by=school.staff["cashier"],
        at=at + timedelta(hours=2),
    )
    return me, paid


def _look_at_papers(school: School, row: Enrolment, *, at: datetime) -> None:
    """Let the desk look at what proves what was declared; no fee is taken before."""
    registrar = school.staff["registrar"]
    roster_privacy.note_evidence_seen(enrolment_id=row.pk, what="毕业证书、从业年限证明原件", by=registrar, at=at)


def _teach(class_id: uuid.UUID, plan: Plan, days: Sequence[tuple[int, Sequence[uuid.UUID]]], teacher: Actor) -> None:
    """Enter whole days on site: for each day after the start, who was there."""
    for after, there in days:
        evening = plan.starts + timedelta(days=after, hours=9)
        hours.attend(
            class_id=class_id,
            participant_ids=there,
            day=evening.date(),
            class_hours=HOURS_A_DAY,
            why="当日签到表",
            by=teacher,
            at=evening,
        )


def _seats(class_id: uuid.UUID) -> list[uuid.UUID]:
    return list(
        Participant.objects.filter(training_class_id=class_id).order_by("seated_at").values_list("pk", flat=True)
    )


def finish_class(school: School, plan: Plan, class_id: uuid.UUID) -> None:
    """Everybody learns everything there is to learn; the class is closed."""
    for n, number in enumerate(plan.people):
        _enrol(school, _who(number), class_id, at=_come(plan.applied, n))
    classes.start_class(class_id=class_id, by=school.staff["registrar"], at=plan.starts)
    everybody = _seats(class_id)
    _teach(class_id, plan, [(7 * n, everybody) for n in range(SCHOOL_DAYS)], school.staff["teacher"])
    classes.close_class(class_id=class_id, by=school.staff["registrar"], at=plan.ends + timedelta(hours=9))


def run_class(school: School, plan: Plan, class_id: uuid.UUID) -> None:
    """People at different stages of their hours, the first of them with all; two read at home; one day is disputed."""
    came = [_enrol(school, _who(n), class_id, at=_come(plan.applied, i))[0] for i, n in enumerate(plan.people)]
    classes.start_class(class_id=class_id, by=school.staff["registrar"], at=plan.starts)
    seats = _seats(class_id)
    days = [sum(people for people, most in ATTENDED if most > n) for n in range(SCHOOL_DAYS)]
    _teach(class_id, plan, [(4 * n + 1, seats[: days[n]]) for n in range(SCHOOL_DAYS)], school.staff["teacher"])
    lesson = Lesson.objects.filter(programme__position=plan.position, kind="document").order_by("place")[0]
    for me in came[-2:]:
        _read(lesson.pk, me, at=plan.starts + timedelta(days=18, hours=11))
    hours.propose_correction(
        participant_id=seats[-3],
        day=(plan.starts + timedelta(days=9)).date(),
        seconds=2 * 45 * 60,
        why="签到表漏记下午两学时，有课堂照片为证",
        by=school.staff["teacher"],
        at=plan.starts + timedelta(days=20, hours=8),
    )


def _read(lesson_id: uuid.UUID, me: Actor, *, at: datetime, minutes: int = 6) -> None:
    """Let somebody read a lesson at home for some minutes, reported minute by minute."""
    session = study.begin_study(lesson_id=lesson_id, by=me, at=at)
    nonce = session.nonce
    for n in range(1, minutes + 1):
        then = at + timedelta(minutes=n)
        nonce = study.heartbeat(session_id=session.session_id, nonce=nonce, claimed_seconds=60, by=me, at=then).nonce
    study.end_study(session_id=session.session_id, by=me, at=at + timedelta(minutes=minutes))


def enrol_class(school: School, plan: Plan, class_id: uuid.UUID) -> None:
    """People who came in these weeks: paid, with a bill, found eligible, refused, withdrawn."""
    for n, number in enumerate(plan.people):
        who, outcome, at = _who(number), OUTCOMES[n % len(OUTCOMES)], _come(plan.applied, n)
        if outcome == "paid":
            _enrol(school, who, class_id, at=at)
        elif outcome == "refused":
            _apply(replace(who, education="vocational", major="core", years=1), class_id, at=at)
        else:
            me, row = _apply(who, class_id, at=at)
            if outcome != "eligible":
                # a bill of long ago would be over: who has not paid yet ordered yesterday
                late = plan.yesterday if outcome == "unpaid" else None
                ordered = at + timedelta(minutes=20) if late is None else late + timedelta(minutes=7 * n)
                _look_at_papers(school, row, at=ordered - timedelta(minutes=10))
                orders.place_order(enrolment_id=row.pk, by=me, at=ordered)
            if outcome == "withdrawn":
                orders.withdraw(enrolment_id=row.pk, why="项目赶工，改报下一期", by=me, at=at + timedelta(hours=9))
    _one_paid_back(school, class_id, at=_come(plan.applied, len(plan.people)))
    if plan.yesterday is not None:
        _bring_file(school, class_id, at=plan.yesterday + timedelta(hours=1))


def _bring_file(school: School, class_id: uuid.UUID, *, at: datetime) -> None:
    """Bring a building company's list of people for a class: looked through, with a wrong telephone and somebody too
    new on site, and not enrolled yet.
    """
    form = sheet.sheet_format(pack_queries.pack_at(at))
    people = [person(number) for number in LISTED]
    people[1] = replace(people[1], mobile=people[1].mobile[:-1])
    people[4] = replace(people[4], education="vocational", major="core", years=0)
    cells = [form.cells({**asdict(who), "major_kind": who.major, "practice_years": who.years}) for who in people]
    file = SimpleUploadedFile("项目部人员名册.csv", spreadsheets.csv_file(form.headings, cells))
    rosters.upload_roster(class_id=class_id, content=file, by=school.staff["registrar"], at=at)


def _one_paid_back(school: School, class_id: uuid.UUID, *, at: datetime) -> None:
    """Pay somebody back in full, who cannot come."""
    rows = Payment.objects.filter(order__enrolment__training_class_id=class_id).order_by("received_at")
    _pay_back(school, rows[0], "调往外省项目，无法参加，全额退款", at=at)


def _pay_back(school: School, paid: Payment, why: str, *, at: datetime) -> None:
    slip = f"演示退款{paid.receipt_number}"
    refunds.refund(payment_id=paid.pk, amount=paid.amount, why=why, reference=slip, by=school.staff["cashier"], at=at)


def refund_class(school: School, plan: Plan, class_id: uuid.UUID) -> None:
    """Everybody paid, then the institution was removed from the list: everybody is paid back."""
    took = [_enrol(school, _who(n), class_id, at=_come(plan.applied, i))[1] for i, n in enumerate(plan.people)]
    for n, paid in enumerate(took):
        _pay_back(school, paid, "机构被清出名单，全额退款", at=_come(plan.starts + timedelta(days=7), n, 4))
