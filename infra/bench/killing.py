"""Workers that are really killed, and an SMS gateway of our own that keeps what it was sent, in order."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from infra.stack.children import PAUSE_AFTER_KILL, spawner
from infra.stack.paths import ROOT
from infra.stack.ports import LOOPBACK
from infra.stack.supervisor import TICK, worker_arguments

DEPLOYED = [
    "-m", "celery", "-A", "config.celery", "worker", "--concurrency", "2", "--without-gossip", "--without-mingle",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrival:
    """One SMS as the gateway took it."""

    key: str
    to: str
    moment: float


@dataclass(slots=True)
class Gateway:
    """What arrived; `seconds` is how long it takes to say yes, and while not `is_up` it says no to everything."""

    seconds: float = 0.0
    is_up: bool = True
    refused: int = 0
    arrivals: list[Arrival] = field(default_factory=list)
    url: str = ""

    def take(self, body: Mapping[str, str]) -> int:
        """Take one; return the status of the answer. It is taken whether or not the sender lives to hear so."""
        if not self.is_up:
            self.refused += 1
            return 503
        self.arrivals.append(Arrival(body["key"], body["to"], time.monotonic()))
        time.sleep(self.seconds)
        return 202

    def arrived(self, number: str) -> float | None:
        """Return when a number's first message came, None where none has."""
        return next((one.moment for one in list(self.arrivals) if one.to == number), None)

    def sent_again(self) -> int:
        """Return how many messages came a second time, under the same key."""
        return len(self.arrivals) - len({one.key for one in self.arrivals})


@contextmanager
def gateway(seconds: float = 0.0) -> Iterator[Gateway]:
    """Have a gateway for the length of the block."""
    receiver = Gateway(seconds)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            """Be quiet."""

        def do_POST(self) -> None:  # the library's name
            status = receiver.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            try:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
            except OSError:  # the sender was killed meanwhile
                self.close_connection = True

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://{LOOPBACK}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Worker:
    """A worker with everything that it started, killed whenever one likes, and started again as the supervisor does."""

    def __init__(self, state: Path, env: Mapping[str, str], *, deployed: bool = False) -> None:
        arguments = DEPLOYED if deployed else worker_arguments(state / "schedule")
        shape = {"NUOXING_SHAPE": "web"} if deployed else {}
        log = state / "worker.log"
        self._spawn = spawner([sys.executable, *arguments], env={**env, **shape}, cwd=ROOT, log=log)
        self._process: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def start(self) -> None:
        """Start it."""
        self._process = self._spawn()

    def end(self) -> None:
        """Kill it and all that it started."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def kill(self) -> None:
        """Kill it as a server's operator or a lack of memory would, and start another after the supervisor's pause."""
        self.end()
        self.kills += 1
        time.sleep(PAUSE_AFTER_KILL + TICK)
        self.start()


def wait_until(is_so: Callable[[], Any], *, seconds: float) -> bool:
    """Wait until something is so, for so long at most; say whether it is."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
