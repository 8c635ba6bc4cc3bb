"""An earlier revision of this project beside this one: a worktree of its own with an environment of its own.

It lies in the bench's state folder (`against/REVISION`) and stays there, since making it takes a while;
`./nuoxing reset` removes it with the rest.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.bench.database import state_folder
from infra.stack.paths import ROOT
from infra.stack.progress import StackError, say

OURS = ("NUOXING_", "DJANGO_", "STRIPE_", "CELERY_", "MALLOC_")
ALSO_OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH")
PASSED_ON = ("NUOXING_PYTHON", "NUOXING_CHROMIUM")


@dataclass(frozen=True, slots=True)
class Checkout:
    """A working copy with its own `./nuoxing`: an earlier revision, or this one under the same conditions."""

    name: str
    root: Path

    @property
    def python(self) -> Path:
        """Return its own interpreter, with its own packages."""
        return self.root / ".venv" / "bin" / "python"

    def environment(self, home: Path | None = None) -> dict[str, str]:
        """Return what its processes find: nothing of ours; its state lies in `home`, or where it always does."""
        plain = {name: value for name, value in os.environ.items() if not _leads_astray(name)}
        return plain | ({"NUOXING_STACK_HOME": str(home)} if home else {})

    def start(self, *arguments: str, home: Path | None = None, log: Path) -> "subprocess.Popen[bytes]":
        """Start its `./nuoxing` with these arguments; both streams go to a log."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            return subprocess.Popen(
                ["./nuoxing", *arguments], cwd=self.root, env=self.environment(home), stdin=subprocess.DEVNULL,
                stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def call(self, *arguments: str, home: Path | None = None, statuses: Sequence[int] = (0,)) -> str:
        """Run its `./nuoxing` to the end and return what it wrote; refuses (Trouble) another status than these."""
        done = subprocess.run(
            ["./nuoxing", *arguments], cwd=self.root, env=self.environment(home), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode not in statuses:
            tail = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
            raise StackError(f"{self.name}: ./nuoxing {' '.join(arguments)} ended with {done.returncode}:\n{tail}")
        return done.stdout


def _leads_astray(name: str) -> bool:
    return name not in PASSED_ON and (name.startswith(OURS) or name in ALSO_OURS)


def this() -> Checkout:
    """Return this very checkout."""
    return Checkout("here", ROOT)


def other(revision: str) -> Checkout:
    """Return a checkout of a revision, set up so far that its own benches run; refuses what is no revision."""
    sha = _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", words=f"There is no revision {revision}.")
    root = state_folder().state / "against" / sha[:12]
    if not (root / "nuoxing").exists():
        say(f"  .... a worktree of {revision} in {root}", to_stderr=True)
        _git("worktree", "prune")
        _git("worktree", "add", "--detach", "--force", str(root), sha)
    made = Checkout(revision, root)
    say(f"  .... {revision}: its environment", to_stderr=True)
    made.call("bench", "--list")  # any command that wants the packages brings them
    return made


def remove(made: Checkout) -> None:
    """Remove the worktree of another revision; nothing of this checkout."""
    if made.root != ROOT:
        _git("worktree", "remove", "--force", str(made.root))


def _git(*arguments: str, words: str = "") -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise StackError(words or f"git {arguments[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()


@contextmanager
def two_processors() -> Iterator[None]:
    """Let what is started in the block have two processors, however many there are."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(before)[:2]))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
