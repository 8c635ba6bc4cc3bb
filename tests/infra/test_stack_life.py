"""The whole stack as a person has it: up, killed, up again, down; with a state folder of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from infra.stack import processes, record
from infra.stack.paths import ROOT
from infra.stack.record import Run

PARTS = ["postgres", "web", "worker"]
OURS = ("NUOXING_", "DATABASE_URL", "STRIPE_", "REDIS_URL", "DJANGO_")


class RunningStack:
    """./nuoxing on a state folder of its own; set-up is done already, or no test would run."""

    def __init__(self, home: Path) -> None:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.home = home
        self.env = {**inherited, "NUOXING_STACK_HOME": str(home)}
        self.ups: list[subprocess.Popen[str]] = []

    @property
    def run(self) -> Run:
        return record.read(self.home / "run.json")

    def __call__(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self._argv(*arguments), cwd=ROOT, env=self.env, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip

    def _argv(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "infra.stack", *arguments]

    def up(self) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            self._argv("up", "--port", "18000"), cwd=ROOT, env=self.env, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        self.ups.append(process)
        assert process.stdout is not None
        output = ""
        for line in process.stdout:
            output += line
            if "Ctrl-C stops it" in line:
                return process
        raise AssertionError(output)

    def is_well_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self("status").returncode == 0:
                return True
            time.sleep(0.5)
        return False

    def kill(self, name: str) -> None:
        os.kill(self.run.parts[name].pid, signal.SIGKILL)

    def leftovers(self) -> list[processes.Identity]:
        return processes.carrying(str(self.home))


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[RunningStack]:
    running = RunningStack(tmp_path / "state")
    yield running
    running("reset", "--yes")
    for process in running.ups:
        process.kill()
        process.communicate()


def test_with_nothing_running_the_commands_say_so(stack: RunningStack) -> None:
    answers = {name: stack(name) for name in ("status", "down", "code", "walk")}

    assert {name: answer.returncode for name, answer in answers.items()} == {
        "status": 3,
        "down": 0,
        "code": 1,
        "walk": 1,
    }
    assert answers["status"].stdout == answers["down"].stdout == "Nothing is running.\n"
    assert "./nuoxing up --demo" in answers["walk"].stderr


def test_an_unknown_command_gets_the_usage(stack: RunningStack) -> None:
    answer = stack("frobnicate")

    assert answer.returncode == 2
    assert "up [--demo] [--port N]" in answer.stderr


def test_reset_asks_and_changes_nothing_without_an_answer(stack: RunningStack) -> None:
    stack.home.mkdir()
    (stack.home / "secrets.env").write_text("kept", encoding="ascii")

    assert stack("reset").returncode == 1
    assert (stack.home / "secrets.env").read_text(encoding="ascii") == "kept"

    (stack.home / "not-ours").touch()
    assert stack("reset", "--yes").returncode == 0
    assert [path.name for path in stack.home.iterdir()] == ["not-ours"]


@pytest.mark.stack
@pytest.mark.long
def test_whatever_is_killed_nothing_is_lost(stack: RunningStack) -> None:
    first = stack.up()
    assert sorted(stack.run.parts) == sorted(PARTS)
    assert stack.is_well_within(30)
    again = stack("up")
    assert again.returncode == 0
    assert f"already runs at {stack.run.address}" in again.stdout

    with psycopg.connect(stack.run.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'kept' AS word")
    before = stack.run.parts
    for name in PARTS:
        stack.kill(name)
    assert stack.is_well_within(60)
    assert all(stack.run.parts[name].identity != before[name].identity for name in PARTS)

    first.kill()
    first.wait()
    assert stack("status").returncode == 1
    orphans = [part.identity for part in stack.run.parts.values()]
    assert all(map(processes.is_alive, orphans))

    second = stack.up()
    assert not any(map(processes.is_alive, orphans))
    assert stack.is_well_within(30)
    with psycopg.connect(stack.run.database_url) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("kept",)]

    parts = [part.identity for part in stack.run.parts.values()]
    assert stack("down").returncode == 0
    assert second.wait(timeout=30) == 0
    assert not any(map(processes.is_alive, parts))
    assert stack.leftovers() == []
    assert stack("status").returncode == 3


@pytest.mark.stack
@pytest.mark.long
def test_another_programs_port_is_left_to_it(stack: RunningStack) -> None:
    other = subprocess.Popen(
        [sys.executable, "-m", "http.server", "18000", "--bind", "127.0.0.1"], stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(1)
        up = stack.up()
        assert re.fullmatch(r"http://nuoxing\.localhost:180\d\d/", stack.run.address)
        assert stack.run.port != 18000
        assert json.loads((stack.home / "run.json").read_text(encoding="utf-8"))["phase"] == "running"
        up.send_signal(signal.SIGINT)
        assert up.wait(timeout=30) == 0
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
