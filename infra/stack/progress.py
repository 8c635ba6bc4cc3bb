"""Progress at the terminal: one line for each step, with its seconds."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

QUIET_SECONDS = 15.0
"""Without a terminal, a step that lasts says so again after this many seconds."""

COLOURS = re.compile(r"\x1b\[[0-9;]*m")

stop_requested = threading.Event()
"""Set by a signal handler: the step now running ends at once, with Interrupted."""


class StackError(Exception):
    """A foreseen failure of the stack with a message for the person at the terminal; the command ends with status 1."""


class Interrupted(Exception):
    """The person asked to stop while a step was running."""


def handle_signals(on_stop: Callable[[], None] = stop_requested.set) -> None:
    """From now on Ctrl-C, SIGTERM and a closed terminal ask us to stop, instead of killing us in mid-step."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # nohup ignores SIGHUP on purpose; a shell's `&` ignores SIGINT, but `kill -INT` should still be heard
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda _number, _frame: on_stop())


def say(text: str = "", *, to_stderr: bool = False, end: str = "\n") -> None:
    """Print a line. A closed terminal is no reason to die: the processes still have to be stopped properly."""
    try:
        print(text, file=sys.stderr if to_stderr else sys.stdout, end=end, flush=True)
    except (OSError, ValueError):
        sink = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - it stays open as our standard output
        sys.stdout = sys.stderr = sink


def replace_unprintable() -> None:
    """Never fail on a character that the terminal's encoding does not have."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show that a slow step runs, for how long, and how it ended."""
    began = time.monotonic()
    done = threading.Event()
    terminal = sys.stdout.isatty()
    say(f"  .... {title}", end="" if terminal else "\n")
    ticker = threading.Thread(target=_tick, args=(title, began, done, terminal), daemon=True)
    ticker.start()
    mark = "FAIL"
    try:
        yield
        mark = "ok"
    except Interrupted:
        mark = "stop"
        raise
    finally:
        done.set()
        ticker.join()
        back = "\r" if terminal else ""
        say(f"{back}  {mark:<4} {title}  {time.monotonic() - began:.1f} s")


def _tick(title: str, began: float, done: threading.Event, terminal: bool) -> None:
    while not done.wait(0.5 if terminal else QUIET_SECONDS):
        seconds = time.monotonic() - began
        if terminal:
            say(f"\r  .... {title}  {seconds:.0f} s", end="")
        else:
            say(f"  .... {title}: still at it after {seconds:.0f} s")


def run(
    argv: Sequence[str | Path], *, log: Path, cwd: Path, env: Mapping[str, str] | None = None, error_message: str = ""
) -> str:
    """Run a command with its output in a log file; give back what it wrote.

    Raises StackError with the command's last lines when it fails, and Interrupted when the person asks to stop.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        start = out.tell()
        process = subprocess.Popen(
            [str(a) for a in argv], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
        code = _wait(process)
    if code and stop_requested.is_set():
        raise Interrupted
    with log.open("rb") as written:
        written.seek(start)
        output = COLOURS.sub("", written.read().decode(errors="replace"))
    if code:
        tail = "\n".join("      " + line for line in output.splitlines()[-25:])
        what = (
            error_message or f"`{' '.join(Path(str(a)).name if i == 0 else str(a) for i, a in enumerate(argv))}` failed"
        )
        raise StackError(f"{what} (exit {code}). Its last lines:\n{tail}")
    return output


def _wait(process: subprocess.Popen[bytes]) -> int:
    try:
        while True:
            try:
                return process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                if stop_requested.is_set():
                    raise Interrupted from None
    except BaseException:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
