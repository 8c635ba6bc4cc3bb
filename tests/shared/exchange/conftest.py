"""The stand-ins as an HTTP transport in this process, and one message of every kind that goes out."""

import asyncio
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from django.conf import settings as configured

from infra.fakes.app import Fakes
from infra.fakes.systems import stand_in_secret
from kernel import clock
from shared.certificates.models import Certificate
from shared.education import operations as education
from shared.exchange.methods import signatures
from shared.exchange.models.messages import Message
from shared.exchange.operations import messages as exchange_messages
from shared.exchange.states import OPEN
from shared.identity.models.people import Person
from shared.institutions.models import Organisation
from shared.policy.queries import packs as pack_queries
from shared.registry.models.commitments import Commitment
from shared.registry.models.publicity import Upload
from shared.registry.operations import ministry as registry_ministry
from support import holders


class Killed(BaseException):
    """The process ends here, between the answer and the commit."""


class FakeTransport(httpx.BaseTransport):
    """Calls the stand-ins; can be cut, and can end the process after an answer."""

    def __init__(self, fakes: Fakes) -> None:
        self.fakes, self.cut, self.kill = fakes, False, False
        self.calls: list[tuple[str, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("cut")
        self.calls.append((request.method, request.url.path))
        try:
            response = asyncio.run(self._call(request))
        except TimeoutError:
            raise httpx.ReadTimeout("silence") from None
        if self.kill and request.method == "POST":
            self.kill = False
            raise Killed
        return response

    async def _call(self, request: httpx.Request) -> httpx.Response:
        again = httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.fakes)) as client:
            async with asyncio.timeout(0.5):
                response = await client.send(again)
        return httpx.Response(response.status_code, headers=response.headers, content=response.content)


@dataclass
class World:
    """Both sides: the stand-ins, the transport between, and the clock of the tries."""

    fakes: Fakes
    transport: FakeTransport
    real: datetime = field(default_factory=clock.real_now)
    killed: type[BaseException] = Killed

    def mood(self, system: str, **disorder: Any) -> None:
        """Let a system behave so from now on; nothing given: well."""
        flags = self.fakes.store.flags()["disorder"]
        self.fakes.store.set_flags({"disorder": flags | {system: disorder}})

    def push(self, message_id: uuid.UUID, at: datetime) -> str:
        """Take one step, as the worker would."""
        return exchange_messages.push(message_id=message_id, at=at, real=self.real)

    def settle(self, message_id: uuid.UUID, at: datetime, rounds: int = 8) -> str:
        """Take steps, a day apart, until nothing is due."""
        state = ""
        for _round in range(rounds):
            self.real += timedelta(days=1)
            state = self.push(message_id, at)
            if state not in OPEN:
                break
        return state

    def received_count(self, system: str, path: str) -> int:
        """Return how many messages of a kind the other side keeps."""
        return len(self.fakes.store.newest(f"{system}:{path}", 1000))

    def signed(self, system: str, payload: dict[str, Any], secret: str = "") -> dict[str, Any]:
        """Return what a client posts for a signed message."""
        raw = json.dumps(payload, ensure_ascii=False).encode()
        key = secret or stand_in_secret(system, configured.SECRET_KEY)
        header = signatures.sign(key, raw, clock.real_now())
        return {"data": raw, "content_type": "application/json", "HTTP_NUOXING_SIGNATURE": header}


@pytest.fixture
def world(settings: Any, monkeypatch: pytest.MonkeyPatch, public_db: None) -> Iterator[World]:
    """The stand-ins behind the transport, well and quick."""
    settings.NUOXING_FAKES_URL = "http://stand-ins.invalid"
    fakes = Fakes(None, key=settings.SECRET_KEY)
    fakes.store.set_flags({"ministry_delay_seconds": 0})
    transport, real = FakeTransport(fakes), httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **facts: real(transport=transport, **facts))
    yield World(fakes, transport)
    fakes.store.close()


@pytest.fixture
def person(db: None, at: datetime) -> Person:
    """Somebody with an account."""
    return holders.holder(at)


