"""Health of the stack: pages over HTTP, worker and beat by their heartbeats in the database."""

import http.client
import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from infra.stack.paths import Paths
from infra.stack.ports import LOOPBACK

WORKER_SECONDS = 90.0
BEAT_SECONDS = 90.0
"""An older heartbeat means that nobody is at work."""


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One part of the stack: whether it works, and a detail for people."""

    ok: bool
    detail: str


def pages(port: int, host: str, *, timeout: float = 5.0) -> HealthCheck:
    """GET /healthz, by address with a Host header: names under .localhost are not resolved outside browsers."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=timeout)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"{host}:{port}"})
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException) as error:
        return HealthCheck(False, f"no answer ({error or type(error).__name__})")
    finally:
        connection.close()
    return HealthCheck(response.status == 200, f"/healthz says {response.status}")


def heartbeats(paths: Paths, env: Mapping[str, str]) -> dict[str, HealthCheck]:
    """Return the health of worker and beat by `manage.py heartbeat_age`."""
    process = subprocess.run(
        [str(paths.python), "manage.py", "heartbeat_age"], cwd=paths.root, env=dict(env), capture_output=True,
        text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if process.returncode:
        lines = process.stderr.strip().splitlines()
        error = HealthCheck(False, f"cannot be asked: {lines[-1] if lines else f'exit {process.returncode}'}")
        return {"worker": error, "beat": error}
    return judge(process.stdout)


def judge(output: str) -> dict[str, HealthCheck]:
    """Turn the command's JSON ({"worker": seconds or null, "beat": seconds or null}) into answers."""
    try:
        ages = json.loads(output.strip().splitlines()[-1])
    except (ValueError, IndexError):
        ages = {}
    limits = {"worker": WORKER_SECONDS, "beat": BEAT_SECONDS}
    return {name: _judge(ages.get(name), limit) for name, limit in limits.items()}


def _judge(age: object, limit: float) -> HealthCheck:
    if not isinstance(age, int | float):
        return HealthCheck(False, "has not reported yet")
    return HealthCheck(age <= limit, f"last reported {age:.0f} s ago")
