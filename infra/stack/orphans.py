"""What a killed supervisor left running: found by pid and start time, stopped in order, and nothing else touched."""

import signal

from infra.stack import processes
from infra.stack.places import Places
from infra.stack.processes import Identity
from infra.stack.record import Part, Run

DATABASE = "postgres"
KILL_GRACE = 3.0


def left_by(run: Run, places: Places) -> list[str]:
    """The names of the recorded parts of which something still lives, and `others` for what no record names."""
    mark = str(places.state)
    sessions = {name: processes.session_of(part.identity, mark) for name, part in run.parts.items()}
    named = {who for members in sessions.values() for who in members}
    others = ["others"] if set(processes.carrying(mark)) - named else []
    return [name for name, members in sessions.items() if members] + others


def end(run: Run, places: Places) -> list[str]:
    """Stop them, PostgreSQL last; says which there were. Work they had taken is handed out again by the queue."""
    names = left_by(run, places)
    mark = str(places.state)
    first = [part for name, part in run.parts.items() if name in names and name != DATABASE]
    processes.end([_how(part) for part in first], mark)
    processes.end([(who, signal.SIGTERM, KILL_GRACE) for who in processes.carrying(mark)], mark)
    if DATABASE in names:
        processes.end([_how(run.parts[DATABASE])], mark)
    return names


def _how(part: Part) -> tuple[Identity, signal.Signals, float]:
    return part.identity, signal.Signals(part.stop_signal), max(part.grace, KILL_GRACE)
