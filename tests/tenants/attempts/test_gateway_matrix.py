"""Every address of the live gateway × every caller is really asked, and answered as gateway.toml says."""

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from kernel import clock, tenancy
from shared.institutions.models import Institution
from support import clients
from support.http.matrix import FOLDER
from support.wire import CLIENT_TIME, Page, live_side
from tenants.attempts.gateway import app
from tenants.attempts.methods import tokens as token_methods
from tenants.attempts.methods.tokens import Token
from tenants.attempts.models.answers import AnswerLog
from tenants.attempts.models.attempts import Attempt, Score

[LINE] = tomllib.loads((FOLDER / "gateway.toml").read_text())["line"]
EXPECTED = {who: answer for answer in ("through", "refused", "hidden", "sign_in") for who in LINE[answer].split()}
ANSWERS = {200: "through", 401: "sign_in", 403: "refused", 404: "hidden", 409: "refused"}
ADDRESSES = {"load": "", **{url: f"{url}/" for url in LINE["urls"].split() if url != "load"}}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def db() -> None:
    """No transaction: what is tested here commits."""


@pytest.fixture
def pages(live: Any) -> Iterator[dict[str, Page]]:
    """A begun sitting in real time, and what each caller brings; the attempt was opened twice and is not started."""
    world = live("alpha", people=2)
    world.at = clock.real_now() - timedelta(days=1) - MINUTE
    with tenancy.open_institution(world.institution):
        sitting = world.running(world.enrolments)
        epochs = [world.lease(sitting, 0, at=clock.real_now(), device=device) for device in ("one", "two")]
        attempt, another = world.attempt_of(sitting, 0), world.attempt_of(sitting, 1)
        browsers = {
            name: world.signed_in(clients.client_at("alpha"), who).session.session_key
            for name, who in (("session", 0), ("staff", world.chief))
        }
        cookies = {name: f"sessionid={key}" for name, key in browsers.items()}
        yield _callers(attempt, another, epochs, cookies)


def _callers(attempt: Attempt, another: Attempt, epochs: list[int], cookies: dict[str, str]) -> dict[str, Page]:
    def page(**how: Any) -> Page:
        return Page(attempt, how.pop("epoch", epochs[-1]), **how)

    def bearing(token: Token) -> Page:
        made = page()
        made.headers = {"Authorization": f"Bearer {token_methods.mint(token)}"}
        return made

    def without(**headers: str) -> Page:
        made = page()
        made.headers = headers
        return made

    now, soon = clock.real_now(), clock.real_now() + timedelta(hours=3)
    return {
        "older": page(epoch=epochs[0]),
        "other": bearing(Token(another.pk, epochs[-1], "t_alpha", soon)),
        "elsewhere": bearing(Token(attempt.pk, epochs[-1], "t_beta", soon)),
        "at_another_host": page(host="beta.nuoxing.localhost:8000"),
        "expired": bearing(Token(attempt.pk, epochs[-1], "t_alpha", now - MINUTE)),
        "session": without(Cookie=cookies["session"]),
        "staff": without(Cookie=cookies["staff"]),
        "nobody": without(),
        "foreign_page": page(Origin="http://evil.example"),
        "unknown_host": page(host="nowhere.nuoxing.localhost:8000"),
        "own": page(),  # the last, for it does what the others may not
    }


def _written() -> list[int]:
    try:
        with tenancy.open_institution(Institution.objects.get(slug="alpha")):
            return [AnswerLog.objects.count(), Score.objects.count()]
    finally:
        connection.close()


async def _ask(page: Page, url: str) -> httpx.Response:
    path = ADDRESSES[url]
    if url in ("load", "state"):
        return await page.get(path)
    answer = {"seq": 1, "question": "1", "choice": "A", "client_at": CLIENT_TIME}
    bodies = {"answers": {"epoch": page.epoch, "answers": [answer]}, "finish": {"epoch": page.epoch, "last_seq": 0}}
    return await page.post(path, bodies.get(url))


def test_the_gateway_answers_every_caller_as_the_file_says(pages: dict[str, Page]) -> None:
    assert set(pages) == set(EXPECTED)
    assert set(ADDRESSES.values()) == set(app._METHODS)

    async def ask() -> list[str]:
        found, changed = [], []
        for who, page in pages.items():
            if who == "own":
                changed = await sync_to_async(_written, thread_sensitive=False)()
            for url in LINE["urls"].split():
                response = await _ask(page, url)
                answer = ANSWERS.get(response.status_code, str(response.status_code))
                if answer != EXPECTED[who]:
                    found.append(f"{url}  {who}: expected {EXPECTED[who]}, got {answer} ({response.text[:200]})")
        return [*found, *(f"{count} rows written" for count in changed if count)]

    assert live_side(*pages.values(), run=ask) == []
    assert (AnswerLog.objects.count(), Score.objects.count()) == (1, 1)
