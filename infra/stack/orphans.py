"""Processes left by a killed supervisor: identified by pid, start time and mark, stopped in order, no others."""

import signal

from infra.stack import processes
from infra.stack.paths import Paths
from infra.stack.postgres import Cluster
from infra.stack.processes import Identity
from infra.stack.record import Part, Run

DATABASE = "postgres"
OTHERS = "others"
"""Processes with our mark that no record names: started in the moment before the supervisor was killed."""

KILL_GRACE = 3.0


def left_by(run: Run, paths: Paths) -> list[str]:
    """The names of the recorded parts of which something still lives, the database last."""
    mark = str(paths.state)
    sessions = {name: processes.session_of(part.identity, mark) for name, part in _marked(run).items()}
    named = {who for members in sessions.values() for who in members}
    others = [OTHERS] if set(processes.carrying(mark)) - named else []
    database = [DATABASE] if _postmaster(run, paths) else []
    return [name for name, members in sessions.items() if members] + others + database


def end(run: Run, paths: Paths) -> list[str]:
    """Stop them; says which there were. Work they had taken is handed out again by the queue."""
    names = left_by(run, paths)
    mark = str(paths.state)
    processes.end([_how(part) for name, part in _marked(run).items() if name in names], mark)
    processes.end([(who, signal.SIGTERM, KILL_GRACE) for who in processes.carrying(mark)], mark)
    if DATABASE in names:
        Cluster(paths.cluster, venv=paths.venv).stop_leftover()
    return names


def _marked(run: Run) -> dict[str, Part]:
    """PostgreSQL carries no mark: it is told by the folder it works in."""
    return {name: part for name, part in run.parts.items() if name != DATABASE}


def _postmaster(run: Run, paths: Paths) -> Identity | None:
    return Cluster(paths.cluster, venv=paths.venv).postmaster() if DATABASE in run.parts else None


def _how(part: Part) -> tuple[Identity, signal.Signals, float]:
    return part.identity, signal.Signals(part.stop_signal), max(part.grace, KILL_GRACE)
