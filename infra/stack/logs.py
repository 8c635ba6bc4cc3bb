"""`./nuoxing logs [NAME] [-f]`: what the processes of the stack have written."""

from pathlib import Path

from infra.stack.paths import Paths
from infra.stack.postgres import base_for
from infra.stack.progress import StackError, say, stop_requested

LINES = 100


def files(paths: Paths) -> dict[str, Path]:
    """The logs by the name of their process."""
    logs = {path.stem: path for path in sorted(paths.logs.glob("*.log"))}
    server = base_for(paths.cluster) / "server.log"
    return logs | ({"postgres": server} if server.exists() else {})


def show(paths: Paths, *, name: str | None, follow: bool) -> int:
    """Print the last lines of one log, or of all; with `follow`, go on until Ctrl-C."""
    logs = files(paths)
    if name and name not in logs:
        raise StackError(f"There is no log {name!r}. There are: {', '.join(logs) or 'none yet'}.")
    selected = {name: logs[name]} if name else logs
    positions = {}
    for title, path in selected.items():
        if len(selected) > 1:
            say(f"==> {title}")
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        for line in lines[-(LINES if name else 15) :]:
            say(line)
        positions[title] = path.stat().st_size
    while follow and not stop_requested.wait(0.3):
        for title, path in selected.items():
            positions[title] = _say_new(path, positions[title], prefix="" if name else f"{title}: ")
    return 0


def _say_new(path: Path, position: int, *, prefix: str) -> int:
    """Print what was added since; a log that was emptied meanwhile is read from its start. Returns where it ends."""
    try:
        size = path.stat().st_size
        if size == position:
            return position
        with path.open("rb") as log:
            log.seek(position if size > position else 0)
            content = log.read()
    except FileNotFoundError:
        return 0
    whole, newline, rest = content.rpartition(b"\n")
    for line in (whole + newline).decode(errors="replace").splitlines():
        say(prefix + line)
    return (position if size > position else 0) + len(content) - len(rest)
