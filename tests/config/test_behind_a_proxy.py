"""The documented shape as it is deployed: a real nginx by infra/deploy/nginx.conf, granian and uvicorn on its sockets.

Two clients with addresses of their own: one uses up a limit, the other goes on, and no header that a client sends
changes whom it is taken for. Two workers count together.
"""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from infra.bench import servers
from shared.certificates.views import SCANNED_A_MINUTE
from support import committed, proxy
from support.proxy import Deployed

pytestmark = pytest.mark.stack
HOST = "nuoxing.localhost"
SCANNED = "/verify/no-such-token-00000000000/"
ATTEMPT = "/live/attempts/00000000-0000-7000-8000-000000000001/state/"
ENOUGH = 2 * SCANNED_A_MINUTE + 1  # the minute may end meanwhile
FORGERIES = ("X-Forwarded-For", "X_Forwarded_For", "X-Real-IP", "Forwarded", "True-Client-IP")


@pytest.fixture(scope="module")
def env(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The environment of processes on the tests' own database."""
    with committed.committing(django_db_blocker):
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
        yield {
            "DATABASE_URL": urlunsplit(url),
            "NUOXING_STATE": str(tmp_path_factory.mktemp("state")),
            "NUOXING_HOST": HOST,
            "NUOXING_SCHEME": "https",
            "NUOXING_DEMO": "0",
            "NUOXING_DEMO_CLOCK": "0",
            "NUOXING_TRUSTED_PROXIES": "unix",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }


@pytest.fixture(scope="module")
def house(env: dict[str, str]) -> Iterator[Deployed]:
    """The three of them."""
    with tempfile.TemporaryDirectory(prefix="nx") as folder, proxy.deployed(Path(folder), env, host=HOST) as running:
        yield running


def _use_up(house: Deployed, source: str) -> None:
    """Scan until it is refused, with some seconds to come before the next minute."""
    for _n in range(ENOUGH):
        answer = house.ask(SCANNED, source=source)
        if answer.status == 429:
            seconds = int(answer.headers["retry-after"])
            if seconds > 5:
                return
            time.sleep(seconds)  # the minute ends before the others could be asked
    raise AssertionError("never refused")


def test_one_who_uses_up_a_limit_closes_the_page_for_nobody_else(house: Deployed) -> None:
    assert (house.ask("/").status, house.ask(SCANNED, source="127.0.0.3").status) == (200, 404)
    _use_up(house, "127.0.0.2")

    assert house.ask(SCANNED, source="127.0.0.3").status == 404
    assert [house.ask(SCANNED, source="127.0.0.2", headers={name: "192.0.2.1"}).status for name in FORGERIES] == [
        429
    ] * len(FORGERIES)
    assert house.ask(SCANNED, source="127.0.0.3", headers={"X-Forwarded-For": "127.0.0.2"}).status == 404


def test_nginx_leads_to_the_live_side_too(house: Deployed) -> None:
    answer = house.ask(ATTEMPT, host=f"alpha.{HOST}")
    assert (answer.status, answer.headers["content-type"]) == (401, "application/problem+json")


def test_while_nobody_answers_nginx_says_so_in_both_languages_and_to_machines(house: Deployed) -> None:
    env = house.env
    house.stop("web")
    try:
        page, machine = house.ask("/"), house.ask("/api/v1/openapi.json")
    finally:
        (house.folder / "web-socket").unlink(missing_ok=True)
        house.env = {**env, "NUOXING_SHAPE": "web"}
        house.start("web", house.unit("web"), lambda: house.is_up("/healthz"))

    said = ("平台暂时无法访问" in page.body.decode(), "Away for a moment" in page.body.decode())
    assert (page.status, *said, page.headers["content-type"]) == (503, True, True, "text/html; charset=utf-8")
    assert (machine.status, machine.headers["content-type"]) == (503, "application/problem+json")
    assert json.loads(machine.body)["code"] == "away"
    assert {one.headers["retry-after"] for one in (page, machine)} == {"10"}


def test_a_server_without_a_proxy_believes_no_header(env: dict[str, str], tmp_path: Path) -> None:
    for shape, command in (("embedded", servers.live()), ("web", servers.web())):
        own = env | {"NUOXING_SHAPE": shape, "NUOXING_SCHEME": "http"}
        with servers.serving(shape, command, logs=tmp_path, host=HOST, env=own, path="/healthz") as server:
            paths = [(SCANNED, {"X-Forwarded-For": f"192.0.2.{n % 250}"}) for n in range(ENOUGH)]
            statuses = {servers.status_of(server.port, HOST, path, headers) for path, headers in paths}
        assert 429 in statuses  # all count to the one peer, for both servers
        assert statuses <= {404, 429}
