"""Command line of the benches: `python -m infra.bench NAME [--json] [--seed N] [--against REVISION] | --list`."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from infra.bench import against, revisions, up
from infra.bench.database import bench_database
from infra.bench.report import Report, Target, is_busy
from infra.stack.progress import StackError, replace_unprintable, say

BENCHES = {
    "answers": "acknowledged saves a second of the answer gateway, and what a crash of PostgreSQL loses",
    "board": "the regulator's board from filed facts, with 50 and with 500 institutions",
    "enrolment": "people made known at a counter and 5,000 at once, beside plain inserts",
    "kills": "how soon a code arrives while the worker is killed every six seconds and 5,000 messages wait",
    "pages": "the busiest pages after ten years with 500 institutions, beside one row over DRF",
    "requests": "a request at an institution's host and at the platform's, under granian and under uvicorn",
    "stars": "the yearly stars from 200,000 ratings one by one, and from the monthly counts",
    "tenants": "a schema for one more institution, a deployment for 200 of them, and the roles between them",
    "up": "how soon the stack with its demonstration is ready, what it holds after a walk, how long the tests take",
}
SEED = 20200101


def main(arguments: list[str]) -> int:
    """Run one bench; status 1 when a target that must be met is missed, 2 for a bench that is not known."""
    parser = argparse.ArgumentParser(prog="./nuoxing bench")
    parser.add_argument("name", nargs="?", metavar="NAME", choices=[*BENCHES])
    parser.add_argument("--list", action="store_true", help="name the benches")
    parser.add_argument("--json", action="store_true", help="the result for machines")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--against", metavar="REVISION", help="beside a worktree of that revision, in turns")
    parser.add_argument("--tests", action="store_true", help="up: the test suite too, which is long")
    options = parser.parse_args(arguments)
    if options.list or not options.name:
        for name, description in BENCHES.items():
            say(f"{name:<10}{description}")
        return 0 if options.list else 2
    if is_busy():
        say("  ---- this machine is busy with other things: what follows is too low, ratios too", to_stderr=True)
    report = Report(options.name, options.seed, _targets(options))
    say(report.as_json() if options.json else report.as_table())
    return 1 if report.missed else 0


def _targets(given: argparse.Namespace) -> Sequence[Target]:
    """Measure: `up` by other processes alone, any other bench on a ground, or whole beside an earlier revision."""
    there = revisions.other(given.against) if given.against else None
    if given.name == "up":
        return up.run(there, tests=given.tests)
    if there and given.name == "pages":
        os.environ["NUOXING_BENCH_AGAINST"] = str(there.root)  # it had no such bench: ours is laid into it
    elif there:
        return against.run(given.name, given.seed, there)
    with bench_database(given.name) as ours:
        # Django reads the environment when it is imported, and that is whole only now
        measured: Sequence[Target] = import_module(f"infra.bench.{given.name}").run(ours, given.seed)
        return measured


if __name__ == "__main__":
    replace_unprintable()
    try:
        sys.exit(main(sys.argv[1:]))
    except StackError as error:
        say(str(error), to_stderr=True)
        sys.exit(1)
