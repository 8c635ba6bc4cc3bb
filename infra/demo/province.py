"""The province as the platform finds it: the law, the authorities, their people, the employers, the ceilings."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from infra.demo import questions
from infra.demo.accounts import LAND, OFFICES, PLATFORM, SignIn
from infra.demo.actors import account, actor, grant
from kernel.access import SYSTEM
from kernel.draining import in_one_go
from kernel.idnumbers import make_credit_code
from kernel.money import Money
from kernel.roles import Role
from shared.identity.operations import people
from shared.policy.operations import caps, packs
from shared.policy.queries import caps as cap_queries

# No document gives these amounts: they are marked as demonstration wherever they are shown.
CAPS = [
    ("training", "person", Money(80000)),
    ("test", "attempt", Money(12000)),
    ("retest", "attempt", Money(6000)),
    ("material", "person", Money(9000)),
]
CAPS_FROM = date(2023, 1, 1)


@dataclass(frozen=True, slots=True)
class Company:
    """An employer of the demonstration with its clerk."""

    name: str
    credit_code: str
    clerk: SignIn


def _clerk(n: int, name: str) -> SignIn:
    return SignIn(f"employer{n}", f"employer{n}@nuoxing.example", name, Role.EMPLOYER_CLERK, "", "企业经办", "Employer")


def _company(key: str, place: int, trade: str, body: str, clerk: SignIn) -> Company:
    code = make_credit_code("91", LAND.places[place].code, body)
    return Company(f"{LAND.called(key, place)}演示{trade}有限公司", code, clerk)


COMPANIES = (
    _company("company", 0, "建设集团", "MAXG7D01", PLATFORM[-1]),
    _company("municipal", 1, "市政工程", "MAXG7D11", _clerk(2, "程人事")),
    _company("installers", 5, "建筑安装", "MAXG7D12", _clerk(3, "祝人事")),
    _company("decorators", 2, "装饰工程", "MAXG7D13", _clerk(4, "桂人事")),
)


def sign_in(key: str) -> SignIn:
    """Return one of the platform's or the offices' sign-ins."""
    return next(s for s in (*PLATFORM, *OFFICES) if s.key == key)


def load(*, at: datetime) -> None:
    """Load the shipped law, the authorities and their officers, the question bank and the demonstration's ceilings."""
    with transaction.atomic(), in_one_go():
        _load(at)


def _load(at: datetime) -> None:
    packs.load_packs(at=at, by=SYSTEM)
    packs.load_authorities(at=at, by=SYSTEM)
    for person in (*PLATFORM, *OFFICES):
        if person.role != Role.EMPLOYER_CLERK:
            grant(person, at=at)
    for company in COMPANIES:
        employer_id = people.register_employer(name=company.name, credit_code=company.credit_code, by=SYSTEM, at=at)
        grant(company.clerk, scope=str(employer_id), at=at)
    questions.load(at=at)
    officer, proposer = actor(sign_in("province"), at=at), account(sign_in("province2"), at=at)
    for item, unit, ceiling in CAPS:
        if cap_queries.cap_at(item, "SGY-TJ", unit, CAPS_FROM) is None:
            caps.enter_cap(
                document_no="演示文件〔2023〕1号",
                fee_item=item,
                unit=unit,
                ceiling=ceiling,
                effective_from=CAPS_FROM,
                demo=True,
                proposed_by=proposer,
                by=officer,
                at=at,
            )
