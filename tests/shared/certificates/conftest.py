"""A passed test, its holder, and a ministry's system on a real socket that does as each test tells it."""

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext

from kernel import later
from kernel.access import ANONYMOUS, SYSTEM, Actor
from kernel.crypto import blind
from kernel.idnumbers import make_resident_id
from shared.certificates import operations
from shared.certificates.models import Certificate
from shared.identity.models import Account, Person

POLICY = "jiangxi-2020@2"


class Ministry:
    """What the other side was told, and what it answers."""

    def __init__(self) -> None:
        self.reports: list[dict[str, Any]] = []
        self.report_answer: tuple[int, Any] = (202, {"accepted": True})
        self.answers: dict[str, tuple[int, Any]] = {}
        self.url = ""

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
    state = Ministry()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            """Be quiet."""

        def _answer(self, status: int, body: Any) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def do_POST(self) -> None:
            state.reports.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._answer(*state.report_answer)

        def do_GET(self) -> None:
            self._answer(*state.answers.get(self.path.rstrip("/").rpartition("/")[2], (404, {})))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    settings.NUOXING_FAKES_URL = state.url
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def person(db: None, at: datetime) -> Person:
    """Somebody with an account."""
    number = make_resident_id("360102", date(1995, 5, 5), 211)
    row = Person.objects.create(
        name="演示学员",
        id_type="resident",
        id_number=number,
        id_blind=blind(number),
        born=date(1995, 5, 5),
        sex="male",
        made_at=at,
    )
    Account.objects.create(name="演示学员", email="holder@example.com", person=row)
    return Person.objects.get(pk=row.pk)


@pytest.fixture
def ask(institutions: tuple[Any, Any], person: Person, at: datetime) -> Callable[..., Certificate]:
    """Ask for a certificate of a test passed at the first institution."""

    def make(**other: Any) -> Certificate:
        facts: dict[str, Any] = {
            "institution_id": institutions[0].pk,
            "attempt_id": uuid.uuid4(),
            "person_id": person.pk,
            "position": "SGY-TJ",
            "score": 81,
            "tested_on": date(2026, 3, 2),
            "policy_version": POLICY,
            "by": SYSTEM,
            "at": at,
        }
        return Certificate.objects.get(pk=operations.request_certificate(**facts | other))

    return make


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


@pytest.fixture
def acting(monkeypatch: pytest.MonkeyPatch, visit: Callable[..., Any]) -> Callable[..., Any]:
    """Return a client that acts as the given person (signing in is identity's own story)."""

    def load(request: HttpRequest) -> Actor:
        actor: Actor = request.META.get("nuoxing.actor", ANONYMOUS)
        return actor

    monkeypatch.setattr("kernel.middleware.import_string", lambda _path: load)
    cache.clear()

    def make(actor: Actor, slug: str = "", moment: datetime | None = None) -> Any:
        client = visit(slug, moment) if moment else visit(slug)
        client.defaults["nuoxing.actor"] = actor
        return client

    return make


@pytest.fixture
def asked() -> Callable[[int], AbstractContextManager[None]]:
    """Assert how many questions the database is asked; opening a schema is none."""

    @contextmanager
    def count(number: int) -> Any:
        with CaptureQueriesContext(connection) as captured:
            yield
        questions = [query["sql"] for query in captured if not query["sql"].startswith("SET search_path")]
        assert len(questions) == number, questions

    return count
