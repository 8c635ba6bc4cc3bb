"""Enrolments from outside land where those at the counter land, decided at once, with the exact answer told back."""

import json
import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from kernel import clock, later, tenancy
from kernel.access import SYSTEM
from kernel.errors import NotFound
from kernel.idnumbers import make_resident_id
from shared.exchange.models.messages import Arrival, Message
from shared.exchange.operations import arrivals as exchange_arrivals
from shared.identity.models.accounts import Account
from shared.identity.models.people import Person
from shared.identity.operations import claims
from shared.identity.queries import consents as identity_consent_queries
from shared.institutions.operations import standing
from tenants.rosters.models import Enrolment
from tenants.rosters.operations import enrolments

CODE = "52360100MJ00000184"
AS_OF = datetime.fromisoformat("2026-03-01T08:00:00+08:00")
Send = Callable[..., Arrival]


def _person(at: datetime, serial: int = 601, **over: Any) -> dict[str, Any]:
    values = {
        "name": "演示来人",
        "id_number": make_resident_id("360102", date(1990, 3, 7), serial),
        "mobile": f"139{serial:08d}",
        "agreed_to": identity_consent_queries.version_in_force("privacy_notice", at),
    }
    return values | over


@pytest.fixture
def send(school: Any, at: datetime) -> Send:
    """Send an enrolment and let everything happen that follows; the institution's schema stays open."""

    def make(key: str = "m-1", system: str = "ministry", person: Any = None, **over: Any) -> Arrival:
        body = {
            "institution": CODE,
            "position": "SGY-TJ",
            "person": person or _person(at),
            "education": "college",
            "major_kind": "core",
            "practice_years": 3,
        }
        with clock.at(at), tenancy.open_public():
            exchange_arrivals.receive(system=system, kind="enrolment", key=key, as_of=AS_OF, body=body | over, at=at)
            later.drain()
            return Arrival.objects.get(system=system, key=key)

    return make


def _answer(row: Arrival) -> tuple[str, str]:
    return row.state, row.answer["code"]


@pytest.mark.parametrize(("system", "channel"), [("ministry", "ministry"), ("training-centre", "centre")])
def test_an_enrolment_becomes_an_application_here_and_its_answer_goes_back(
    school: Any, send: Send, system: str, channel: str
) -> None:
    school.open_class()
    row = send(system=system)
    found = Enrolment.objects.get()
    assert (found.state, found.channel, found.person_name) == ("eligible", channel, "演示来人")
    assert _answer(row) == ("settled", "eligible")
    assert (row.answer["enrolment"], set(row.answer["words"])) == (found.number, {"zh-hans", "en"})
    with tenancy.open_public():
        keys = list(Message.objects.filter(kind="enrolment-answer").values_list("key", flat=True))
    assert keys == (["enrolment:m-1"] if system == "ministry" else [])


def test_the_same_enrolment_twice_is_one_application(school: Any, send: Send) -> None:
    school.open_class()
    for _copy in range(2):
        row = send()
    assert (_answer(row), Enrolment.objects.count()) == (("settled", "eligible"), 1)


def test_who_is_not_eligible_is_told_every_reason_and_stands_in_the_roster(school: Any, send: Send) -> None:
    school.open_class()
    row = send(education="vocational", practice_years=0)
    assert (_answer(row), Enrolment.objects.get().state) == (("refused", "not-eligible"), "refused")
    assert {frozenset(reason) for reason in row.answer["reasons"]} == {frozenset({"code", "rule", "words"})}


def test_a_suspended_institution_refuses_with_words_that_go_back(school: Any, send: Send, at: datetime) -> None:
    school.open_class()
    with tenancy.open_public():
        standing.decide(
            organisation_id=school.institution.organisation_id,
            kind="suspend",
            reason="演示：现场核查发现场地不符",
            document_no="演示〔2026〕9号",
            by=school.officer,
            at=at,
        )
    row = send()
    assert (_answer(row), Enrolment.objects.count()) == (("refused", "institution-not-enrolling"), 0)
    assert all(row.answer["words"].values())
    with tenancy.open_public():
        assert Message.objects.get(kind="enrolment-answer").title.startswith("住建部管理信息系统")


