"""The commands that are somebody else's program, run with the stack's environment: manage, code, walk, bench."""

import importlib.util
import os
import subprocess
import time
from contextlib import ExitStack

from infra.stack import environment, locking, record
from infra.stack.places import Places
from infra.stack.postgres import Cluster
from infra.stack.preparation import Preparation
from infra.stack.progress import Trouble, say
from infra.stack.record import Run

START_SECONDS = 120.0


def manage(places: Places, arguments: list[str]) -> int:
    """manage.py on the stack's database, which is started for the command's length if the stack does not run."""
    with ExitStack() as held:
        run = _reachable(places, held)
        return _call(places, ["manage.py", *arguments], environment.for_stack(places, run))


def code(places: Places, arguments: list[str]) -> int:
    """The second-factor code of a demonstration account; refused outside the demonstration."""
    if len(arguments) != 1:
        raise Trouble("Say whose: ./nuoxing code ACCOUNT (the table of ./nuoxing up --demo lists the accounts).")
    run = _running(places)
    if not run.demo:
        raise Trouble("Codes are shown for the demonstration only: ./nuoxing up --demo")
    return manage(places, ["totp_code", *arguments])


def walk(places: Places, arguments: list[str]) -> int:
    """The whole life, over HTTP against the running demonstration."""
    run = _running(places)
    if not run.demo:
        raise Trouble("The walk needs the demonstration: ./nuoxing down && ./nuoxing up --demo")
    return _call(places, ["-m", "infra.walk", *arguments], environment.for_stack(places, run))


def bench(places: Places, arguments: list[str]) -> int:
    """A bench, on processes and data of its own: it gets keys and a state folder, never the stack's database."""
    own = places.within("bench")
    own.make_state()
    env = environment.for_stack(own, Run())
    if not os.environ.get("DATABASE_URL"):
        del env["DATABASE_URL"]
    return _call(places, ["-m", "infra.bench", *arguments], env)


def _running(places: Places) -> Run:
    run = record.read(places.run_record)
    if run.phase != "running" or not locking.is_held(places.up_lock):
        raise Trouble("Nothing is running. In another terminal: ./nuoxing up --demo")
    return run


def _reachable(places: Places, held: ExitStack) -> Run:
    """The record of the running stack, or one for a database that is held up for us."""
    run = record.read(places.run_record)
    until = time.monotonic() + START_SECONDS
    while locking.is_held(places.up_lock):
        run = record.read(places.run_record)
        if run.database_url and run.phase in ("starting", "running"):
            return run
        if time.monotonic() > until:
            raise Trouble("The stack that is starting here does not get its database up.")
        time.sleep(0.1)
    outside = os.environ.get("DATABASE_URL")
    if outside:
        run.database_url = outside
        return run
    cluster = Cluster(places.cluster, venv=places.venv)
    first = cluster.major is None
    held.enter_context(cluster.running())
    run.database_url = cluster.url(environment.DATABASE)
    if first:
        Preparation(places, environment.for_stack(places, run)).database()
    return run


def _call(places: Places, arguments: list[str], env: dict[str, str]) -> int:
    """Run it on this terminal, input and all; Ctrl-C is the program's own affair."""
    if arguments[0] == "-m" and importlib.util.find_spec(arguments[1]) is None:
        raise Trouble(f"This checkout has no {arguments[1]}.")
    process = subprocess.Popen([str(places.python), *arguments], cwd=places.root, env=env)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            say()
