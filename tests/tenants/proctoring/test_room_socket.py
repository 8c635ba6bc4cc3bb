"""The console's socket: who gets in, what it is told, and how it goes on after a break."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import connection
from django.test import Client

from kernel import clock, tenancy
from kernel.db.postgres import recovery
from kernel.models import Session
from kernel.web import consumers
from kernel.web.sessions import SessionStore
from shared.identity.models.accounts import RoleGrant, SignIn
from support import wire
from support.sittings import World, staff
from support.wire import Page, Socket, live_side
from tenants.attempts.operations import interventions
from tenants.proctoring import consumers as proctoring_consumers

HOST = "alpha.nuoxing.localhost:8000"
BETA = "beta.nuoxing.localhost:8000"


@pytest.fixture
def db() -> None:
    """No transaction: the socket's thread must see what is there."""


@pytest.fixture
def room(live: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A committed sitting in real time, begun, two people checked in."""
    monkeypatch.setattr(proctoring_consumers, "SNAPSHOT_SECONDS", 60.0)
    world = live("alpha", people=2)
    world.at = clock.real_now() - timedelta(days=1, minutes=1)
    with tenancy.open_institution(world.institution):
        world.sitting = world.running(world.enrolments)
        yield world


def cookie(world: World, who: Any, **how: Any) -> str:
    client = world.signed_in(Client(), who, **how)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def socket(world: Any, cookie: str, *, sitting: Any = None, **how: str) -> Socket:
    return Socket(f"/live/rooms/{sitting or world.sitting.pk}/", cookie=cookie, **({"host": HOST} | how))


def watching(run: Callable[[], Awaitable[Any]], *pages: Page) -> Any:
    async def main() -> Any:
        try:
            return await run()
        finally:
            await database_sync_to_async(lambda: connection.close())()

    return live_side(*pages, run=main)


def in_the_room(world: Any, function: Callable[..., Any], **how: Any) -> Awaitable[Any]:
    """Do something in another thread, as another process would."""

    def unit() -> Any:
        try:
            with tenancy.open_institution(world.institution):
                return function(**how)
        finally:
            connection.close()

    return asyncio.to_thread(unit)


def test_a_console_gets_a_snapshot_and_then_every_event_in_order(room: Any) -> None:
    who = cookie(room, room.proctor)
    first, second = (room.candidacy_of(room.sitting, n).pk for n in range(2))
    for n in range(2):
        room.start(room.sitting, n, at=clock.real_now())

    async def watch() -> list[Any]:
        line = socket(room, who)
        assert await line.connect() == 0
        messages = [await line.hear()]
        for key, why in ((first, "断电"), (second, "火警")):
            await in_the_room(room, interventions.hold, candidacy_id=key, why=why, by=room.chief, at=clock.real_now())
            messages.append(await line.hear())
        await line.leave()
        return messages

    whole, one, two = watching(watch)
    assert (whole["type"], len(whole["seats"])) == ("snapshot", 2)
    assert [(m["type"], m["from"], m["to"]) for m in (one, two)] == [
        ("events", whole["n"] + 1, whole["n"] + 1),
        ("events", whole["n"] + 2, whole["n"] + 2),
    ]
    assert [(m["events"][0]["kind"], m["seats"][0]["candidacy"]) for m in (one, two)] == [
        ("held", str(first)),
        ("held", str(second)),
    ]


def test_answers_saved_through_the_gateway_are_seen_in_the_room(room: Any) -> None:
    who = cookie(room, room.proctor)
    attempt = room.start(room.sitting, 0, at=clock.real_now())
    page = Page(attempt, attempt.lease_epoch)

    async def watch() -> list[Any]:
        line = socket(room, who)
        await line.connect()
        whole = await line.hear()
        assert (await page.save((1, "1", "A"), (2, "2", "B"))).status_code == 200
        news = await line.hear()
        await line.leave()
        return [whole, news]

    whole, news = watching(watch, page)
    seat = news["seats"][0]
    assert (seat["candidacy"], seat["answered"], seat["total"]) == (str(attempt.candidacy_id), 2, 86)
    assert (news["events"][0]["kind"], news["from"]) == ("saved", whole["n"] + 1)


def test_a_console_resumes_by_number(room: Any) -> None:
    who = cookie(room, room.proctor)

    async def watch() -> list[Any]:
        line = socket(room, who)
        await line.connect()
        whole = await line.hear()
        await line.say("no json")
        await line.say(["nothing"])
        await line.say({"type": "resume", "after": "x"})
        for text in ("[" * 20_000 + "]" * 20_000, r'{"type": "\u0000"}', "9" * 5000, "x" * 70_000, '{"after": NaN}'):
            await line.say(text)
        await line.say({"type": "resume", "after": 10**19})
        await line.send_input({"type": "websocket.receive", "bytes": b"\x00\xff"})
        await line.say({"type": "resume", "after": 1})
        news = await line.hear()
        await line.leave()
        return [whole, news]

    whole, news = watching(watch)
    assert (news["from"], news["to"]) == (2, whole["n"])
    assert [event["n"] for event in news["events"]] == list(range(2, whole["n"] + 1))


def test_a_lost_hint_is_found_within_two_seconds(room: Any, settings: Any) -> None:
    who = cookie(room, room.proctor)
    candidacy = room.candidacy_of(room.sitting).pk
    room.start(room.sitting, 0, at=clock.real_now())

    def hold_quietly() -> None:
        from channels.layers import channel_layers

        channel_layers.backends.clear()  # whoever now tells, tells another layer
        interventions.hold(candidacy_id=candidacy, why="安静", by=room.chief, at=clock.real_now())

    async def watch() -> tuple[Any, float]:
        line = socket(room, who)
        await line.connect()
        await line.hear()
        loop = asyncio.get_running_loop()
        await in_the_room(room, hold_quietly)
        began = loop.time()
        news = await line.hear()
        took = loop.time() - began
        await line.leave()
        return news, took

    news, took = watching(watch)
    assert news["events"][0]["kind"] == "held"
    assert took < 2.5


CASES = ["nobody", "registrar", "other_sitting", "weak", "origin", "host", "unknown_sitting"]
NEIGHBOURS = ["a_page_of_another_institution", "a_session_of_another_institution"]


@pytest.mark.parametrize("case", CASES + NEIGHBOURS)
def test_who_is_not_on_duty_here_gets_no_socket(room: Any, case: str) -> None:
    scope = str(room.institution.organisation_id)
    stranger = staff("别场", "proctor", scope, room.at)
    who = {
        "nobody": "",
        "registrar": cookie(room, room.registrar),
        "other_sitting": cookie(room, stranger),
        "weak": cookie(room, room.proctor, level=1),
    }.get(case) or ("" if case == "nobody" else cookie(room, room.proctor))
    how: dict[str, Any] = {
        "origin": {"origin": "http://evil.example"},
        "host": {"host": "nowhere.nuoxing.localhost:8000", "origin": "http://nowhere.nuoxing.localhost:8000"},
        "a_page_of_another_institution": {"host": BETA, "origin": f"http://{HOST}"},
        "a_session_of_another_institution": {"host": BETA, "origin": f"http://{BETA}"},
        "unknown_sitting": {"sitting": "01900000-0000-7000-8000-000000000000"},
    }.get(case, {})

    async def knock() -> int:
        line = socket(room, who, **how)
        code = await line.connect()
        await line.leave()
        return code

    assert watching(knock) == (4404 if case == "host" else 4403)


def test_a_proctor_taken_off_duty_is_told_nothing_more(room: Any) -> None:
    who = cookie(room, room.proctor)
    from tenants.sittings.models.sittings import Duty

    async def watch() -> Any:
        line = socket(room, who)
        await line.connect()
        await line.hear()
        await in_the_room(room, tenancy.as_owner()(Duty.objects.filter(account_id=room.proctor.account_id).delete))
        message = await line.receive_output(5)
        await line.leave()
        return message["type"], message["code"]

    assert watching(watch) == ("websocket.close", 4403)


def _end_the_role(room: Any) -> None:
    with tenancy.open_public():
        RoleGrant.objects.filter(account_id=room.proctor.account_id).update(ended_at=clock.real_now())


def _end_the_session(room: Any) -> None:
    Session.objects.all().delete()


def _end_the_sign_in(room: Any) -> None:
    with tenancy.open_public():
        SignIn.objects.update(ended_at=clock.real_now())


def _let_it_be_idle(room: Any) -> None:
    with tenancy.open_public():
        SignIn.objects.update(seen_at=clock.real_now() - timedelta(hours=5))


def _with_a_sign_in(room: Any, who: str) -> str:
    """Let a session stand on a sign-in, as one that came with a ticket."""
    with tenancy.open_public():
        row = SignIn.objects.create(account_id=room.proctor.account_id, began_at=clock.real_now())
    session = SessionStore(who.partition("=")[2])
    session["sign_in"] = str(row.pk)
    session.save()
    return who


@pytest.mark.parametrize("end", [_end_the_role, _end_the_session, _end_the_sign_in])
def test_a_socket_ends_within_two_seconds_with_what_it_rests_on(room: Any, end: Callable[[Any], None]) -> None:
    who = _with_a_sign_in(room, cookie(room, room.proctor))
    candidacy = room.candidacy_of(room.sitting).pk
    room.start(room.sitting, 0, at=clock.real_now())

    async def watch() -> tuple[Any, float]:
        line = socket(room, who)
        assert await line.connect() == 0
        await line.hear()
        loop = asyncio.get_running_loop()
        await in_the_room(room, end, room=room)
        began = loop.time()
        message = await line.receive_output(5)
        took = loop.time() - began
        await in_the_room(
            room, interventions.hold, candidacy_id=candidacy, why="断电", by=room.chief, at=clock.real_now()
        )
        await line.leave()
        return message, took

    message, took = watching(watch)
    assert (message["type"], message["code"]) == ("websocket.close", 4403)
    assert took < 2.5


def test_nothing_is_sent_after_the_sign_in_has_ended(room: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "ASK_AGAIN_SECONDS", 0.0)
    who = _with_a_sign_in(room, cookie(room, room.proctor))
    candidacy = room.candidacy_of(room.sitting).pk
    room.start(room.sitting, 0, at=clock.real_now())

    def end_and_hold() -> None:
        _end_the_sign_in(room)
        interventions.hold(candidacy_id=candidacy, why="断电", by=room.chief, at=clock.real_now())

    async def watch() -> Any:
        line = socket(room, who)
        assert await line.connect() == 0
        await line.hear()
        await in_the_room(room, end_and_hold)
        message = await line.receive_output(5)
        await line.leave()
        return message

    assert watching(watch)["type"] == "websocket.close"


def test_a_socket_is_closed_while_the_database_is_away_and_opens_again_when_it_is_back(room: Any) -> None:
    who = cookie(room, room.proctor)
    name = connection.settings_dict["NAME"]

    def backend() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    async def watch(login: Any) -> list[int]:
        line = socket(room, who)
        codes = [await line.connect()]
        await line.hear()
        pid = await database_sync_to_async(backend)()
        login.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')  # nobody comes in any more, as in a restart
        try:
            login.execute("SELECT pg_terminate_backend(%s)", [pid])
            codes.append((await line.receive_output(wire.PATIENCE))["code"])
            codes.append(await socket(room, who).connect())
        finally:
            login.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        await line.leave()
        await asyncio.sleep(2 * recovery.PROBE_SECONDS)  # no process asks oftener whether the server is back
        again = socket(room, who)
        codes.append(await again.connect())
        assert (await again.hear())["type"] == "snapshot"
        await again.leave()
        return codes

    parameters = connection.get_connection_params()
    known = {key: parameters[key] for key in ("user", "password", "host", "port") if key in parameters}
    with psycopg.connect(**known, dbname="postgres", autocommit=True) as login:
        assert watching(lambda: watch(login)) == [0, 1013, 1013, 0]


def test_an_open_console_of_a_running_room_is_use_and_yet_ends_with_a_sign_in_that_is_idle(room: Any) -> None:
    who = _with_a_sign_in(room, cookie(room, room.proctor))
    with tenancy.open_public():
        SignIn.objects.update(seen_at=clock.real_now() - timedelta(minutes=20))

    async def watch() -> Any:
        line = socket(room, who)
        assert await line.connect() == 0
        await line.hear()
        await asyncio.sleep(2.5)
        seen = await database_sync_to_async(lambda: SignIn.objects.get().seen_at)()
        await in_the_room(room, _let_it_be_idle, room=room)
        message = await line.receive_output(5)
        await line.leave()
        return seen, message

    seen, message = watching(watch)
    assert clock.real_now() - seen < timedelta(minutes=2)
    assert (message["type"], message["code"]) == ("websocket.close", 4403)
