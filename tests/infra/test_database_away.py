"""PostgreSQL goes away and comes back: every process says so meanwhile, and goes on by itself.

The server is the test's own, and is really stopped and started.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infra.bench import servers
from infra.stack import paths, processes
from infra.stack.database import install_queue, make_database
from infra.stack.postgres import Cluster

pytestmark = [pytest.mark.stack, pytest.mark.long]
HOST, SCHOOL = "nuoxing.localhost", "bench0000.nuoxing.localhost"
PATIENCE = 30.0
PREPARE = """
from infra.bench import fixtures
from kernel.db.schemas import building
with fixtures.shared_tables():
    for row in fixtures.institutions(1):
        building.build_schema(row.schema_name)
"""
ATTEMPT = "/live/attempts/00000000-0000-7000-8000-000000000001/state/"
WORKER = [
    "-m", "celery", "-A", "config.celery", "worker", "--loglevel", "WARNING", "--pool", "threads", "--concurrency", "2",
    "--without-gossip", "--without-mingle", "--beat-thread",
]  # fmt: skip


class Server:
    """PostgreSQL, which the test stops and starts."""

    def __init__(self, folder: Path) -> None:
        """Make it, empty."""
        self.cluster = Cluster(folder, venv=paths.ROOT / ".venv", durable=False)
        self.url = self.cluster.url("away")
        self._child = self.cluster.start()
        make_database(self.url)
        install_queue(self.url)

    def stop(self, how: int) -> None:
        """Stop it by a signal, and wait until it is gone."""
        who = self.cluster.postmaster()
        assert who is not None
        processes.send([who], how)
        self._child.wait(timeout=PATIENCE)

    def start(self) -> None:
        """Start it again."""
        self._child = self.cluster.start()

    def remove(self) -> None:
        """Stop it for good."""
        if self._child.poll() is None:
            self.stop(signal.SIGINT)
        self.cluster.remove()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the shared tables and one institution."""
    folder = tmp_path_factory.mktemp("away")
    folder.chmod(0o711)
    one = Server(folder)
    try:
        env = os.environ | _environment(one.url, folder)
        subprocess.run([sys.executable, "-c", PREPARE], cwd=paths.ROOT, env=env, check=True, timeout=300)
        yield one
    finally:
        one.remove()


def _environment(url: str, state: Path, shape: str = "embedded") -> dict[str, str]:
    return {
        "DATABASE_URL": url, "NUOXING_STATE": str(state), "NUOXING_HOST": HOST, "NUOXING_DEMO": "0",
        "NUOXING_DEMO_CLOCK": "0", "NUOXING_SHAPE": shape, "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip


def _ask(port: int, host: str, path: str, *, accept: str = "text/html", method: str = "GET") -> tuple[int, Any, str]:
    """Return the status, the headers and the text of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        headers = {"Host": f"{host}:{port}", "Accept": accept, "Accept-Language": "en"}
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


@contextmanager
def _serving(shape: str, server: Server, folder: Path) -> Iterator[int]:
    command = servers.web() if shape == "web" else servers.live()
    env = _environment(server.url, folder, shape)
    with servers.serving(shape, command, logs=folder, host=HOST, env=env, path="/healthz") as one:
        yield one.port


def _until(what: Callable[[], bool], seconds: float) -> float:
    """Return how many seconds it took until something holds."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds, "it never came"
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.parametrize("shape", ["web", "embedded"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_pages_say_that_the_database_is_away_and_go_on_when_it_is_back(
    server: Server, tmp_path: Path, shape: str, how: int
) -> None:
    pages = [(HOST, "/verify/x/"), (SCHOOL, "/"), (HOST, "/institutions/")]
    with _serving(shape, server, tmp_path) as port:
        before = [_ask(port, host, path)[0] for host, path in pages]
        assert max(before) < 500
        server.stop(how)
        for host, path in pages:
            began = time.monotonic()
            status, headers, text = _ask(port, host, path)
            assert (status, headers["Retry-After"], "Please wait a moment" in text) == (503, "5", True)
            assert time.monotonic() - began < 3
            status, headers, text = _ask(port, host, path, accept="application/json")
            assert (status, headers["Retry-After"], json.loads(text)["code"]) == (503, "5", "database-away")
        status, headers, text = _ask(port, HOST, "/healthz")
        assert (status, headers["Retry-After"], json.loads(text)) == (503, "5", {"status": "database-away"})
        assert _ask(port, HOST, "/api/v1/institutions/", accept="application/json")[0] == 503
        assert _ask(port, HOST, "/static/error.css")[0] in (200, 404)  # what asks no database is served as ever
        server.start()
        assert _until(lambda: _ask(port, HOST, "/healthz")[0] == 200, PATIENCE) < 3
        assert [_ask(port, host, path)[0] for host, path in pages * 6] == before * 6


def test_no_visitor_meets_a_restart_that_is_over(server: Server, tmp_path: Path) -> None:
    with _serving("embedded", server, tmp_path) as port:
        assert [_ask(port, HOST, "/institutions/")[0] for _visit in range(5)] == [200] * 5
        server.stop(signal.SIGQUIT)
        server.start()
        assert [_ask(port, HOST, "/institutions/")[0] for _visit in range(20)] == [200] * 20


def test_the_live_gateway_says_later_and_goes_on(server: Server, tmp_path: Path) -> None:
    with _serving("live", server, tmp_path) as port:
        assert _ask(port, SCHOOL, ATTEMPT)[0] == 401
        server.stop(signal.SIGQUIT)
        status, headers, text = _ask(port, "unknown.nuoxing.localhost", ATTEMPT)
        assert (status, headers["Retry-After"], json.loads(text)["code"]) == (503, "1", "unavailable")
        server.start()
        assert _until(lambda: _ask(port, "unknown.nuoxing.localhost", ATTEMPT)[0] == 404, PATIENCE) < 3


def test_worker_and_beat_go_on_by_themselves(server: Server, tmp_path: Path) -> None:
    with ExitStack() as stack:
        log = stack.enter_context((tmp_path / "worker.log").open("wb"))
        env = os.environ | _environment(server.url, tmp_path)
        command = [sys.executable, *WORKER, str(tmp_path / "schedule")]
        worker = subprocess.Popen(command, cwd=paths.ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
        stack.callback(worker.wait, PATIENCE)
        stack.callback(worker.terminate)
        _until(lambda: set(_heartbeats(server)) == {"worker", "beat"}, PATIENCE)
        server.stop(signal.SIGQUIT)
        time.sleep(8)  # longer than a beat, so that something fails meanwhile
        server.start()
        before = _heartbeats(server)
        _until(lambda: all(_heartbeats(server)[name] > at for name, at in before.items()), PATIENCE)
        assert worker.poll() is None


def _heartbeats(server: Server) -> dict[str, Any]:
    with psycopg.connect(server.url) as connection:
        return dict(connection.execute("SELECT name, beat_at FROM kernel_heartbeat").fetchall())