@pytest.fixture
def certificate(institutions: tuple[Any, Any], person: Person, at: datetime) -> Callable[..., Certificate]:
    """Ask for the certificate of a test passed at the first institution."""
    version = pack_queries.pack_at(at).version
    return lambda **over: holders.certificate(institutions[0], person, **{"at": at, "policy_version": version} | over)


@dataclass
class Adapter:
    """One kind that goes out: how it is asked for, where it lands, and what it must have done in the end."""

    system: str
    path: str
    ask: Callable[[], uuid.UUID]
    done: Callable[[], Any]
    good: Any


def _uploading(at: datetime) -> uuid.UUID:
    organisation = Organisation.objects.create(
        name="演示新机构",
        credit_code="91360100MA35XXXX0K",
        category="social",
        division_code="360102",
        authority_code="360100",
        address="演示路2号",
        legal_rep="演示丙",
        contact="演示丁",
        contact_mobile="13800000001",
        registered_at=at,
        registered_by=uuid.uuid4(),
        state_since=at,
    )
    row = Commitment.objects.create(
        organisation=organisation,
        authority_code="360100",
        policy=pack_queries.pack_at(at).version,
        positions=["SGY-TJ"],
        version=1,
        submitted_at=at,
        due_on=at.date(),
        created_at=at,
        state="uploading",
        state_since=at,
    )
    Upload.objects.create(commitment=row, requested_at=at)
    registry_ministry.request_upload(commitment_id=row.pk, at=at)
    return Message.objects.get(kind="institution").pk


@pytest.fixture(params=["institution", "result", "person", "enrolment-answer", "hours", "staff", "course-enrolment"])
def adapter(
    request: pytest.FixtureRequest, world: World, certificate: Callable[..., Certificate], at: datetime
) -> Adapter:
    """Each kind that goes out, one after the other."""

    def plain(system: str, kind: str, path: str) -> Adapter:
        body = {"name": "演示学员", "id_number": "36010219950505211X", "position": "SGY-TJ"}

        def ask() -> uuid.UUID:
            return exchange_messages.send(
                system=system, kind=kind, key="k-1", title=kind, scope="360100", payload=body, as_of=at, at=at
            )

        return Adapter(system, path, ask, lambda: Message.objects.get(kind=kind).sealed, None)

    def listed() -> Any:
        return Organisation.objects.get(name="演示新机构").state, Upload.objects.get().receipt_no[-6:]

    def issued() -> Any:
        row = Certificate.objects.get()
        return row.state, row.number, row.version, world.fakes.store.next("certificate:2026") - 1

    def ask_result() -> uuid.UUID:
        certificate()
        return Message.objects.get(kind="result").pk

    def ask_hours() -> uuid.UUID:
        education.record_hours(
            source="education-platform",
            number="R-1",
            certificate_number="演示-1",
            holder="演示学员",
            employer_code="91360100MA00000159",
            employer_name="演示建设公司",
            step=1,
            hours=Decimal("20"),
            began_on=date(2026, 1, 1),
            ended_on=date(2026, 1, 5),
            topic="安全生产",
            as_of=at,
            at=at,
        )
        return Message.objects.get(kind="hours").pk

    made = {
        "institution": lambda: Adapter(
            "ministry", "institutions", lambda: _uploading(at), listed, ("listed", "000001")
        ),
        "result": lambda: Adapter("ministry", "results", ask_result, issued, ("issued", "演示-26-000001", 1, 1)),
        "person": lambda: plain("ministry", "person", "persons"),
        "enrolment-answer": lambda: plain("ministry", "enrolment-answer", "answers"),
        "hours": lambda: Adapter("resource-library", "hours", ask_hours, lambda: None, None),
        "staff": lambda: plain("resource-library", "staff", "staff"),
        "course-enrolment": lambda: plain("resource-library", "course-enrolment", "enrolments"),
    }
    return made[request.param]()


@pytest.fixture
def deliver(world: World, visit: Callable[..., Any]) -> Callable[..., Any]:
    """Post a signed message of a system to the platform."""

    def post(system: str, kind: str, payload: dict[str, Any], secret: str = "") -> Any:
        return visit().post(f"/api/v1/exchange/in/{system}/{kind}/", **world.signed(system, payload, secret))

    return post
