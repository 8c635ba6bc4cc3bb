"""A passed test, its holder, and a ministry's system on a real socket that does as each test tells it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from kernel import later
from kernel.access import Actor
from shared.certificates.models import Certificate
from shared.identity.models.people import Person
from support import holders
from support.listening import Heard, listening


class Ministry:
    """What the other side was told, and what it answers."""

    def __init__(self) -> None:
        self.reports: list[dict[str, Any]] = []
        self.report_answer: tuple[int, Any] = (202, {"accepted": True})
        self.answers: dict[str, tuple[int, Any]] = {}
        self.url = ""

    def answer(self, heard: Heard) -> tuple[int, Any]:
        """Take a report, or tell what became of one."""
        if heard.body:
            self.reports.append(heard.json)
            return self.report_answer
        return self.answers.get(heard.path.rstrip("/").rpartition("/")[2], (404, {}))

    def gives(self, certificate: Certificate, number: str, issued_on: str = "2026-03-03") -> None:
        """Answer a number for a certificate."""
        line = {"result_id": str(certificate.attempt_id), "number": number, "issued_on": issued_on}
        self.answers[str(certificate.request_id)] = (200, {"certificates": [line]})

    def refuses(self, certificate: Certificate, reason: str) -> None:
        """Answer that a result is not accepted."""
        line = {"result_id": str(certificate.attempt_id), "reason": reason}
        self.answers[str(certificate.request_id)] = (200, {"certificates": [], "refused": [line]})


@pytest.fixture
def ministry(settings: Any) -> Iterator[Ministry]:
    """The ministry's system, up and silent."""
    made = Ministry()
    with listening(made.answer) as made.url:
        settings.NUOXING_FAKES_URL = made.url
        yield made


@pytest.fixture
def person(db: None, at: datetime) -> Person:
    """Somebody with an account."""
    return holders.holder(at)


@pytest.fixture
def ask(institutions: tuple[Any, Any], person: Person, at: datetime) -> Callable[..., Certificate]:
    """Ask for a certificate of a test passed at the first institution."""
    return lambda **other: holders.certificate(institutions[0], person, **{"at": at} | other)


@pytest.fixture
def issued(ask: Callable[..., Certificate], ministry: Ministry) -> Certificate:
    """A certificate with its number."""
    row = ask()
    ministry.gives(row, "JX-TEST-26-0001")
    later.drain()
    row.refresh_from_db()
    return row


@pytest.fixture
def officer(as_actor: Callable[..., Actor]) -> Actor:
    """An officer of the authority that answers for both institutions."""
    return as_actor("city_officer", scope="360100")


@pytest.fixture
def holder(as_actor: Callable[..., Actor], person: Person) -> Actor:
    """The holder, signed in without a second factor."""
    return as_actor(person_id=person.pk, level=1)
