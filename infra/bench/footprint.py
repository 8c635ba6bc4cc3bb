"""What a process and all that it started hold and have used: memory as PSS (shared pages in parts), processor time."""

import os

from infra.stack.processes import PROC


def tree(root: int) -> list[int]:
    """Return a process and all its descendants, the children of the children too."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            parent = _parent(int(folder.name))
            children.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def _parent(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def _stat(pid: int) -> list[str]:
    try:
        # the name in brackets may hold anything, brackets too: the fields are counted from the last bracket
        return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def processor_seconds(pids: list[int]) -> float | None:
    """Return the processor time of these processes and of their children that have ended; None where unknown."""
    ticks = [sum(map(int, fields[11:15])) for fields in map(_stat, pids) if fields]
    return sum(ticks) / os.sysconf("SC_CLK_TCK") if ticks else None


def megabytes(pids: list[int]) -> float | None:
    """Return the proportional set size of these processes together; None where the system does not tell it."""
    sizes = [_kilobytes(pid) for pid in pids]
    known = [size for size in sizes if size is not None]
    return sum(known) / 1024 if known else None


def _kilobytes(pid: int) -> int | None:
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii")
    except OSError:  # it has ended, or is somebody else's
        return None
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), None)
