"""A process is its pid and its start time; what is not ours is never touched."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.stack import children, processes
from infra.stack.processes import Identity

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = [
    sys.executable,
    "-c",
    f"import subprocess, time; subprocess.Popen({SLEEPER!r}); print('ready', flush=True); time.sleep(60)",
]


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(SLEEPER, start_new_session=True, env={**os.environ, processes.MARK: "/ours"})
    until = time.monotonic() + 5
    while time.monotonic() < until and "time.sleep" not in processes.command_line(process.pid):
        time.sleep(0.01)
    yield process
    process.kill()
    process.wait()


def test_a_process_is_told_from_a_later_one_of_the_same_pid(sleeper: subprocess.Popen[bytes]) -> None:
    who = processes.identify(sleeper.pid)
    assert who is not None

    assert processes.is_alive(who)
    assert not processes.is_alive(Identity(sleeper.pid, "1"))


def test_nobody_and_the_dead_have_no_identity(sleeper: subprocess.Popen[bytes]) -> None:
    assert processes.identify(2**22 + 1) is None

    sleeper.kill()
    until = time.monotonic() + 5
    while processes.identify(sleeper.pid) and time.monotonic() < until:
        time.sleep(0.01)

    assert processes.identify(sleeper.pid) is None
    assert processes.is_leaving(sleeper.pid)


def test_ending_spares_a_process_that_only_has_the_same_pid(sleeper: subprocess.Popen[bytes]) -> None:
    assert processes.end([(Identity(sleeper.pid, "1"), signal.SIGTERM, 0.2)], "/ours") == 0
    assert sleeper.poll() is None


def test_ending_spares_a_process_without_our_mark(sleeper: subprocess.Popen[bytes]) -> None:
    who = processes.identify(sleeper.pid)
    assert who is not None

    assert processes.end([(who, signal.SIGTERM, 0.2)], "/somebody/else") == 0
    assert sleeper.poll() is None


def test_ending_stops_ours(sleeper: subprocess.Popen[bytes]) -> None:
    who = processes.identify(sleeper.pid)
    assert who is not None

    assert processes.end([(who, signal.SIGTERM, 5.0)], "/ours") == 1
    assert sleeper.wait(timeout=5) == -signal.SIGTERM


def test_the_orphans_of_a_killed_parent_are_found_by_session_and_mark() -> None:
    parent = subprocess.Popen(
        PARENT, start_new_session=True, stdout=subprocess.PIPE, env={**os.environ, processes.MARK: "/ours"}
    )
    assert parent.stdout is not None
    parent.stdout.readline()
    who = processes.identify(parent.pid)
    assert who is not None
    until = time.monotonic() + 5  # a process that has just begun may not yet show what it carries
    while len(members := processes.session_of(who, "/ours")) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(members) == 2

    parent.kill()
    parent.wait()
    parent.stdout.close()
    orphans = processes.session_of(who, "/ours")

    assert [orphan.pid == parent.pid for orphan in orphans] == [False]
    assert processes.end([(who, signal.SIGTERM, 0.1)], "/ours") == 1
    assert not processes.is_alive(orphans[0])


def test_a_killed_child_is_started_again_after_a_pause(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spawn = children.spawner(SLEEPER, env=os.environ, cwd=tmp_path, log=tmp_path / "log")
    child = children.Child("sleeper", spawn, mark="/ours")
    child.start()
    first = child.part
    assert first is not None
    assert not child.restart_if_due()

    os.kill(first.pid, signal.SIGKILL)
    until = time.monotonic() + 5
    while not child.restart_if_due() and time.monotonic() < until:
        time.sleep(0.01)
    second = child.part

    assert second is not None
    assert second.identity != first.identity
    assert "sleeper was killed by SIGKILL; it is started again in 0.5 s" in capsys.readouterr().out
    child.ask_to_stop()
    child.finish(hurry=lambda: False)
    assert child.part is None
    assert not processes.is_alive(second.identity)


def test_the_pause_doubles_up_to_ten_seconds() -> None:
    assert [children.pause_after(exits) for exits in (0, 1, 2, 5, 100)] == [0.5, 1.0, 2.0, 10.0, 10.0]


def test_a_child_that_is_killed_again_and_again_waits_no_longer_each_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spawn = children.spawner(SLEEPER, env=os.environ, cwd=tmp_path, log=tmp_path / "log")
    child = children.Child("sleeper", spawn, mark="/ours")
    child.start()
    for _ in range(3):
        part = child.part
        assert part is not None
        os.kill(part.pid, signal.SIGKILL)
        until = time.monotonic() + 10
        while not child.restart_if_due() and time.monotonic() < until:
            time.sleep(0.01)
    assert capsys.readouterr().out.count("it is started again in 0.5 s") == 3
    child.ask_to_stop()
    child.finish(hurry=lambda: False)
