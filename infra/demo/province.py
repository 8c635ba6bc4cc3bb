"""The province as the platform finds it: the law, the authorities, their people, the ceilings."""

from datetime import date, datetime

from infra.demo import questions
from infra.demo.accounts import PLATFORM, SignIn
from infra.demo.acting import actor, grant
from kernel.access import SYSTEM
from kernel.idnumbers import make_credit_code
from kernel.money import Money
from shared.identity import operations as identity
from shared.policy import operations as policy
from shared.policy import queries as law

# No document gives these amounts: they are marked as demonstration wherever they are shown.
CAPS = [
    ("training", "person", Money(80000)),
    ("test", "attempt", Money(12000)),
    ("retest", "attempt", Money(6000)),
    ("material", "person", Money(9000)),
]
CAPS_FROM = date(2023, 1, 1)
EMPLOYER = ("赣江演示建设集团有限公司", make_credit_code("91", "360100", "MAXG7D01"))


def sign_in(key: str) -> SignIn:
    """Return one of the platform's sign-ins."""
    return next(s for s in PLATFORM if s.key == key)


def load(*, at: datetime) -> None:
    """Load the shipped law, the authorities and their officers, the question bank and the demonstration's ceilings."""
    policy.load_packs(at=at, by=SYSTEM)
    policy.load_authorities(at=at, by=SYSTEM)
    for person in PLATFORM:
        if person.role == "employer_clerk":
            employer_id = identity.register_employer(name=EMPLOYER[0], credit_code=EMPLOYER[1], by=SYSTEM, at=at)
            grant(person, scope=str(employer_id), at=at)
        else:
            grant(person, at=at)
    questions.load(at=at)
    officer = actor(sign_in("province"), at=at)
    for item, unit, ceiling in CAPS:
        if law.cap_at(item, "SGY-TJ", unit, CAPS_FROM) is None:
            policy.enter_cap(
                document_no="演示文件〔2023〕1号",
                fee_item=item,
                unit=unit,
                ceiling=ceiling,
                effective_from=CAPS_FROM,
                demo=True,
                by=officer,
                at=at,
            )
