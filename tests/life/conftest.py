"""A whole running stack, as a newcomer gets it: `./nuoxing up --demo` with a state folder of its own, once for all."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 900
_running: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class RunningStack:
    """The running stack: its port, its sign-ins, and the environment of its commands."""

    port: int
    env: dict[str, str]
    table: dict[str, Any]

    @property
    def secret(self) -> str:
        """The installation's secret, of which the demonstration's second factors are made."""
        lines = (Path(self.env["NUOXING_STACK_HOME"]) / "secrets.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)["NUOXING_SECRET_KEY"].strip("'\"")

    def command(self, *words: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run one of the commands of ./nuoxing against this stack."""
        return subprocess.run(
            [str(ROOT / "nuoxing"), *words], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=timeout
        )


def _environment(state: Path) -> dict[str, str]:
    dropped = ("DATABASE_URL", "NUOXING_", "STRIPE_", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(dropped) or k.startswith("NUOXING_CHROMIUM")}
    return inherited | {"NUOXING_STACK_HOME": str(state), "NUOXING_PYTHON": sys.executable}


def _port(state: Path) -> int:
    return int(json.loads((state / "run.json").read_text())["port"])


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Start the stack with the demonstration, and stop it again; or use the running one whose state folder is named in
    NUOXING_RUNNING_STACK (to try a page again and again)."""
    if running := os.environ.get("NUOXING_RUNNING_STACK"):
        yield RunningStack(_port(Path(running)), _environment(Path(running)), {})
        return
    state = tmp_path_factory.mktemp("stack")
    state.chmod(0o711)
    env = _environment(state)
    log = state / "up.txt"
    with log.open("w") as out:
        up = subprocess.Popen(
            [str(ROOT / "nuoxing"), "up", "--demo", "--port", "8460"], cwd=ROOT, env=env, stdout=out, stderr=out
        )
    _running.append(up)
    try:
        begun = time.monotonic()
        while subprocess.run([str(ROOT / "nuoxing"), "status"], cwd=ROOT, env=env, capture_output=True).returncode:
            if up.poll() is not None or time.monotonic() - begun > PATIENCE:
                pytest.fail(f"the stack did not start:\n{log.read_text()[-3000:]}")
            time.sleep(1)
        table = subprocess.run(
            [str(ROOT / "nuoxing"), "manage", "demo_table"], cwd=ROOT, env=env, capture_output=True, text=True
        )
        yield RunningStack(_port(state), env, json.loads(table.stdout))
    finally:
        _stop()


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Stop the house after the last test that wants it: other tests may come, and need the processor."""
    if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
        _stop()


def _stop() -> None:
    while _running:
        up = _running.pop()
        up.send_signal(signal.SIGTERM)
        up.wait(60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Module by module: while playwright runs, Django takes the thread for an event loop's."""
    program = os.environ.get("NUOXING_CHROMIUM")
    if not program:
        if os.environ.get("NUOXING_REQUIRE_BROWSER") == "1":
            pytest.fail("NUOXING_REQUIRE_BROWSER=1, and NUOXING_CHROMIUM names no browser")
        pytest.skip("no Chromium (NUOXING_CHROMIUM)")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()
