"""The commands that look at a stack, or end it, from another terminal: down, status, reset, and a second up."""

import contextlib
import os
import shutil
import signal
import time

from infra.stack import environment, health, locking, orphans, processes, record
from infra.stack.health import HealthCheck
from infra.stack.paths import Paths
from infra.stack.postgres import Cluster
from infra.stack.progress import StackError, say, step
from infra.stack.record import Run

NOTHING_RUNS = 3
STOP_SECONDS = 90.0
READY_SECONDS = 300.0

STATE_ENTRIES = (
    "logs", "files", "static", "static.stamp", "postgres", "beat", "test", "bench", "secrets.env", "run.json",
    "up.lock", "setup.lock", "prepared",
)  # fmt: skip
"""Entries of the state folder that reset deletes: NUOXING_STACK_HOME may have named one that holds more than ours."""


def second_up(paths: Paths, *, demo: bool) -> int:
    """Another `up` holds this checkout: wait until it is ready, say where, and leave it alone."""
    run = record.read(paths.run_record)
    if run.phase == "starting":
        with step("another ./nuoxing up is starting here; waiting for it"):
            until = time.monotonic() + READY_SECONDS
            while locking.is_held(paths.up_lock) and time.monotonic() < until:
                run = record.read(paths.run_record)
                if run.phase == "running":
                    break
                time.sleep(0.2)
    if run.phase != "running":
        raise StackError(f"Another ./nuoxing up of this checkout is {run.phase}. Try again in a moment.")
    say(f"Nuoxing already runs at {run.address}  (pid {run.supervisor.pid if run.supervisor else '?'})")
    if demo and not run.demo:
        say("It runs without the demonstration; for that: ./nuoxing down && ./nuoxing up --demo")
    return 0


def down(paths: Paths) -> int:
    """Stop the running stack, or what a killed one left. Nothing running is fine too."""
    if not locking.is_held(paths.up_lock):
        return _down_without_supervisor(paths)
    run = record.read(paths.run_record)
    if run.supervisor is None or not processes.is_alive(run.supervisor.identity):
        raise StackError("A ./nuoxing up is just beginning or ending here. Try again in a moment.")
    try:
        os.kill(run.supervisor.pid, signal.SIGTERM)
    except PermissionError:
        raise StackError(
            "This stack was started by another account; only that account, or root, can stop it."
        ) from None
    with step("stopping"):
        until = time.monotonic() + STOP_SECONDS
        while locking.is_held(paths.up_lock):
            if time.monotonic() > until:
                raise StackError(
                    f"The supervisor (pid {run.supervisor.pid}) has not stopped within {STOP_SECONDS:.0f} s."
                )
            time.sleep(0.1)
    say("Stopped.")
    return 0


def _down_without_supervisor(paths: Paths) -> int:
    run = record.read(paths.run_record)
    names = orphans.left_by(run, paths)
    if not names:
        say("Nothing is running.")
        return 0
    with step(f"ending what a killed supervisor left: {', '.join(names)}"):
        orphans.end(run, paths)
    run.phase, run.supervisor, run.parts = "stopped", None, {}
    run.write(paths.run_record)
    say("Stopped.")
    return 0


def status(paths: Paths) -> int:
    """Status 0 only when pages, worker and beat answer; 3 when nothing runs, 1 when something is amiss."""
    run = record.read(paths.run_record)
    if not locking.is_held(paths.up_lock):
        names = orphans.left_by(run, paths)
        if names:
            say(f"The supervisor is gone, but these are left: {', '.join(names)}.")
            say("./nuoxing up takes over, ./nuoxing down ends them.")
            return 1
        say("Nothing is running.")
        return NOTHING_RUNS
    answers = _answers(paths, run)
    say(f"{run.phase}  {run.address}{'  with the demonstration' if run.demo else ''}")
    for name, answer in answers.items():
        say(f"  {'ok' if answer.ok else 'FAIL':<4}  {name:<9} {answer.detail}")
    return 0 if run.phase == "running" and all(answer.ok for answer in answers.values()) else 1


def _answers(paths: Paths, run: Run) -> dict[str, HealthCheck]:
    answers = {}
    for name, part in run.parts.items():
        if name not in ("worker", "beat"):
            alive = processes.is_alive(part.identity)
            answers[name] = HealthCheck(alive, f"pid {part.pid}" if alive else f"pid {part.pid} is gone")
    answers["pages"] = health.pages(run.port, run.host)
    if run.phase == "running":
        answers |= health.heartbeats(paths, environment.for_stack(paths, run))
    return answers


def reset(paths: Paths, *, sure: bool) -> int:
    """Stop the stack and delete its state: database, files, keys and logs. Asks first, unless told to be sure."""
    if not paths.state.exists():
        say("There is no state to remove.")
        return 0
    if not sure:
        say(f"This deletes the database, the uploaded files, the keys and the logs in {paths.state}.")
        try:
            answer = input("Type 'reset' to go on: ")
        except EOFError:
            answer = ""
        if answer.strip() != "reset":
            say("Nothing was changed. (./nuoxing reset --yes does not ask.)")
            return 1
    down(paths)
    with step("removing the state"):
        for cluster in (paths.cluster, paths.within("test").cluster):
            if cluster.exists():
                _remove_cluster(Cluster(cluster, venv=paths.venv))
        for name in STATE_ENTRIES:
            path = paths.state / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            paths.state.rmdir()
    if os.environ.get("DATABASE_URL"):
        say("The database of DATABASE_URL was left as it is.")
    return 0


def _remove_cluster(cluster: Cluster) -> None:
    running = cluster.postmaster()
    if running:
        cluster.stop(running)
    cluster.remove()
