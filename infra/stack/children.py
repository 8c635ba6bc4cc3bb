"""A process of the stack while the supervisor has it: started, looked after, started again, stopped."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from infra.stack import processes
from infra.stack.processes import Identity
from infra.stack.progress import say
from infra.stack.record import Part

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
SETTLED_SECONDS = 20.0
"""A process that has lived so long has shown that it can: its next death starts with a short pause again."""
PAUSE_AFTER_KILL = 0.5
"""Killed from outside it was no fault of its own, however often: those who wait for it do not wait longer each time."""

Spawn = Callable[[], subprocess.Popen[bytes]]


class Child:
    """One named process with its way of being started and of being stopped."""

    def __init__(
        self, name: str, spawn: Spawn, *, mark: str, stop_signal: signal.Signals = signal.SIGTERM, grace: float = 10.0
    ) -> None:
        self.name = name
        self.exits = 0
        self._spawn = spawn
        self._mark = mark
        self._stop_signal = stop_signal
        self._grace = grace
        self._process: subprocess.Popen[bytes] | None = None
        self._identity: Identity | None = None
        self._started_at = 0.0
        self._start_at: float | None = None

    @property
    def part(self) -> Part | None:
        """The process now running, for the record."""
        if self._identity is None:
            return None
        return Part(self._identity.pid, self._identity.started, int(self._stop_signal), self._grace)

    def start(self) -> None:
        self._start_at = None
        self._process = self._spawn()
        self._identity = processes.identify(self._process.pid)
        self._started_at = time.monotonic()

    def restart_if_due(self) -> bool:
        """Start it again when it has died and its pause is over; says whether a new process now runs."""
        if self._process and self._process.poll() is not None:
            self._note_exit(self._process.returncode)
        if self._start_at is not None and time.monotonic() >= self._start_at:
            self.start()
            return True
        return False

    def _note_exit(self, code: int) -> None:
        self._end_leftovers()
        if time.monotonic() - self._started_at > SETTLED_SECONDS:
            self.exits = 0
        pause = PAUSE_AFTER_KILL if code == -signal.SIGKILL else pause_after(self.exits)
        self.exits += 1
        how = f"was killed by {_signal_name(-code)}" if code < 0 else f"ended with status {code}"
        hint = f"; see ./nuoxing logs {self.name}" if self.exits > 1 else ""
        say(f"  {self.name} {how}; it is started again in {pause:.1f} s{hint}")
        self._process = None
        self._identity = None
        self._start_at = time.monotonic() + pause

    def _end_leftovers(self) -> None:
        """A killed parent leaves its pool behind; two generations must not work side by side."""
        if self._identity:
            processes.send(processes.session_of(self._identity, self._mark), signal.SIGKILL)

    def ask_to_stop(self) -> None:
        """Ask once; `finish` waits."""
        self._start_at = None
        if self._process and self._process.poll() is None:
            self._process.send_signal(self._stop_signal)

    def finish(self, hurry: Callable[[], bool]) -> None:
        """Wait for its grace to be over, or for a person in a hurry, then end whatever is left of it."""
        if self._process:
            until = time.monotonic() + self._grace
            while self._process.poll() is None and time.monotonic() < until and not hurry():
                time.sleep(0.02)
            if self._process.poll() is None:
                say(f"  {self.name} did not stop when asked; it is killed")
                self._process.kill()
                self._process.wait()
            self._end_leftovers()
        self._process = None
        self._identity = None


def pause_after(exits: int) -> float:
    """Seconds to wait before the next start of what ended by itself: doubling from half a second to ten."""
    return min(FIRST_PAUSE * 2.0 ** min(exits, 16), LONGEST_PAUSE)


def spawner(argv: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path, log: Path) -> Spawn:
    """A way to start a process in a session of its own (Ctrl-C at the terminal is for us alone), writing to its log."""

    def spawn() -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            return subprocess.Popen(
                [str(word) for word in argv], env=dict(env), cwd=cwd, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    return spawn


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
