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
from infra.stack.places import ROOT
from infra.stack.record import Run

PARTS = ["postgres", "web", "worker", "beat"]
OURS = ("NUOXING_", "DATABASE_URL", "STRIPE_", "REDIS_URL", "DJANGO_")


class House:
    """./nuoxing on a state folder of its own; set-up is done already, or no test would run."""

    def __init__(self, home: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.home = home
        self.env = {**kept, "NUOXING_STACK_HOME": str(home)}
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
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl-C stops it" in line:
                return process
        raise AssertionError(said)

    def is_well_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self("status").returncode == 0:
                return True
            time.sleep(0.5)
        return False

    def kill(self, name: str) -> None:
        os.kill(self.run.parts[name].pid, signal.SIGKILL)

    def left(self) -> list[processes.Identity]:
        return processes.carrying(str(self.home))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "state")
    yield made
    made("reset", "--yes")
    for process in made.ups:
        process.kill()
        process.communicate()


def test_with_nothing_running_the_commands_say_so(house: House) -> None:
    answers = {name: house(name) for name in ("status", "down", "code", "walk")}

    assert {name: answer.returncode for name, answer in answers.items()} == {
        "status": 3,
        "down": 0,
        "code": 1,
        "walk": 1,
    }
    assert answers["status"].stdout == answers["down"].stdout == "Nothing is running.\n"
    assert "./nuoxing up --demo" in answers["walk"].stderr


def test_an_unknown_command_gets_the_usage(house: House) -> None:
    answer = house("frobnicate")

    assert answer.returncode == 2
    assert "up [--demo] [--port N]" in answer.stderr


def test_reset_asks_and_changes_nothing_without_an_answer(house: House) -> None:
    house.home.mkdir()
    (house.home / "secrets.env").write_text("kept", encoding="ascii")

    assert house("reset").returncode == 1
    assert (house.home / "secrets.env").read_text(encoding="ascii") == "kept"

    (house.home / "not-ours").touch()
    assert house("reset", "--yes").returncode == 0
    assert [path.name for path in house.home.iterdir()] == ["not-ours"]


@pytest.mark.stack
@pytest.mark.long
def test_whatever_is_killed_nothing_is_lost(house: House) -> None:
    first = house.up()
    assert sorted(house.run.parts) == sorted(PARTS)
    assert house.is_well_within(30)
    again = house("up")
    assert again.returncode == 0
    assert f"already runs at {house.run.address}" in again.stdout

    with psycopg.connect(house.run.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'kept' AS word")
    before = house.run.parts
    for name in PARTS:
        house.kill(name)
    assert house.is_well_within(60)
    assert all(house.run.parts[name].identity != before[name].identity for name in PARTS)

    first.kill()
    first.wait()
    assert house("status").returncode == 1
    orphans = [part.identity for part in house.run.parts.values()]
    assert all(map(processes.is_alive, orphans))

    second = house.up()
    assert not any(map(processes.is_alive, orphans))
    assert house.is_well_within(30)
    with psycopg.connect(house.run.database_url) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("kept",)]

    parts = [part.identity for part in house.run.parts.values()]
    assert house("down").returncode == 0
    assert second.wait(timeout=30) == 0
    assert not any(map(processes.is_alive, parts))
    assert house.left() == []
    assert house("status").returncode == 3


@pytest.mark.stack
@pytest.mark.long
def test_another_programs_port_is_left_to_it(house: House) -> None:
    other = subprocess.Popen(
        [sys.executable, "-m", "http.server", "18000", "--bind", "127.0.0.1"], stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(1)
        up = house.up()
        assert re.fullmatch(r"http://nuoxing\.localhost:180\d\d/", house.run.address)
        assert house.run.port != 18000
        assert json.loads((house.home / "run.json").read_text(encoding="utf-8"))["phase"] == "running"
        up.send_signal(signal.SIGINT)
        assert up.wait(timeout=30) == 0
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
