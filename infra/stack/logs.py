"""`./nuoxing logs [NAME] [-f]`: what the processes of the stack have written."""

from pathlib import Path

from infra.stack.places import Places
from infra.stack.postgres import base_for
from infra.stack.progress import Trouble, say, stop_asked

LINES = 100


def files(places: Places) -> dict[str, Path]:
    """The logs by the name of their process."""
    found = {path.stem: path for path in sorted(places.logs.glob("*.log"))}
    server = base_for(places.cluster) / "server.log"
    return found | ({"postgres": server} if server.exists() else {})


def show(places: Places, *, name: str | None, follow: bool) -> int:
    """Print the last lines of one log, or of all; with `follow`, go on until Ctrl-C."""
    found = files(places)
    if name and name not in found:
        raise Trouble(f"There is no log {name!r}. There are: {', '.join(found) or 'none yet'}.")
    chosen = {name: found[name]} if name else found
    places_read = {}
    for title, path in chosen.items():
        if len(chosen) > 1:
            say(f"==> {title}")
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        for line in lines[-(LINES if name else 15) :]:
            say(line)
        places_read[title] = path.stat().st_size
    while follow and not stop_asked.wait(0.3):
        for title, path in chosen.items():
            places_read[title] = _say_new(path, places_read[title], prefix="" if name else f"{title}: ")
    return 0


def _say_new(path: Path, seen: int, *, prefix: str) -> int:
    """Print what was added since; a log that was emptied meanwhile is read from its start. Returns where it ends."""
    try:
        size = path.stat().st_size
        if size == seen:
            return seen
        with path.open("rb") as log:
            log.seek(seen if size > seen else 0)
            content = log.read()
    except FileNotFoundError:
        return 0
    whole, newline, rest = content.rpartition(b"\n")
    for line in (whole + newline).decode(errors="replace").splitlines():
        say(prefix + line)
    return (seen if size > seen else 0) + len(content) - len(rest)
