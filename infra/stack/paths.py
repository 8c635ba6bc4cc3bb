"""Paths of the checkout, its virtual environment, its front end, and the state folder."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Paths:
    """The paths of one checkout and of the one state folder that belongs to it."""

    root: Path
    state: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def tools(self) -> Path:
        return self.root / ".tools"

    @property
    def uv(self) -> Path:
        return self.tools / "bin" / "uv"

    @property
    def frontend(self) -> Path:
        return self.root / "frontend"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def cluster(self) -> Path:
        return self.state / "postgres"

    @property
    def files(self) -> Path:
        """Uploaded files; settings.MEDIA_ROOT."""
        return self.state / "files"

    @property
    def run_record(self) -> Path:
        return self.state / "run.json"

    @property
    def up_lock(self) -> Path:
        return self.state / "up.lock"

    @property
    def gate(self) -> Path:
        """There while pages may be served: all is migrated, and the demonstration whole."""
        return self.state / "prepared"

    def make_state(self) -> None:
        """Make the state folder, shut to others; root's lets PostgreSQL's account pass through to its own folder."""
        self.state.mkdir(parents=True, exist_ok=True)
        self.state.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for folder in (self.logs, self.files):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)

    def within(self, name: str) -> "Paths":
        """A state folder of its own below this one (the tests' databases never meet the real ones)."""
        return Paths(self.root, self.state / name)


def here() -> Paths:
    """This checkout; NUOXING_STACK_HOME puts its state elsewhere than in .nuoxing/."""
    elsewhere = os.environ.get("NUOXING_STACK_HOME")
    return Paths(ROOT, Path(elsewhere).resolve() if elsewhere else ROOT / ".nuoxing")
