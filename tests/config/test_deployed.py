"""The deployed shape: pages under granian, live under uvicorn, on one database; and the files that start them."""

import http.client
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from config import env
from infra.bench import servers
from infra.stack.paths import ROOT

DEPLOY = ROOT / "infra" / "deploy"
HOST = "nuoxing.localhost"
ATTEMPT = "/live/attempts/00000000-0000-7000-8000-000000000001/state/"


def test_a_synchronous_process_keeps_its_connection_and_an_asynchronous_one_has_a_pool() -> None:
    options = {shape: env.connections(shape) for shape in ("embedded", "web", "live")}

    assert {shape: one["CONN_MAX_AGE"] for shape, one in options.items()} == {"embedded": 0, "web": 600, "live": 0}
    assert {shape: "pool" in one["OPTIONS"] for shape, one in options.items()} == {
        "embedded": True,
        "web": False,
        "live": True,
    }


def test_an_unknown_shape_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUOXING_SHAPE", "cloud")
    with pytest.raises(env.UnsafeEnvironment) as refused:
        env.read()
    assert "NUOXING_SHAPE: Input should be 'embedded', 'web' or 'live'" in str(refused.value)


@pytest.mark.parametrize("unit", sorted(path.name for path in DEPLOY.glob("*.service")))
def test_a_unit_names_a_shape_and_programs_that_the_lock_holds(unit: str) -> None:
    text = (DEPLOY / unit).read_text(encoding="utf-8")
    (shape,) = re.findall(r"^Environment=NUOXING_SHAPE=(\w+)$", text, re.MULTILINE)
    (program,) = re.findall(r"^ExecStart=/srv/nuoxing/app/\.venv/bin/(\w+) ", text, re.MULTILINE)

    assert shape == ("live" if unit == "nuoxing-live.service" else "web")
    assert re.search(rf"^{program}==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_environments_example_names_only_what_is_read() -> None:
    lines = (DEPLOY / "nuoxing.env").read_text(encoding="utf-8").splitlines()
    named = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}

    assert named - set(env.Env.model_fields) == {"DJANGO_SETTINGS_MODULE"}


def test_the_proxy_sends_live_what_the_live_side_answers() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    places = dict(re.findall(r"location (\S+) \{.*?proxy_pass http://(\w+);", text, re.DOTALL))

    assert places == {
        "/live/attempts/": "nuoxing_live",
        "/live/rooms/": "nuoxing_live",
        "/": "nuoxing_web",
        "@too_large": "nuoxing_web",
    }


@pytest.fixture
def deployed(tmp_path: Path) -> dict[str, str]:
    """Return the environment of processes on the tests' own database."""
    name = connection.settings_dict["NAME"]
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    return {
        "DATABASE_URL": url,
        "NUOXING_STATE": str(tmp_path),
        "NUOXING_HOST": HOST,
        "NUOXING_DEMO": "0",
        "NUOXING_DEMO_CLOCK": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def _get(port: int, host: str, path: str) -> tuple[int, Any]:
    http_connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        http_connection.request("GET", path, headers={"Host": f"{host}:{port}", "Accept": "application/json"})
        answer = http_connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        http_connection.close()


@pytest.mark.stack
@pytest.mark.django_db(transaction=False)
def test_web_and_live_answer_side_by_side(
    institutions: tuple[Any, Any], deployed: dict[str, str], tmp_path: Path
) -> None:
    def serving(shape: str, command: list[str]) -> Any:
        own = deployed | {"NUOXING_SHAPE": shape}
        return servers.serving(shape, command, logs=tmp_path, host=HOST, env=own, path="/healthz")

    with serving("web", servers.web()) as web, serving("live", servers.live()) as live:
        well = {"status": "ok"}

        def ask(port: int, host: str) -> tuple[int, Any]:
            return _get(port, host, "/healthz")

        assert [ask(web.port, host) for host in (HOST, f"alpha.{HOST}")] == [(200, well)] * 2
        assert [ask(live.port, host) for host in (HOST, f"beta.{HOST}")] == [(200, well)] * 2
        assert _get(web.port, f"nobody.{HOST}", "/healthz")[0] == 404

        # the gateway is there, and asks for a token; web does not know the path, which the proxy never sends there
        assert _get(live.port, f"alpha.{HOST}", ATTEMPT)[0] == 401
        assert _get(web.port, f"alpha.{HOST}", ATTEMPT)[0] == 404
