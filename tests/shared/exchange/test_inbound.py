"""What comes in is kept once, taken over once, and ends alike in whatever order it came."""

import itertools
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kernel import audit, clock
from shared.certificates.models import Certificate, EducationLine
from shared.certificates.operations import corrections as certificate_corrections
from shared.certificates.operations import issuing
from shared.education.models import HourRecord
from shared.exchange import adapters as exchange_adapters
from shared.exchange.methods import signatures
from shared.exchange.models.messages import Arrival, Message
from shared.exchange.operations import arrivals as exchange_arrivals

AS_OF = "2026-03-01T08:00:00+08:00"


def _hours(number: str = "R-1", hours: str = "4", **over: Any) -> dict[str, Any]:
    body = {
        "record_no": number,
        "certificate_number": "演示-JX-26-000001",
        "name": "演示学员",
        "hours": hours,
        "began_on": "2026-02-01",
        "ended_on": "2026-02-02",
    }
    return body | over


def _envelope(key: str, body: dict[str, Any], as_of: str = AS_OF) -> dict[str, Any]:
    return {"id": key, "as_of": as_of, "body": body}


@pytest.fixture
def patient(settings: Any) -> None:
    """A schedule of twenty retries: those who try again at every round do not come to its end."""
    settings.NUOXING_EXCHANGE_RETRY_SCHEDULE = ["1m"] * 20


def _take_all(at: datetime, real: datetime, rounds: int = 3) -> None:
    for n in range(rounds):
        for row in Arrival.objects.filter(state="received").order_by("pk"):
            exchange_arrivals.process_arrival(arrival_id=row.pk, at=at, real=real + timedelta(days=n))


def test_a_signed_message_is_received_once_however_often_it_comes(world: Any, deliver: Any, at: datetime) -> None:
    answers = [deliver("learning-site", "hours", _envelope("m-1", _hours())) for _copy in range(3)]
    assert [a.status_code for a in answers] == [202, 202, 202]
    assert answers[2].json() == {"received": True, "id": "m-1", "state": "received", "answer": None}
    _take_all(at, world.real)
    assert (Arrival.objects.count(), HourRecord.objects.count()) == (1, 1)
    again = deliver("learning-site", "hours", _envelope("m-1", _hours())).json()
    assert (again["state"], again["answer"]["code"]) == ("settled", "new")


@pytest.mark.parametrize("secret", ["wrong", "stand-in:ministry:x"])
def test_a_wrong_signature_is_refused_and_nothing_is_kept(world: Any, deliver: Any, secret: str) -> None:
    answer = deliver("learning-site", "hours", _envelope("m-1", _hours()), secret)
    assert (answer.status_code, Arrival.objects.count()) == (401, 0)


