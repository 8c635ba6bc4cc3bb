"""An institution at work: a row behind every key of its URLs, made by the apps' own operations, with marked words."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kernel import idnumbers, spreadsheets
from kernel.access import SYSTEM, Actor
from kernel.money import Money
from kernel.roles import Role
from shared.identity.models.people import Person
from shared.identity.operations import accounts, people
from shared.records import operations as records
from shared.records import queries as record_queries
from support import sittings
from support.http.addresses import Address
from support.http.visitors import PASSWORD, People
from support.school import FEE, School
from tenants.attempts.operations import attempts
from tenants.billing.operations import refunds
from tenants.courses.models import Participant
from tenants.courses.operations import hours, programmes, study
from tenants.proctoring import operations as proctoring
from tenants.rosters.operations import rosters
from tenants.sittings.models.sittings import Room
from tenants.sittings.operations import candidates

OWN, ASKED, INSIDE, FOREIGN = "ZZOWN", "ZZASKED", "ZZINSIDE", "ZZFOREIGN"
"""In the words of one trainee; in what that trainee asks a counter for; in the words of the institution that is asked
for; in those of the other one.
"""


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PLAIN = {"verb": "check-in", "uidb36": "0", "pk": 1, "version": "jiangxi-2020@5", "key": "none", "year": 2025}
"""Arguments that are no row's key."""


@dataclass
class Rows:
    """The keys of URLs: by kind of host, URL and argument, by app and argument, or by argument alone."""

    keys: dict[str, Any] = field(default_factory=lambda: dict(PLAIN))

    def key_of(self, host: str, address: Address, argument: str) -> Any:
        """Return what stands for an argument of a URL; None where nothing does. A link that ends soon is made anew."""
        places = (f"{host} {address.name} ", f"{address.name} ", f"{address.app} ", "")
        key = next((self.keys[f"{p}{argument}"] for p in places if f"{p}{argument}" in self.keys), None)
        return key() if callable(key) else key

    def path_of(self, host: str, address: Address, urlconf: str) -> str:
        """Return the path of a URL, filled in; refuses one with an argument for which there is no row."""
        values = {argument: self.key_of(host, address, argument) for argument in address.arguments}
        missing = [argument for argument, value in values.items() if value is None]
        assert not missing, f"{address.name}: let tests/support/http make a row for {' and '.join(missing)}"
        return reverse(address.name, urlconf=urlconf, kwargs=values)

    def add(self, **keys: Any) -> None:
        """Keep keys by their argument alone."""
        self.keys |= keys

    def at(self, place: str, /, **keys: Any) -> None:
        """Keep keys of one URL (with its app, "app:url") or of one app ("app")."""
        self.keys |= {f"{place} {argument}": key for argument, key in keys.items()}


def trainee(found: People, name: str, words: str, serial: int) -> Actor:
    """Make somebody with an account, a password and complete details."""
    mobile = f"1381000{serial:04d}"
    account = accounts.register_account(identifier=mobile, password=PASSWORD, name=words, at=found.at)
    number = idnumbers.make_resident_id("360102", found.at.date().replace(year=1990), serial)
    person_id = people.complete_person(
        account_id=account.id, name=words, id_type="resident", id_number=number, mobile=mobile, by=SYSTEM, at=found.at
    )
    found.actors[name] = Actor(account.id, person_id, words, 1, frozenset())
    return found.actors[name]


def school_of(institution: Any, found: People, suffix: str = "") -> School:
    """Return a school whose staff are the visitors; its schema is open."""

    def make(role: str, scope: str = "", name: str = "") -> Actor:
        return found[role if role == Role.PROVINCE_OFFICER else f"{role}{suffix}"]

    return School(institution, found.at, make)


def fill_institution(institution: Any, found: People) -> Rows:
    """Fill the open schema of the institution whose things are asked for; return their keys."""
    rows = Rows()
    own = trainee(found, "trainee", f"{OWN}甲", 101)
    others = [trainee(found, "trainee_other", f"{INSIDE}乙", 102)]
    others += [trainee(found, f"candidate {n}", f"{INSIDE}丙{word}", 103 + n) for n, word in enumerate("子丑")]
    day = _day_of_a_test(institution, found, own, others, rows)
    _courses(day, found, own, rows)
    _money(school_of(institution, found), own, rows)
    file = records.store_file(content=PDF, name="demo.pdf", by=SYSTEM, at=found.at)
    rows.at("institution records:file", link=lambda: record_queries.signed_path(file.id).split("/")[2])
    return rows


