"""The stand-ins for the ministry's system and for SMS, called in this process."""

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from infra.fakes.app import Fakes

ORGANISATION = {"name": "演示培训学校", "credit_code": "52360100MJ00000184"}
RESULT = {
    "result_id": "r-1",
    "position": "SGY-TJ",
    "name": "演示甲",
    "id_number": "36010219900307001X",
    "score": 81,
    "institution_credit_code": "52360100MJ00000184",
    "tested_on": "2026-03-20",
}


@pytest.fixture
def app() -> Fakes:
    return Fakes(None)


@pytest.fixture
async def wire(app: Fakes) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://ministry") as client:
        assert (await client.post("/flags/", json={"ministry_delay_seconds": 0})).status_code == 200
        yield client


async def test_an_institution_is_receipted_once_however_often_it_is_sent(wire: httpx.AsyncClient) -> None:
    for request in ("a", "a", "b"):
        sent = await wire.post("/ministry/institutions/", json={"request_id": request, "organisation": ORGANISATION})
        assert (sent.status_code, sent.json()) == (202, {"accepted": True})
    first = (await wire.get("/ministry/institutions/a/")).json()
    assert first["receipt_no"].startswith("演示-收-")
    assert first["receipt_no"].endswith("-000001")
    assert (await wire.get("/ministry/institutions/b/")).json() == first


async def test_an_answer_is_late_and_an_unknown_request_never_comes(wire: httpx.AsyncClient) -> None:
    await wire.post("/flags/", json={"ministry_delay_seconds": 0.3})
    await wire.post("/ministry/institutions/", json={"request_id": "a", "organisation": ORGANISATION})
    early = await wire.get("/ministry/institutions/a/")
    assert (early.status_code, early.json()) == (404, {"ready": False, "known": True})
    assert (await wire.get("/ministry/institutions/x/")).json() == {"ready": False, "known": False}
    time.sleep(0.3)  # noqa: ASYNC251  # nothing else runs in this loop
    assert (await wire.get("/ministry/institutions/a/")).status_code == 200


async def test_each_result_gets_one_number_that_nobody_takes_for_an_official_one(wire: httpx.AsyncClient) -> None:
    other = RESULT | {"result_id": "r-2"}
    for request, results in (("a", [RESULT, other]), ("a", [RESULT, other]), ("b", [other])):
        body = {"request_id": request, "results": results}
        assert (await wire.post("/ministry/results/", json=body)).status_code == 202
    numbers = (await wire.get("/ministry/results/a/")).json()["certificates"]
    assert numbers == [
        {"result_id": "r-1", "number": "演示-26-000001", "issued_on": "2026-03-20"},
        {"result_id": "r-2", "number": "演示-26-000002", "issued_on": "2026-03-20"},
    ]
    assert (await wire.get("/ministry/results/b/")).json() == {"certificates": numbers[1:]}


async def test_the_day_of_issue_is_the_request_s_own(wire: httpx.AsyncClient) -> None:
    headers = {"Nuoxing-Now": "2026-04-02T01:00:00+08:00"}
    await wire.post("/ministry/results/", json={"request_id": "a", "results": [RESULT]}, headers=headers)
    assert (await wire.get("/ministry/results/a/")).json()["certificates"][0]["issued_on"] == "2026-04-02"


@pytest.mark.parametrize(
    ("path", "body", "missing"),
    [
        ("institutions", {"organisation": ORGANISATION}, ["request_id"]),
        ("institutions", {"request_id": "a", "organisation": {"name": "x"}}, ["organisation.credit_code"]),
        ("results", {"request_id": "a", "results": [RESULT | {"id_number": ""}]}, ["results[0].id_number"]),
        ("results", {"request_id": "a", "results": [RESULT | {"tested_on": "soon"}]}, ["tested_on"]),
        ("results", {"request_id": "a", "results": "all"}, ["results"]),
    ],
)
async def test_what_is_missing_is_named(
    wire: httpx.AsyncClient, path: str, body: dict[str, Any], missing: list[str]
) -> None:
    refused = await wire.post(f"/ministry/{path}/", json=body)
    assert (refused.status_code, refused.json()) == (422, {"accepted": False, "missing": missing})
    assert (await wire.get(f"/ministry/{path}/a/")).status_code == 404


async def test_it_refuses_when_told_to(wire: httpx.AsyncClient) -> None:
    await wire.post("/flags/", json={"ministry_refuses": "系统维护"})
    refused = await wire.post("/ministry/institutions/", json={"request_id": "a", "organisation": ORGANISATION})
    assert (refused.status_code, refused.json()) == (422, {"accepted": False, "reason": "系统维护"})


async def test_a_call_back_comes_as_often_as_the_flag_says(app: Fakes, wire: httpx.AsyncClient) -> None:
    await wire.post("/flags/", json={"ministry_repeats": 1})
    body = {"request_id": "a", "results": [RESULT], "callback_url": "http://nuoxing/called/"}
    await wire.post("/ministry/results/", json=body)
    got: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        got.append(request)
        return httpx.Response(204)

    async with httpx.AsyncClient(transport=httpx.MockTransport(take)) as client:
        await app.deliveries.once(client)
    assert [str(r.url) for r in got] == ["http://nuoxing/called/"] * 2
    assert b'"request_id": "a"' in got[0].content


async def test_sms_are_taken_once_and_shown(wire: httpx.AsyncClient) -> None:
    for _again in range(2):
        sent = await wire.post("/sms/", json={"to": "13800000000", "text": "验证码 123456", "key": "m-1"})
        assert sent.status_code == 202
    assert (await wire.get("/sms/")).json() == {"messages": [{"to": "13800000000", "text": "验证码 123456"}]}
    assert "123456" in (await wire.get("/sms/", headers={"Accept": "text/html"})).text
    assert (await wire.post("/sms/", json={"to": "13800000000"})).status_code == 422


async def test_an_unknown_flag_path_or_method_is_refused(wire: httpx.AsyncClient) -> None:
    assert (await wire.post("/flags/", json={"no_such": 1})).status_code == 422
    assert (await wire.get("/nowhere/")).status_code == 404
    assert (await wire.put("/sms/")).status_code == 405
    assert (await wire.post("/sms/", content=b"[]")).status_code == 400
