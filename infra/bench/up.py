"""`up`: how soon `./nuoxing up --demo` is ready from nothing, and what the stack holds after one walk.

From an empty state folder with the packages there: ready is when the home page answers and the demonstration is whole,
so that `./nuoxing walk` can start. Memory is the PSS of the supervisor and of all that it started, PostgreSQL too.
"""

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from infra.bench import existing, footprint, revisions, servers
from infra.bench.database import state_folder
from infra.bench.report import Target, ratio
from infra.bench.revisions import Checkout
from infra.stack import ports, record
from infra.stack.progress import StackError, say

PAIRS = 2
UP_SECONDS = 1200.0
STOP_SECONDS = 90.0
SETTLED_SECONDS = 3.0
NO_OTHER = "./nuoxing bench up --against REVISION"
NOT_ASKED = "./nuoxing bench up --against REVISION --tests"
NO_PSS = "this system does not tell what a process holds and uses"


@dataclass(frozen=True, slots=True)
class Round:
    """One start from nothing with one walk."""

    ready: float
    processor: float | None
    memory: float | None


def run(there: Checkout | None, *, tests: bool) -> list[Target]:
    """Start, walk and stop each side in turns; with `tests` the suite too, once a side."""
    here = revisions.this()
    ours, theirs = [], []
    for n in range(1, PAIRS + 1):
        ours.append(_round(here, n))
        if there:
            theirs.append(_round(there, n))
    return [*_ratios(ours, theirs), *_plain("", ours), *_plain("against_", theirs), *_tests(here, there, tests=tests)]


def _ratios(ours: Sequence[Round], theirs: Sequence[Round]) -> list[Target]:
    both = list(zip(ours, theirs, strict=False))
    memory = [(one.memory, other.memory) for one, other in both if one.memory and other.memory]
    ready = [(one.ready, other.ready) for one, other in both]
    processor = [(one.processor, other.processor) for one, other in both if one.processor and other.processor]
    return [
        Target(
            "memory_ratio", ratio(memory) if memory else None, "x", must=0.62, goal=0.45, sense="<=",
            why=NO_PSS if both else NO_OTHER,
        ),
        Target("ready_ratio", ratio(ready) if ready else None, "x", must=0.5, goal=0.35, sense="<=", why=NO_OTHER),
        Target("ready_processor_ratio", ratio(processor) if processor else None, "x", why=NO_OTHER),
    ]  # fmt: skip


def _plain(prefix: str, rounds: Sequence[Round]) -> list[Target]:
    if not rounds:
        return []
    memory = [one.memory for one in rounds if one.memory is not None]
    used = [one.processor for one in rounds if one.processor is not None]
    return [
        Target(f"{prefix}memory", median(memory) if memory else None, "MB", why=NO_PSS),
        Target(f"{prefix}ready", median(one.ready for one in rounds), "s"),
        Target(f"{prefix}ready_processor", median(used) if used else None, "s", why=NO_PSS),
    ]


def _round(side: Checkout, n: int) -> Round:
    state = state_folder()
    home, log = state.state / f"up-{n}", state.logs / "up.log"
    reservation = ports.reserve_near(18800)
    reservation.release()
    say(f"  .... up --demo and walk of {side.name}, {n} of {PAIRS}", to_stderr=True)
    side.call("reset", "--yes", home=home)
    began = time.monotonic()
    process = side.start("up", "--demo", "--port", str(reservation.port), home=home, log=log)
    try:
        _await(process, home, log)
        ready = time.monotonic() - began
        processor = footprint.processor_seconds(footprint.tree(process.pid))
        side.call("walk", "--json", home=home)
        time.sleep(SETTLED_SECONDS)
        memory = footprint.megabytes(footprint.tree(process.pid))
    finally:
        _stop(process)
        side.call("reset", "--yes", home=home)
    return Round(ready, processor, memory)


def _await(process: "subprocess.Popen[bytes]", home: Path, log: Path) -> None:
    """Wait until the record says that all is loaded and the home page answers."""
    until = time.monotonic() + UP_SECONDS
    while process.poll() is None and time.monotonic() < until:
        run = record.read(home / "run.json")
        if run.phase == "running" and servers.status_of(run.port, run.host, "/") == http.client.OK:
            return
        time.sleep(0.1)
    tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
    raise StackError(f"The stack does not come up. {log} ends with:\n{tail}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tests(here: Checkout, there: Checkout | None, *, tests: bool) -> list[Target]:
    """Run the suite of the other side, and here those of its tests that still go by their names.

    What was renamed since is not run here; its share of the time is added, so that the ratio is not flattered.
    """
    if not there or not tests:
        return [Target("test_ratio", None, "x", must=0.7, goal=0.55, sense="<=", why=NOT_ASKED)]
    wanted = existing.names(there.call("test", "--only", "pytest", "--collect-only", "-q"))
    listed = state_folder().state / "existing-tests"
    listed.write_text("\n".join(sorted(wanted)), encoding="utf-8")
    left = existing.names(here.call("test", "--only", "pytest", "--collect-only", "-q")) & wanted
    os.environ[existing.LIST] = str(listed)
    with revisions.two_processors():
        theirs = _timed(lambda: there.call("test", "--only", "pytest", "-q", statuses=(0, 1)))
        ours = _timed(
            lambda: here.call("test", "--only", "pytest", "-q", "-p", "infra.bench.existing", statuses=(0, 1))
        )
    share = len(left) / len(wanted)
    return [
        Target("test_ratio", ours / share / theirs, "x", must=0.7, goal=0.55, sense="<="),
        Target("tests", ours, "s"),
        Target("against_tests", theirs, "s"),
        Target("tests_by_name", share, "of the tests that there were"),
    ]


def _timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