def _day_of_a_test(institution: Any, found: People, own: Actor, others: list[Actor], rows: Rows) -> sittings.World:
    """A sitting in which the trainee has finished, one that is filed, and a draft; with a class behind them."""
    sittings.fill_bank(found.at)
    room = Room.objects.create(name=f"{INSIDE}考场", place="教学楼三层", seats=30)
    before = found.at - timedelta(days=1)
    group = sittings.training_class(before, found["teacher"].account_id)
    lesson = programmes.add_lesson(
        programme_id=group.programme_id,
        title="安全生产",
        kind="document",
        seconds=3600,
        body=f"{INSIDE}正文",
        by=found["registrar"],
        at=before,
    )
    world = sittings.World(
        institution, before, found["registrar"], found["chief_proctor"], found["proctor"], room, group
    )
    for who in (own, *others):
        person = Person.objects.get(pk=who.person_id)
        world.people.append(person)
        world.enrolments.append(sittings.enrolment(group, person, before))
    running = world.running(world.enrolments[:1])
    attempt = world.start(running)
    attempts.finish_attempt(attempt_id=attempt.pk, epoch=1, last_seq=0, by=own, at=found.at)
    filed = world.filed(world.enrolments[2:3], starts_at=found.at + timedelta(days=2))
    draft = world.schedule(starts_at=found.at + timedelta(days=4))
    [chosen] = candidates.add_candidates(
        sitting_id=draft.pk, enrolment_ids=[world.enrolments[3].pk], by=found["registrar"], at=found.at
    )
    incident = proctoring.report_incident(
        sitting_id=running.pk,
        candidacy_id=world.candidacy_of(running).pk,
        kind="network",
        impactful=False,
        words=f"{INSIDE}断网",
        by=found["proctor"],
        at=found.at,
    )
    rows.add(
        sitting_id=running.pk,
        candidacy_id=world.candidacy_of(running).pk,
        attempt_id=attempt.pk,
        incident_id=incident.pk,
        room_id=room.pk,
        class_id=group.pk,
        programme_id=group.programme_id,
        lesson_id=lesson.pk,
        enrolment_id=world.enrolments[0].pk,
    )
    for url in ("sittings:candidates", "sittings:filing"):
        rows.at(url, sitting_id=draft.pk)
    rows.at("sittings:removal", candidacy_id=chosen.pk)
    for url in ("proctoring:opening", "proctoring:cancellation"):
        rows.at(url, sitting_id=filed.pk)
    return world


def _courses(day: sittings.World, found: People, own: Actor, rows: Rows) -> None:
    seat = Participant.objects.get(enrolment_id=day.enrolments[0].pk)
    proposed = hours.propose_correction(
        participant_id=seat.pk,
        day=seat.training_class.ends_on,
        seconds=600,
        why=f"{OWN}漏记一节",
        by=found["teacher"],
        at=found.at,
    )
    session = study.begin_study(lesson_id=rows.keys["lesson_id"], by=own, at=found.at)
    rows.add(participant_id=seat.pk, session_id=session.session_id)
    rows.at("courses", correction_id=proposed.pk)


def _money(school: School, own: Actor, rows: Rows) -> None:
    """A seat that is paid, one that is ordered, one that is applied for, and a class that is planned."""
    priced = school.open_class(position="CLY")
    _enrolment, _order, payment = school.paid(priced.pk, own)
    _enrolment, order = school.ordered(school.open_class(position="JXY").pk, own)
    applied = school.applied(school.open_class(position="LWY").pk, own)
    planned = school.training_class(position="SGY-ZS")
    price = school.price(planned.pk, FEE)
    failed = refunds.refund(payment_id=payment.pk, amount=Money(1), why="演示退款", by=school.cashier, at=school.at)
    person = [idnumbers.make_resident_id("360102", school.at.date().replace(year=1991), 301), f"{INSIDE}庚"]
    file = spreadsheets.csv_file(
        ("证件号码", "姓名", "手机号码", "最高学历", "专业", "施工现场工作年限"),
        [[*person, "13900000301", "专科", "土建类本专业", "3"]],
    )
    content = SimpleUploadedFile("roster.csv", file)
    roster = rosters.upload_roster(class_id=priced.pk, content=content, by=school.registrar, at=school.at)
    rows.add(payment_id=payment.pk, order_id=order.pk, price_id=price.pk, roster_id=roster.pk)
    rows.add(refund_id=failed.pk)
    rows.at("billing:class", class_id=priced.pk)
    rows.at("filings-api:class", class_id=priced.pk)
    rows.at("rosters:apply", class_id=priced.pk)
    for url in ("billing:opening", "billing:prices"):
        rows.at(url, class_id=planned.pk)
    for url in ("order-new", "withdrawal", "staff-order-new", "staff-withdrawal"):
        rows.at(f"billing:{url}", enrolment_id=applied.pk)


def fill_the_other(institution: Any, found: People) -> uuid.UUID:
    """Put somebody into the open schema of the other institution; return who."""
    who = trainee(found, "trainee_elsewhere", f"{FOREIGN}丁", 201)
    school = school_of(institution, found, "_elsewhere")
    school.paid(school.open_class(position="ZLY-TJ").pk, who)
    assert who.person_id is not None
    return who.person_id
