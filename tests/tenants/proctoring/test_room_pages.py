"""The console's page, its JSON and its orders over HTTP."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kernel.fields import uuid7
from support.sittings import World
from tenants.attempts.models.attempts import TimeGrant
from tenants.proctoring.models import Command, Incident


@pytest.fixture
def on_duty(world: World, visit: Callable[..., Client]) -> tuple[Any, Client]:
    sitting = world.running(world.enrolments)
    world.start(sitting, 0)
    return sitting, world.signed_in(visit("alpha", sitting.starts_at), world.proctor)


def send(client: Client, sitting: Any, body: Any) -> Any:
    raw = body if isinstance(body, str) else json.dumps(body)
    return client.post(
        f"/staff/sittings/{sitting.pk}/commands/", raw, content_type="application/json", HTTP_ACCEPT="application/json"
    )


def test_the_page_carries_the_addresses_of_its_room(on_duty: tuple[Any, Client]) -> None:
    sitting, client = on_duty
    page = client.get(f"/staff/sittings/{sitting.pk}/room/").content.decode()
    for address in (
        f"/live/rooms/{sitting.pk}/",
        f"/staff/sittings/{sitting.pk}/room.json",
        f"/staff/sittings/{sitting.pk}/commands/",
    ):
        assert f'"{address}"' in page


def test_the_room_in_json_is_the_snapshot(on_duty: tuple[Any, Client]) -> None:
    sitting, client = on_duty
    room = client.get(f"/staff/sittings/{sitting.pk}/room.json").json()
    assert (room["type"], len(room["seats"]), room["sitting"]["state"]) == ("snapshot", 3, "running")


def test_an_order_is_given_in_json(world: World, on_duty: tuple[Any, Client]) -> None:
    sitting, client = on_duty
    candidacy = str(world.candidacy_of(sitting).pk)
    assert send(client, sitting, {"candidacy": candidacy, "verb": "hold", "why": "火警"}).status_code == 200
    assert world.attempt_of(sitting).state == "on_hold"
    assert client.post(f"/staff/candidacies/{candidacy}/resume/").json() == {"done": "resume", "candidacy": candidacy}
    assert world.attempt_of(sitting).state == "started"
    assert Command.objects.count() == 2


def test_time_that_is_added_twice_under_one_key_is_added_once(world: World, on_duty: tuple[Any, Client]) -> None:
    sitting, client = on_duty
    chief = world.signed_in(client, world.chief)
    body = {"candidacy": str(world.candidacy_of(sitting).pk), "verb": "time", "minutes": 10, "why": "停电十分钟"}

    def order(key: str, **other: Any) -> Any:
        return chief.post(
            f"/staff/sittings/{sitting.pk}/commands/",
            json.dumps(body | other),
            content_type="application/json",
            HTTP_ACCEPT="application/json",
            HTTP_IDEMPOTENCY_KEY=key,
        )

    first, again = order("one"), order("one")
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert again.headers["Idempotent-Replay"] == "true"
    assert [grant.duration for grant in TimeGrant.objects.all()] == [timedelta(minutes=10)]
    reused = order("one", minutes=20)
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency-key-reused")
    assert order("refused", minutes=0).status_code == 422
    assert order("refused", minutes=5).status_code == 200, "what was refused is not kept"
    assert order("two").status_code == 200
    assert sum((grant.duration for grant in TimeGrant.objects.all()), timedelta()) == timedelta(minutes=25)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 422, "invalid"),
        ("[]", 422, "invalid"),
        ({}, 422, "invalid"),
        ({"candidacy": "x", "verb": "hold"}, 422, "invalid"),
        ({"candidacy": str(uuid7()), "verb": "hold", "why": "演示"}, 404, "not-found"),
        ({"verb": "hold"}, 422, "reason-required"),
        ({"verb": "end", "why": "演示"}, 403, "not-on-duty"),
        ({"verb": "dance"}, 422, "invalid"),
        ({"verb": "time", "why": "演示", "minutes": "many"}, 422, "invalid"),
        ({"verb": "check-in"}, 409, "wrong-state"),
    ],
)
def test_an_order_that_cannot_be_is_a_problem_and_changes_nothing(
    world: World, on_duty: tuple[Any, Client], body: Any, status: int, code: str
) -> None:
    sitting, client = on_duty
    if isinstance(body, dict) and "verb" in body:
        body = {"candidacy": str(world.candidacy_of(sitting).pk)} | body
    response = send(client, sitting, body)
    assert (response.status_code, response["Content-Type"], response.json()["code"]) == (
        status, "application/problem+json", code,
    )  # fmt: skip
    assert (Command.objects.count(), world.attempt_of(sitting).state) == (0, "started")


def test_an_order_by_a_page_of_another_site_is_refused(world: World, on_duty: tuple[Any, Client], visit: Any) -> None:
    sitting, _client = on_duty
    strict = Client(
        enforce_csrf_checks=True, HTTP_HOST="alpha.nuoxing.localhost:8000", SERVER_NAME="alpha.nuoxing.localhost"
    )
    world.signed_in(strict, world.proctor)
    response = strict.post(f"/staff/candidacies/{world.candidacy_of(sitting).pk}/hold/", {"reason": "演示"})
    assert response.status_code == 403
    assert Command.objects.count() == 0


def test_an_incident_is_reported_and_closed_in_the_browser(
    world: World, on_duty: tuple[Any, Client], visit: Any
) -> None:
    sitting, client = on_duty
    url = f"/staff/sittings/{sitting.pk}/incidents/"
    form = {"kind": "network", "candidacy": str(world.candidacy_of(sitting).pk), "impactful": "on", "words": "断网"}
    assert client.post(url, form | {"words": ""}).status_code == 422
    assert client.post(url, form).status_code == 302
    row = Incident.objects.get()
    assert "断网" in client.get(url).content.decode()
    assert client.post(f"/staff/incidents/{row.pk}/", {"outcome": "已恢复"}).status_code == 422
    chief = world.signed_in(visit("alpha", sitting.starts_at), world.chief)
    assert chief.post(f"/staff/incidents/{row.pk}/", {"outcome": "已恢复"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.outcome) == ("closed", "已恢复")


def test_the_attendance_sheet_lists_everybody_with_masked_numbers(world: World, on_duty: tuple[Any, Client]) -> None:
    sitting, client = on_duty
    page = client.get(f"/staff/sittings/{sitting.pk}/attendance/").content.decode()
    for person in world.people:
        assert person.name in page
    assert "alpha-0000" not in page
