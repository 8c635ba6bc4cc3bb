"""Who asks for an employer, who decides, and somebody who works there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from kernel import clock, idnumbers, later
from kernel.access import SYSTEM, Actor
from shared.employers.models import Registration
from shared.identity.operations import accounts
from shared.identity.operations import people as identity_people
from shared.notices.models import Message
from support import employers


@dataclass(frozen=True)
class Somebody:
    """A person with an account, and the number of their identity card."""

    actor: Actor
    number: str


@pytest.fixture
def officer(as_actor: Callable[..., Actor]) -> Actor:
    """Return Nanchang's officer."""
    return as_actor("city_officer", scope=employers.CITY, name="演示科长")


@pytest.fixture
def make_applicant(public_db: None, at: datetime) -> Callable[..., Actor]:
    """Make an account; it acts with one factor."""

    def make(name: str = "演示经办", n: int = 0) -> Actor:
        value = accounts.register_account(
            identifier=f"clerk{n}@example.invalid", password="long-enough-word-7", name=name, at=at
        )
        return Actor(value.id, None, name, 1)

    return make


@pytest.fixture
def applicant(make_applicant: Callable[..., Actor]) -> Actor:
    """Return whoever asks for the employer."""
    return make_applicant()


@pytest.fixture
def make_person(public_db: None, at: datetime) -> Callable[..., Somebody]:
    """Make somebody with complete details."""

    def make(name: str = "欧阳学员", n: int = 1) -> Somebody:
        number = idnumbers.make_resident_id("360102", date(1990, 3, 2), n)
        mobile = f"1381001{n:04d}"
        account = accounts.register_account(identifier=mobile, password="long-enough-word-7", name=name, at=at)
        person_id = identity_people.complete_person(
            account_id=account.id, name=name, id_type="resident", id_number=number, mobile=mobile, by=SYSTEM, at=at
        )
        return Somebody(Actor(account.id, person_id, name, 1), number)

    return make


@pytest.fixture
def company(applicant: Actor, officer: Actor, at: datetime) -> Registration:
    """Return the registration of a proven employer."""
    return employers.proved(by=applicant, officer=officer, at=at)


@pytest.fixture
def clerk(company: Registration) -> Actor:
    """Return its clerk."""
    return employers.clerk_of(company)


@pytest.fixture
def sent_code() -> Callable[[], str]:
    """Deliver what waits, and return the code in the newest message."""

    def read() -> str:
        later.drain(until=clock.real_now())
        row = Message.objects.filter(template="identity.code").order_by("-id").first()
        assert row is not None
        found = re.search(r"\b([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\b", str(row.body.reveal()))
        assert found is not None
        return found[1]

    return read
