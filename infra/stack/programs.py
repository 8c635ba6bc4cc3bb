"""The commands that are somebody else's program, run with the stack's environment: manage, code, walk, bench."""

import importlib.util
import os
import subprocess
import time
from contextlib import ExitStack

from infra.stack import environment, locking, record
from infra.stack.paths import Paths
from infra.stack.postgres import Cluster
from infra.stack.preparation import Preparation
from infra.stack.progress import StackError, say
from infra.stack.record import Run

START_SECONDS = 120.0


def manage(paths: Paths, arguments: list[str]) -> int:
    """manage.py on the stack's database, which is started for the command's length if the stack does not run."""
    with ExitStack() as stack:
        run = _reachable(paths, stack)
        return _call(paths, ["manage.py", *arguments], environment.for_stack(paths, run))


def code(paths: Paths, arguments: list[str]) -> int:
    """The second-factor code of a demonstration account; refused outside the demonstration."""
    if len(arguments) != 1:
        raise StackError("Say whose: ./nuoxing code ACCOUNT (the table of ./nuoxing up --demo lists the accounts).")
    run = _running(paths)
    if not run.demo:
        raise StackError("Codes are shown for the demonstration only: ./nuoxing up --demo")
    return manage(paths, ["totp_code", *arguments])


def walk(paths: Paths, arguments: list[str]) -> int:
    """The whole life, over HTTP against the running demonstration."""
    run = _running(paths)
    if not run.demo:
        raise StackError("The walk needs the demonstration: ./nuoxing down && ./nuoxing up --demo")
    return _call(paths, ["-m", "infra.walk", *arguments], environment.for_stack(paths, run))


def bench(paths: Paths, arguments: list[str]) -> int:
    """A bench, on processes and data of its own: it gets keys and a state folder, never the stack's database."""
    own = paths.within("bench")
    own.make_state()
    env = environment.for_stack(own, Run())
    if not os.environ.get("DATABASE_URL"):
        del env["DATABASE_URL"]
    return _call(paths, ["-m", "infra.bench", *arguments], env)


def _running(paths: Paths) -> Run:
    run = record.read(paths.run_record)
    if run.phase != "running" or not locking.is_held(paths.up_lock):
        raise StackError("Nothing is running. In another terminal: ./nuoxing up --demo")
    return run


def _reachable(paths: Paths, stack: ExitStack) -> Run:
    """The record of the running stack, or one for a database that is held up for us."""
    run = record.read(paths.run_record)
    until = time.monotonic() + START_SECONDS
    while locking.is_held(paths.up_lock):
        run = record.read(paths.run_record)
        if run.database_url and run.phase in ("starting", "running"):
            return run
        if time.monotonic() > until:
            raise StackError("The stack that is starting here does not get its database up.")
        time.sleep(0.1)
    outside = os.environ.get("DATABASE_URL")
    if outside:
        run.database_url = outside
        return run
    cluster = Cluster(paths.cluster, venv=paths.venv)
    first = cluster.major is None
    stack.enter_context(cluster.running())
    run.database_url = cluster.url(environment.DATABASE)
    if first:
        Preparation(paths, environment.for_stack(paths, run)).database()
    return run


def _call(paths: Paths, arguments: list[str], env: dict[str, str]) -> int:
    """Run it on this terminal, input and all; Ctrl-C is the program's own affair."""
    if arguments[0] == "-m" and importlib.util.find_spec(arguments[1]) is None:
        raise StackError(f"This checkout has no {arguments[1]}.")
    process = subprocess.Popen([str(paths.python), *arguments], cwd=paths.root, env=env)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            say()