def test_an_unsigned_or_old_message_is_refused(world: Any, visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path, payload = "/api/v1/exchange/in/learning-site/hours/", _envelope("m-1", _hours())
    bare = visit().post(path, json.dumps(payload), content_type="application/json")
    signed = world.signed("learning-site", payload)
    signed["HTTP_NUOXING_SIGNATURE"] = signed["HTTP_NUOXING_SIGNATURE"].replace("t=1", "t=0")
    old = visit().post(path, **signed)
    assert (bare.status_code, old.status_code, Arrival.objects.count()) == (401, 401, 0)


@pytest.mark.parametrize("stamp", ["²", "9" * 5000, "-1", "１"])
def test_a_message_whose_time_is_no_number_is_refused(world: Any, visit: Any, stamp: str) -> None:
    signed = world.signed("learning-site", _envelope("m-1", _hours()))
    signed["HTTP_NUOXING_SIGNATURE"] = f"t={stamp},v1=0"
    answer = visit().post("/api/v1/exchange/in/learning-site/hours/", **signed)
    assert (answer.status_code, Arrival.objects.count()) == (401, 0)


@pytest.mark.parametrize(
    ("system", "kind", "payload", "status"),
    [
        ("nowhere", "hours", _envelope("m", _hours()), 404),
        ("education-platform", "hours", _envelope("m", _hours()), 404),
        ("learning-site", "enrolment", _envelope("m", _hours()), 404),
        ("learning-site", "hours", {"id": "m", "body": {}}, 422),
        ("learning-site", "hours", _envelope("m", _hours(), "2026-03-01"), 422),
        ("learning-site", "hours", _envelope("", _hours()), 422),
        ("learning-site", "hours", _envelope("m", _hours(hours="many")), 422),
        ("learning-site", "hours", _envelope("m", _hours() | {"secret": 1}), 422),
        ("learning-site", "hours", [], 422),
    ],
)
def test_what_is_not_as_its_format_asks_is_refused_and_nothing_is_kept(
    world: Any, deliver: Any, system: str, kind: str, payload: Any, status: int
) -> None:
    assert (deliver(system, kind, payload).status_code, Arrival.objects.count()) == (status, 0)


def test_a_known_id_with_another_content_is_refused(world: Any, deliver: Any) -> None:
    deliver("learning-site", "hours", _envelope("m-1", _hours()))
    other = deliver("learning-site", "hours", _envelope("m-1", _hours(hours="8")))
    assert (other.status_code, other.json()["code"], Arrival.objects.count()) == (409, "key-reused", 1)


def test_what_came_is_sealed_until_it_is_decided_and_then_forgotten(world: Any, deliver: Any, at: datetime) -> None:
    deliver("learning-site", "hours", _envelope("m-1", _hours()))
    row = Arrival.objects.get()
    assert ("演示学员" in str(row.payload), row.sealed is not None) == (False, True)
    _take_all(at, world.real)
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("settled", None)
    assert [note.verb for note in audit.history(row)] == ["arrival.receive", "arrival.settle"]


def test_a_sender_may_ask_what_became_of_it(world: Any, deliver: Any, visit: Any, at: datetime) -> None:
    deliver("learning-site", "hours", _envelope("m-1", _hours(began_on="2026-02-03")))
    _take_all(at, world.real)
    header = world.signed("learning-site", {})["HTTP_NUOXING_SIGNATURE"]
    refused = visit().get("/api/v1/exchange/in/learning-site/hours/m-1/", HTTP_NUOXING_SIGNATURE=header)
    assert refused.status_code == 401  # the signature is over the body, which a question has not

    signed = signatures.sign(exchange_adapters.secret("learning-site"), b"", clock.real_now())
    answer = visit().get("/api/v1/exchange/in/learning-site/hours/m-1/", HTTP_NUOXING_SIGNATURE=signed).json()
    assert (answer["state"], answer["answer"]["code"], set(answer["answer"]["words"])) == (
        "refused",
        "dates",
        {"zh-hans", "en"},
    )
    assert HourRecord.objects.count() == 0


# --- The ministry's numbers and hours, in every order ---------------------------------------------------------


def _news(certificate: Certificate) -> list[dict[str, Any]]:
    line = {"result_id": str(certificate.attempt_id), "number": "演示-JX-26-000001", "issued_on": "2026-03-03"}
    number = {"request_id": str(certificate.request_id), "certificates": [line]}
    hours = [("2027", "20", "2027-01-01"), ("2027", "32", "2027-02-01"), ("2028", "32.5", "2028-01-01")]
    payload = [("certificate", _envelope("n-1", number))]
    for n, (year, many, day) in enumerate(hours):
        body = {"certificate_number": "演示-JX-26-000001", "year": int(year), "hours": many}
        payload.append(("education", _envelope(f"e-{n}", body, f"{day}T08:00:00+08:00")))
    return [{"kind": kind, "message": message} for kind, message in payload]


def _end_state(certificate: Certificate) -> Any:
    row = Certificate.objects.get(pk=certificate.pk)
    current = row.versions.get(superseded_at=None)
    lines = list(EducationLine.objects.filter(certificate=row).values_list("year", "hours"))
    return row.state, row.number, current.snapshot["education"], [(year, str(hours)) for year, hours in lines]


GOOD = (
    "issued",
    "演示-JX-26-000001",
    [{"year": "2027年", "words": "继续教育32学时"}, {"year": "2028年", "words": "继续教育32.5学时"}],
    [(2027, "32.0"), (2028, "32.5")],
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_numbers_and_hours_end_alike_in_whatever_order_they_come(
    world: Any, deliver: Any, certificate: Callable[..., Certificate], at: datetime, order: tuple[int, ...]
) -> None:
    row = certificate()
    news = _news(row)
    for n in order:
        assert deliver("ministry", news[n]["kind"], news[n]["message"]).status_code == 202
        _take_all(at, world.real, rounds=1)
    _take_all(at, world.real)
    assert _end_state(row) == GOOD
    assert Arrival.objects.filter(state="received").count() == 0
    assert Message.objects.get(kind="result").state == "settled"


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(order=st.lists(st.integers(0, 3), min_size=4, max_size=9).filter(lambda o: set(o) == {0, 1, 2, 3}))
@example(order=[2, 1, 1, 1, 3, 0])
def test_any_repetition_and_order_of_news_gives_the_same_end(
    patient: None,
    world: Any,
    deliver: Any,
    certificate: Callable[..., Certificate],
    at: datetime,
    order: list[int],
) -> None:
    point = transaction.savepoint()
    try:
        row = certificate()
        news = _news(row)
        for n in order:
            assert deliver("ministry", news[n]["kind"], news[n]["message"]).status_code == 202
            _take_all(at, world.real, rounds=1)
        _take_all(at, world.real)
        assert _end_state(row) == GOOD
        assert Arrival.objects.count() == 4
    finally:
        transaction.savepoint_rollback(point)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(order=st.permutations(range(5)))
def test_of_many_states_of_one_record_the_newest_stays(
    world: Any, deliver: Any, at: datetime, order: list[int]
) -> None:
    point = transaction.savepoint()
    try:
        for n in order:
            payload = _envelope(f"m-{n}", _hours(hours=str(n + 1)), f"2026-03-0{n + 1}T08:00:00+08:00")
            deliver("learning-site", "hours", payload)
            _take_all(at, world.real, rounds=1)
        assert [str(r.hours) for r in HourRecord.objects.all()] == ["5.0"]
        assert set(Arrival.objects.values_list("state", flat=True)) <= {"settled", "outdated"}
    finally:
        transaction.savepoint_rollback(point)


def test_hours_for_a_number_that_never_comes_are_refused_at_the_end_of_the_ladder(
    world: Any, deliver: Any, at: datetime
) -> None:
    body = {"certificate_number": "演示-JX-26-999999", "year": 2027, "hours": "32"}
    deliver("ministry", "education", _envelope("e-1", body))
    _take_all(at, world.real, rounds=6)
    row = Arrival.objects.get()
    assert (row.state, row.answer["code"], row.sealed) == ("refused", "unknown", None)


def test_hours_for_a_revoked_certificate_are_refused_with_words(
    world: Any, deliver: Any, certificate: Callable[..., Certificate], as_actor: Any, at: datetime
) -> None:
    row = certificate()
    issuing.receive_number(certificate_id=row.pk, number="演示-JX-26-000001", issued_on=at.date(), at=at)
    officer = as_actor("city_officer", scope="360100")
    certificate_corrections.revoke(certificate_id=row.pk, ground="mistake", remark="演示", by=officer, at=at)
    deliver("ministry", "education", _news(row)[1]["message"])
    _take_all(at, world.real)
    assert (Arrival.objects.get().answer["code"], EducationLine.objects.count()) == ("certificate-revoked", 0)


def test_a_number_that_came_by_itself_needs_no_further_question(
    world: Any, deliver: Any, certificate: Callable[..., Certificate], at: datetime
) -> None:
    row = certificate()
    message = Message.objects.get(kind="result")
    deliver("ministry", "certificate", _news(row)[0]["message"])
    _take_all(at, world.real)
    world.push(message.pk, at)
    row.refresh_from_db()
    assert (row.number, world.transport.calls) == ("演示-JX-26-000001", [])
