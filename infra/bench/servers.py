"""The processes of the deployed shape: pages under granian, the live side under uvicorn, each on a port of its own."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.stack import ports
from infra.stack.paths import ROOT
from infra.stack.ports import LOOPBACK
from infra.stack.processes import PROC
from infra.stack.progress import StackError

START_SECONDS = 60.0
STOP_SECONDS = 15.0
BACKLOG = "8192"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers at this port."""

    name: str
    port: int
    pid: int

    def processor_seconds(self) -> float:
        """Return the processor time that the server and its workers have used; they share the session it opened."""
        ticks = sum(_ticks(folder, self.pid) for folder in PROC.iterdir() if folder.name.isdigit())
        return ticks / os.sysconf("SC_CLK_TCK")


def _ticks(folder: Path, session: int) -> int:
    try:
        fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12]) if int(fields[3]) == session else 0


def web(application: str = "config.wsgi:application", *, workers: int = 1, threads: int = 2) -> list[str]:
    """Return the command of synchronous pages, without its port."""
    return [
        "-m", "granian", "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", str(threads),
        "--backlog", BACKLOG, "--no-access-log", "--log-level", "warning", "--no-ws", "--host", LOOPBACK, application,
    ]  # fmt: skip


def live(application: str = "config.asgi:application") -> list[str]:
    """Return the command of the live side, without its port."""
    return [
        "-m", "uvicorn", application, "--host", LOOPBACK, "--lifespan", "off", "--backlog", BACKLOG,
        "--timeout-graceful-shutdown", "5", "--no-access-log", "--log-level", "warning", "--no-proxy-headers",
    ]  # fmt: skip


@contextmanager
def serving(
    name: str, command: Sequence[str], *, logs: Path, host: str, env: Mapping[str, str] | None = None, path: str
) -> Iterator[Server]:
    """Have a server run for the length of the block; raises StackError where GET `path` is not answered in time."""
    reservation = ports.reserve_near(0)
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{name}.log"
    reservation.release()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *command, "--port", str(reservation.port)], cwd=ROOT, env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(process, reservation.port, host, path, log)
        yield Server(name, reservation.port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, host: str, path: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while status_of(port, host, path) != 200:
        if process.poll() is not None or time.monotonic() > until:
            tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
            raise StackError(f"A server of the bench does not answer. {log.name} ends with:\n{tail}")
        time.sleep(0.1)


def status_of(port: int, host: str, path: str, headers: Mapping[str, str] | None = None) -> int:
    """Return the status of GET `path` at a host served on a port, 0 where nobody answers."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": f"{host}:{port}", **(headers or {})})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
