"""run.json: what the running `up` has started, for the other commands and for the next `up`."""

import json
import os
import signal
from dataclasses import asdict, dataclass, field
from pathlib import Path

from infra.stack.processes import Identity

HOST = "nuoxing.localhost"
"""Browsers and curl take every name under .localhost for this machine; other programs need a Host header."""


@dataclass(slots=True)
class Part:
    """One process of the stack as it was last started, and how it is asked to stop."""

    pid: int
    started: str
    stop_signal: int = int(signal.SIGTERM)
    grace: float = 10.0

    @property
    def identity(self) -> Identity:
        return Identity(self.pid, self.started)


@dataclass(slots=True)
class Run:
    """One run of the stack: where it answers, how it was asked for, and its processes by name."""

    supervisor: Part | None = None
    phase: str = "stopped"
    """starting, running, stopping or stopped."""
    port: int = 0
    fakes_port: int = 0
    demo: bool = False
    host: str = HOST
    database_url: str = ""
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}/"

    def write(self, path: Path) -> None:
        """Put the record in place whole or not at all: it holds the database's address, so it is for its owner only."""
        new = path.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(asdict(self), out, indent=1)
        new.replace(path)


def read(path: Path) -> Run:
    """The record as last written; an empty one when there is none or it cannot be understood."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        supervisor = content.pop("supervisor")
        parts = {name: Part(**part) for name, part in content.pop("parts").items()}
        return Run(supervisor=Part(**supervisor) if supervisor else None, parts=parts, **content)
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return Run()
