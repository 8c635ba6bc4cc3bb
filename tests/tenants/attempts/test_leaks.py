"""The leak matrix: whatever runs beside whatever, nobody ever reads another institution's rows."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import connection
from django.test import Client

from kernel import clock, tenancy
from support.sittings import World
from support.wire import Page, Socket, live_side
from tenants.attempts.models.answers import AnswerLog
from tenants.proctoring import consumers as proctoring_consumers
from tenants.sittings.models.live import SittingEvent
from tenants.sittings.models.sittings import Candidacy

SLUGS = ("alpha", "beta")
ROUNDS = 25


@pytest.fixture
def db() -> None:
    """No transaction: threads and sockets must see what is there."""


@pytest.fixture
def worlds(live: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Two institutions in the middle of a test, two people writing in each."""
    monkeypatch.setattr(proctoring_consumers, "SNAPSHOT_SECONDS", 0.05)
    monkeypatch.setattr(proctoring_consumers, "POLL_SECONDS", 0.02)
    found = {}
    for slug in SLUGS:
        world = live(slug, people=2)
        world.at = clock.real_now() - timedelta(days=1, minutes=1)
        with tenancy.open_institution(world.institution):
            world.sitting = world.running(world.enrolments)
            world.attempts = [world.start(world.sitting, n, at=clock.real_now()) for n in range(2)]
            world.names = {person.name for person in world.people}
            world.own = {str(key) for key in Candidacy.objects.values_list("pk", flat=True)}
            client = world.signed_in(Client(), world.proctor)
            world.cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        tenancy.enter(None)
        found[slug] = world
    return found


def pages(worlds: dict[str, Any]) -> dict[str, list[Page]]:
    return {slug: [Page(a, a.lease_epoch, slug) for a in world.attempts] for slug, world in worlds.items()}


async def write(page: Page, letter: str) -> None:
    """Save, load and ask, in turn; everything that comes back is one's own."""
    for n in range(1, ROUNDS + 1):
        saved = await page.save((n, str(n), letter))
        assert saved.status_code == 200
        assert (await page.get("state/")).json()["state"] == "started"
        if n % 5 == 0:
            loaded = (await page.get()).json()
            assert set(loaded["answers"].values()) == {letter}
            assert len(loaded["answers"]) == n


async def watch(world: Any, slug: str) -> int:
    """Watch the room by its socket; every seat told of is one's own. Returns how many messages came."""
    cookie = f"{settings.SESSION_COOKIE_NAME}={world.cookie}"
    line = Socket(f"/live/rooms/{world.sitting.pk}/", host=f"{slug}.nuoxing.localhost:8000", cookie=cookie)
    assert await line.connect() == 0
    heard = 0
    for _n in range(ROUNDS):
        message = await line.hear()
        assert {seat["candidacy"] for seat in message["seats"]} <= world.own
        heard += 1
    await line.leave()
    return heard


async def read(world: Any, slug: str, *, sensitive: bool) -> int:
    """Read pages as Django serves them beside all that, in one shared thread or in many; returns the reads."""
    host = f"{slug}.nuoxing.localhost"

    def unit() -> set[str]:
        client = Client(SERVER_NAME=host, HTTP_HOST=f"{host}:8000")
        client.cookies[settings.SESSION_COOKIE_NAME] = world.cookie
        try:
            room = client.get(f"/staff/sittings/{world.sitting.pk}/room.json").json()
            return {seat["name"] for seat in room["seats"]}
        finally:
            connection.close()

    for _n in range(ROUNDS):
        assert await sync_to_async(unit, thread_sensitive=sensitive)() == world.names
    return ROUNDS


async def open_and_read(world: Any) -> int:
    """Open the schema, read and close in ONE function on the shared thread: the only pattern that the house allows."""

    def unit() -> set[str]:
        with tenancy.open_institution(world.institution):
            return set(Candidacy.objects.values_list("name", flat=True))

    for _n in range(ROUNDS * 4):
        assert await database_sync_to_async(unit)() == world.names
        await asyncio.sleep(0)
    return ROUNDS * 4


def test_nobody_ever_reads_or_writes_in_another_institution(worlds: dict[str, Any]) -> None:
    opened = pages(worlds)
    letters = {"alpha": "A", "beta": "B"}

    async def everything() -> list[Any]:
        try:
            return list(
                await asyncio.gather(
                    *(write(page, letters[slug]) for slug in SLUGS for page in opened[slug]),
                    *(watch(worlds[slug], slug) for slug in SLUGS for _n in range(2)),
                    *(read(worlds[slug], slug, sensitive=s) for slug in SLUGS for s in (True, False)),
                    *(open_and_read(worlds[slug]) for slug in SLUGS for _n in range(3)),
                )
            )
        finally:
            await database_sync_to_async(lambda: connection.close())()

    counts = live_side(*opened["alpha"], *opened["beta"], run=everything)
    assert sum(n for n in counts if n) == 4 * ROUNDS + 4 * ROUNDS + 6 * ROUNDS * 4
    for slug in SLUGS:
        with tenancy.open_institution(worlds[slug].institution):
            choices = set(AnswerLog.objects.values_list("choice", flat=True))
            assert (choices, AnswerLog.objects.count()) == ({letters[slug]}, 2 * ROUNDS)
            numbers = list(SittingEvent.objects.order_by("n").values_list("n", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))


def test_a_batch_of_both_institutions_lands_in_each_ones_own(worlds: dict[str, Any]) -> None:
    """Saves of many institutions share one transaction of the committer."""
    opened = pages(worlds)

    async def together() -> list[int]:
        rows = [
            page.save(*((seq, str(seq), letter) for seq in range(first, first + 10)))
            for first in range(1, 60, 10)
            for slug, letter in (("alpha", "A"), ("beta", "B"))
            for page in opened[slug][:1]
        ]
        codes = []
        for pair in zip(rows[::2], rows[1::2], strict=True):
            codes += [response.status_code for response in await asyncio.gather(*pair)]
        return codes

    assert set(live_side(*opened["alpha"], *opened["beta"], run=together)) == {200}
    for slug, letter in (("alpha", "A"), ("beta", "B")):
        with tenancy.open_institution(worlds[slug].institution):
            assert list(AnswerLog.objects.values_list("attempt_id", "choice").distinct()) == [
                (worlds[slug].attempts[0].pk, letter)
            ]


def test_the_forbidden_pattern_is_seen_to_leak_so_that_the_matrix_can_fail(worlds: dict[str, Any]) -> None:
    """A schema set in one hop and read in the next is anybody's on the shared thread: hence it is forbidden."""
    both_worlds: list[World] = [worlds[slug] for slug in SLUGS]

    async def careless(world: Any) -> int:
        wrong = 0
        for _n in range(60):
            await database_sync_to_async(lambda: tenancy.enter(world.institution))()
            await asyncio.sleep(0)
            names = await database_sync_to_async(lambda: set(Candidacy.objects.values_list("name", flat=True)))()
            wrong += names != world.names
        return wrong

    async def both() -> list[int]:
        try:
            return list(await asyncio.gather(*(careless(world) for world in both_worlds)))
        finally:
            await database_sync_to_async(lambda: (tenancy.enter(None), connection.close()))()

    assert sum(live_side(run=both)) > 0
