"""Employers of the demonstration: proven ones with their clerks, one with people of its own, one that waits."""

from datetime import datetime, timedelta

from django.db import transaction

from infra.demo.accounts import LAND, OFFICES, PLATFORM, TRAINEE_NUMBER, SignIn
from infra.demo.actors import account, actor, grant, trainee
from infra.demo.days import Days
from infra.demo.people import InventedPerson, person
from infra.demo.province import COMPANIES, Company
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.idnumbers import make_credit_code
from kernel.roles import Role
from shared.employers.models import Employee, Registration
from shared.employers.operations import decisions, people
from shared.policy.queries import authorities
from shared.policy.queries import packs as pack_queries
from shared.records import operations as records

LETTER = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SECOND = SignIn("employer5", "employer5@nuoxing.example", "戴劳资", Role.EMPLOYER_CLERK, "", "企业经办", "Employer")
APPLICANT = SignIn("employer6", "employer6@nuoxing.example", "席人事", Role.EMPLOYER_CLERK, "", "企业经办", "Employer")
WAITING = Company(
    f"{LAND.called('company', 1)}演示路桥有限公司",
    make_credit_code("91", LAND.places[0].code, "MAXG7D21"),
    APPLICANT,
)
AGREED = (TRAINEE_NUMBER, 12, 13, 14)
"""Invented people who agreed that the first company sees their certificates; two more are asked."""
ASKED = (15, 16)


def load() -> None:
    """Register the companies by their clerks, prove all but one, and let the first name its people, unless they did."""
    days = Days.today()
    with transaction.atomic():
        if Registration.objects.exists():
            return
        for n, company in enumerate(COMPANIES):
            row = _registration(company, at=days.of(-60, 10 + n))
            decisions.decide(registration_id=row.pk, prove=True, by=_officer(row, days.of(-58)), at=days.of(-58, 9 + n))
            if n == 0:
                row.refresh_from_db()
                _people(row, days)
        _registration(WAITING, at=days.of(-2, 11))


def _registration(company: Company, *, at: datetime) -> Registration:
    """Return a registration that was asked for; its telephone's code is not sent again at every load."""
    applicant = account(company.clerk, at=at)
    pack = pack_queries.pack_at(at)
    assert pack.employers is not None  # the shipped packs say it
    by = Actor(applicant, None, company.clerk.name, 1)
    place = company.credit_code[2:8]
    letter = records.store_file(content=LETTER, name="盖章介绍信.pdf", by=by, at=at, retention="3 years")
    return Registration.objects.create(
        name=company.name,
        credit_code=company.credit_code,
        division_code=place,
        authority_code=authorities.office_of(place).code,
        telephone="15400000099",
        code_digest=bytes(32),
        code_expires_at=at,
        proven_at=at,
        letter_id=letter.id,
        applied_by=applicant,
        applied_name=company.clerk.name,
        applied_at=at,
        stands_until=legal_day(at) + timedelta(days=pack.employers.waiting_days),
        policy=pack.version,
        state="asked",
        state_since=at,
    )


def _officer(row: Registration, at: datetime) -> Actor:
    """Return the officer of the seat's area."""
    codes = (row.authority_code, LAND.jurisdiction)
    return next(actor(who, at=at) for code in codes for who in (*PLATFORM, *OFFICES) if who.scope == code)


def _people(row: Registration, days: Days) -> None:
    """Give a company its second clerk and its people; some agree."""
    grant(SECOND, scope=str(row.employer_id), at=days.of(-50))
    clerk = actor(COMPANIES[0].clerk, at=days.of(-50))
    for n, number in enumerate((*AGREED, *ASKED)):
        trainee(person(number), at=days.of(-45))
        _name(row, person(number), clerk, at=days.of(-40, 9, n))
    people.ask(at=days.of(-40, 10))
    for number in AGREED:
        who = trainee(person(number), at=days.of(-39))
        assert who.person_id is not None  # complete since before they were named
        named = Employee.objects.filter(person_id=who.person_id).first()
        if named is not None:
            people.answer(employee_id=named.pk, agree=True, by=who, at=days.of(-39, 20))


def _name(row: Registration, who: InventedPerson, clerk: Actor, *, at: datetime) -> None:
    assert row.employer_id is not None  # it is proven
    people.add(employer_id=row.employer_id, name=who.name, id_number=who.id_number, by=clerk, at=at)
