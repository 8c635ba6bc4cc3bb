"""Digests of a step's inputs, to skip it when nothing has changed since it last succeeded."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(files: Iterable[Path], *also: str, base: Path) -> str:
    """One SHA-256 over the files' names (from base) and contents, in order, and over the further words."""
    total = hashlib.sha256()
    for path in sorted(set(files)):
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "absent"
        total.update(f"{path.relative_to(base)}\0{content}\n".encode())
    for word in also:
        total.update(f"\0{word}\n".encode())
    return total.hexdigest()


def below(folder: Path, *patterns: str, without: Iterable[str] = ()) -> list[Path]:
    """The files below a folder that match one of the patterns, but for those below a folder of an unwanted name."""
    unwanted = set(without)
    matches = {path for pattern in patterns for path in folder.rglob(pattern) if path.is_file()}
    return sorted(path for path in matches if not unwanted.intersection(path.relative_to(folder).parts))


class Stamp:
    """A small file beside a product which says from which inputs it was made."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8").strip()
        except OSError:
            return ""

    def is_(self, value: str) -> bool:
        return self.read() == value

    def write(self, value: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(value + "\n", encoding="utf-8")

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)
