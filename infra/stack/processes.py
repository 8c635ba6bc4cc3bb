"""Identity of processes: a pid alone is reused, a pid with its start time is not."""

import os
import signal
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MARK = "NUOXING_STACK"
"""Every process we start carries this variable with the state folder's path, and so do its own children."""

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Identity:
    """One process: its pid and when it started (opaque; only ever compared)."""

    pid: int
    started: str


@dataclass(frozen=True, slots=True)
class _Stat:
    state: str
    session: int
    started: str


def identify(pid: int) -> Identity | None:
    """Return the process that holds this pid now; None for none or a zombie."""
    stat = _stat(pid)
    return Identity(pid, stat.started) if stat and stat.state != "Z" else None


def is_alive(who: Identity) -> bool:
    """Say whether this very process still runs."""
    return identify(who.pid) == who


def family_seconds(pid: int) -> float:
    """Return the processor time of a process, of its children, and of those children that have ended."""
    hertz = os.sysconf("SC_CLK_TCK")
    found = 0
    for folder in PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(folder.name) == pid:
            found += sum(map(int, fields[11:15]))
        elif int(fields[1]) == pid:
            found += sum(map(int, fields[11:13]))
    return found / hertz


def is_leaving(pid: int) -> bool:
    """Dead or dying, but the pid is not free: PID 1 may reap it late or, in a container without an init, never."""
    stat = _stat(pid)
    # a dying process has given up its memory, and its command line with it, a moment before it is a zombie
    return stat is not None and (stat.state == "Z" or not command_line(pid))


def session_of(leader: Identity, mark: str) -> list[Identity]:
    """The leader, and who lives on in the session it opened and carries our mark (a pool whose parent was killed)."""
    if not PROC.joinpath("self/stat").exists():
        return [leader] if is_alive(leader) else []
    # the mark tells ours from another checkout's: a copied state folder holds a copied record
    members = [leader] if is_alive(leader) and _carries(PROC / str(leader.pid), mark) else []
    for folder in PROC.iterdir():
        if not folder.name.isdigit() or int(folder.name) == leader.pid:
            continue
        stat = _stat(int(folder.name))
        if stat and stat.session == leader.pid and stat.state != "Z" and _carries(folder, mark):
            members.append(Identity(int(folder.name), stat.started))
    return members


def carrying(mark: str) -> list[Identity]:
    """Every process that carries our mark: also one that was started a moment before its supervisor was killed."""
    identities = []
    for folder in PROC.iterdir() if PROC.joinpath("self/stat").exists() else ():
        if folder.name.isdigit() and int(folder.name) != os.getpid() and _carries(folder, mark):
            who = identify(int(folder.name))
            if who:
                identities.append(who)
    return identities


def send(to: Iterable[Identity], number: signal.Signals) -> None:
    """Signal those that still are who they were."""
    for who in to:
        if is_alive(who):
            try:
                os.kill(who.pid, number)
            except ProcessLookupError:
                continue


def end(leaders: Iterable[tuple[Identity, signal.Signals, float]], mark: str) -> int:
    """Stop processes that are not our children: each politely, then, after its grace, with SIGKILL. Says how many."""
    waiting = [(session_of(leader, mark), number, grace) for leader, number, grace in leaders]
    for members, number, _ in waiting:
        # a pool's parent, while it lives, stops its own children: a signal to them would only confuse it
        send(members[:1], number)
    began = time.monotonic()
    for members, _, grace in waiting:
        while any(map(is_alive, members)) and time.monotonic() - began < grace:
            time.sleep(0.05)
        send(members, signal.SIGKILL)
    return sum(len(members) for members, _, _ in waiting)


def command_line(pid: int) -> str:
    """The command a process was started with, or nothing."""
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return _ask_ps(pid, "command=")


def works_in(pid: int, folder: Path) -> bool:
    """Say whether the process has made this folder its own, or was started for it (PostgreSQL does both)."""
    try:
        return os.path.samefile(PROC / str(pid) / "cwd", folder)
    except OSError:
        return str(folder) in command_line(pid)


def holder(pid: int) -> str | None:
    """The command of whoever holds this pid, empty for the dead that nobody reaps; None when the pid is free."""
    return command_line(pid) if _stat(pid) else None


def anyone_in(folder: Path) -> bool:
    """Say whether some process has this folder as its own."""
    return any(
        entry.name.isdigit() and works_in(int(entry.name), folder)
        for entry in (PROC.iterdir() if PROC.joinpath("self/stat").exists() else ())
    )


def _carries(folder: Path, mark: str) -> bool:
    try:
        return f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _stat(pid: int) -> _Stat | None:
    try:
        # the name in brackets may hold anything, brackets too: the fields are counted from the last bracket
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except FileNotFoundError:
        return None if PROC.joinpath("self/stat").exists() else _stat_by_ps(pid)
    except OSError:
        return None
    return _Stat(state=fields[0], session=int(fields[3]), started=fields[19])


def _stat_by_ps(pid: int) -> _Stat | None:
    """For systems without /proc."""
    state, started = _ask_ps(pid, "state="), _ask_ps(pid, "lstart=")
    return _Stat(state=state[:1], session=0, started=started) if state and started else None


def _ask_ps(pid: int, column: str) -> str:
    try:
        answer = subprocess.run(
            ["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return ""
    return answer.stdout.strip()