def test_without_an_open_class_for_the_position_nothing_is_kept(school: Any, send: Send) -> None:
    row = send()
    assert (_answer(row), Enrolment.objects.count(), Person.objects.count()) == (("refused", "no-open-class"), 0, 0)


def test_who_did_not_agree_to_the_notice_is_not_made_known_here(school: Any, send: Send, at: datetime) -> None:
    school.open_class()
    row = send(person=_person(at, agreed_to=""))
    assert (_answer(row), Person.objects.count()) == (("refused", "notice-not-accepted"), 0)


def test_one_place_a_position_in_the_whole_province_holds_for_who_comes_from_outside(
    school: Any, send: Send, at: datetime
) -> None:
    school.open_class()
    assert _answer(send()) == ("settled", "eligible")
    with tenancy.open_public():
        claims.claim_position(
            person_id=Person.objects.get().pk,
            position="SGY-TJ",
            institution_id=uuid.uuid4(),
            enrolment_id=uuid.uuid4(),
            by=SYSTEM,
            at=at,
        )
    assert _answer(send("m-2", "training-centre")) == ("refused", "already-enrolled")
    assert Enrolment.objects.count() == 1


def test_an_unknown_institution_is_told_at_once(school: Any, send: Send) -> None:
    row = send(institution="91360100MA00000999")
    assert (_answer(row), row.sealed) == (("refused", "unknown-institution"), None)


def test_a_document_known_under_another_name_is_refused(school: Any, send: Send, at: datetime) -> None:
    school.open_class()
    send()
    row = send("m-2", "training-centre", person=_person(at, name="另一人"))
    assert (_answer(row), Account.objects.filter(name="另一人").count()) == (("refused", "name-differs"), 0)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1, 0, 2)])
def test_in_whatever_order_they_come_the_roster_is_the_same(
    school: Any, send: Send, at: datetime, order: tuple[int, ...]
) -> None:
    school.open_class()
    for n in order:
        send(f"m-{n}", person=_person(at, 601 + n, name=f"演示{'甲乙丙'[n]}"))
    assert sorted(Enrolment.objects.values_list("person_name", "state")) == [
        ("演示丙", "eligible"),
        ("演示乙", "eligible"),
        ("演示甲", "eligible"),
    ]


def test_who_gets_a_seat_is_told_to_the_ministrys_system_once_and_sealed(school: Any, at: datetime) -> None:
    enrolled = school.applied(school.open_class().pk, school.person())
    with transaction.atomic():
        enrolments.enrol(enrolment_id=enrolled.pk, by=school.registrar, at=at)
    with tenancy.open_public():
        message = Message.objects.get(kind="person")
        assert (message.key, message.scope, message.payload) == (str(enrolled.pk), "360100", {})
        assert message.sealed is not None
        body = json.loads(message.sealed.reveal())
    assert {"name", "id_type", "id_number", "position", "institution", "enrolment"} == set(body)


def test_an_institution_takes_no_enrolment_that_chose_another(school: Any, at: datetime, beta: Any) -> None:
    body = {"institution": CODE, "position": "SGY-TJ", "person": _person(at), "education": "college"}
    body |= {"major_kind": "core", "practice_years": 3}
    with tenancy.open_public():
        exchange_arrivals.receive(system="ministry", kind="enrolment", key="m-9", as_of=AS_OF, body=body, at=at)
        arrival = Arrival.objects.get(key="m-9")
        exchange_arrivals.process_arrival(arrival_id=arrival.pk, at=at, real=at)
    with tenancy.open_institution(beta), pytest.raises(NotFound):
        later.tasks["rosters.take_arrival"].run(arrival_id=str(arrival.pk), at=at)
    with tenancy.open_institution(beta):
        assert not Enrolment.objects.exists()
    with tenancy.open_public():
        arrival.refresh_from_db()
    assert arrival.state == "handed"
