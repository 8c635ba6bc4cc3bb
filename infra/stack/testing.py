"""`./nuoxing test`: everything that decides whether a commit is good, each under its heading, all in one run."""

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from infra.stack import browser, environment, frontend, locking, node, setup
from infra.stack.paths import Paths
from infra.stack.postgres import Cluster
from infra.stack.progress import Interrupted, StackError, say, step, stop_requested
from infra.stack.record import Run

PASSED_VARIABLES = {
    "NUOXING_REQUIRE_BROWSER",
    "NUOXING_CHROMIUM",
    "NUOXING_TEST_DB",
    "NUOXING_STACK_HOME",
    "NUOXING_UPGRADE_FROM",
    "NUOXING_SCREENS",
    "NUOXING_RUNNING_STACK",
}
"""Variables passed on to the tests; all others that begin like a setting of ours would make them differ by machine."""

MOST_WORKERS = 4
"""More would only wait for one another: a run's longest chain is one stack in a browser."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The checks to run, and the arguments for pytest."""

    only: tuple[str, ...] = ()
    everything: bool = False
    pytest: tuple[str, ...] = ()


class Tests:
    """One run of the checks, on a state folder and a database of their own."""

    def __init__(self, paths: Paths, choice: Choice) -> None:
        self.paths = paths.within("test")
        self.choice = choice
        self.env: dict[str, str] = {}
        self.checks: dict[str, Callable[[], int]] = {
            "ruff": self.ruff,
            "mypy": self.mypy,
            "imports": self.imports,
            "frontend": self.frontend,
            "pytest": self.pytest,
        }

    def run(self) -> int:
        """Run every check chosen, also after one has failed; status 1 if any did. pytest comes last, its words last."""
        self.paths.make_state()
        failed = []
        with ExitStack() as stack:
            stack.enter_context(locking.locked(self.paths.state / "run.lock", waiting=_say_waiting))
            self._set_up(stack)
            for name in self.checks:
                if self.choice.only and name not in self.choice.only:
                    continue
                began = time.monotonic()
                say(f"\n=== {name} ===")
                if self.checks[name]():
                    failed.append(name)
                if name != "pytest":
                    say(f"=== {name}: {'FAILED' if name in failed else 'passed'}, {time.monotonic() - began:.1f} s ===")
        if failed:
            say(f"FAILED: {', '.join(failed)}", to_stderr=True)
        return 1 if failed else 0

    def _set_up(self, stack: ExitStack) -> None:
        url = os.environ.get("DATABASE_URL")
        wants_pytest = not self.choice.only or "pytest" in self.choice.only
        if not url:
            cluster = Cluster(self.paths.cluster, venv=self.paths.venv, durable=False)
            url = cluster.url("postgres")
            if wants_pytest:
                with step("PostgreSQL for the tests"):
                    stack.enter_context(cluster.running())
        inherited = {name: value for name, value in environment.plain().items() if _may_pass(name)}
        run = Run(port=8000, database_url=url)
        self.env = environment.for_stack(self.paths, run, inherited)
        if wants_pytest:
            self.env |= browser.settings(self.paths)

    def ruff(self) -> int:
        """Lint, and that the layout is ruff's."""
        program = str(self.paths.venv / "bin" / "ruff")
        return max(
            self._call([program, "check", "--output-format", "concise", "."]),
            self._call([program, "format", "--check", "--output-format", "concise", "."]),
        )

    def mypy(self) -> int:
        """Types, strictly."""
        return self._call([str(self.paths.python), "-m", "mypy"])

    def imports(self) -> int:
        """The import contracts."""
        return self._call([str(self.paths.venv / "bin" / "lint-imports")])

    def frontend(self) -> int:
        """The Chinese words and the front end: that both can be built, its types, its own tests."""
        if not (self.paths.frontend / "package.json").exists():
            say("no front end")
            return 0
        try:
            setup.catalogue(self.paths)
            frontend.build(self.paths)
        except StackError as error:
            say(str(error))
            return 1
        toolchain = node.find(self.paths.venv, self.env)
        npm = [*toolchain.npm, "--prefix", str(self.paths.frontend)]
        return max(self._call([*npm, "run", "check"], toolchain.env), self._call([*npm, "test"], toolchain.env))

    def pytest(self) -> int:
        """The tests; a missing browser is a failure where one is required."""
        required = self.env.get("NUOXING_REQUIRE_BROWSER") == "1"
        if required and "NUOXING_CHROMIUM" not in self.env:
            say("No Chromium, and NUOXING_REQUIRE_BROWSER=1: this run cannot pass.")
        selection = [] if self.choice.everything else ["-m", "not long"]
        argv = ["-m", "pytest", *spread(self.choice.pytest), *selection, *self._border(), *self.choice.pytest]
        code = self._call([str(self.paths.python), *argv])
        return code or int(required and "NUOXING_CHROMIUM" not in self.env)

    def _border(self) -> list[str]:
        """Count, with `--all`, the rows that cross from app to app; only with every test can a name be one too many."""
        if not self.choice.everything:
            return []
        return ["-p", "support.border", *([] if self.choice.pytest else ["--border-whole"])]

    def _call(self, argv: Sequence[str], env: dict[str, str] | None = None) -> int:
        """Run a check with its words on our terminal; its status. Ctrl-C ends it and the whole run."""
        process = subprocess.Popen(argv, cwd=self.paths.root, env=env or self.env, stdin=subprocess.DEVNULL)
        while True:
            try:
                return process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                if not stop_requested.is_set():
                    continue
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            raise Interrupted


def spread(words: Sequence[str]) -> list[str]:
    """How pytest spreads the tests over the cores: all of them, but for one file; a later `-n` among the words wins.

    Each worker has a database of its own, whose making a single file is not worth twice.
    """
    named = [word.partition("::")[0] for word in words if not word.startswith("-")]
    if len(named) == 1 and named[0].endswith(".py"):
        return []
    return ["-n", "logical", "--maxprocesses", str(MOST_WORKERS), "--dist", "loadscope"]


def _may_pass(name: str) -> bool:
    return name in PASSED_VARIABLES or not name.startswith(("NUOXING_", "STRIPE_", "REDIS_URL"))


def parse_checks(names: Sequence[str]) -> tuple[str, ...]:
    """The checks of these names; refuses an unknown one."""
    checks = ("ruff", "mypy", "imports", "frontend", "pytest")
    for name in names:
        if name not in checks:
            raise StackError(f"There is no check {name!r}; there are {', '.join(checks)}.")
    return tuple(names)


def _say_waiting() -> None:
    say("  .... another ./nuoxing test runs in this checkout; waiting for it")
