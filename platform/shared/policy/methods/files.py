"""Pack files and lists of authorities, read whole: every fault of every file is told before anything is done with any.

The command that checks, the loading and the demonstration read files by nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ..values.files import text_of, tree_of
from ..values.problems import PackFileError, Problem
from ..values.reading import PackFile, read
from .authorities import AuthorityFile, read_authorities

LISTS = "authorities"  # the folder of lists within a folder of packs
SHIPPED = Path(__file__).parents[1] / "packs"


class FilesFaulty(ValueError):
    """Files are not what they should be; `problems` say all that is wrong, by file."""

    def __init__(self, problems: Mapping[Path, Sequence[Problem]]) -> None:
        """Keep the problems by file."""
        self.problems = {file: tuple(found) for file, found in problems.items() if found}
        super().__init__("\n".join(f"{file}:\n{PackFileError(found)}" for file, found in self.problems.items()))


@dataclass(frozen=True, slots=True)
class Head:
    """What is asked of a pack beside other packs: whose it is, and when it is in force."""

    id: str
    revision: int
    jurisdiction: str
    effective_from: date
    effective_to: date | None
    digest: str

    @property
    def version(self) -> str:
        """Return the name under which decisions are stamped."""
        return f"{self.id}@{self.revision}"


def head_of(reading: PackFile) -> Head:
    """Return the head of a pack that was read."""
    pack = reading.pack
    return Head(pack.id, pack.revision, pack.jurisdiction, pack.effective_from, pack.effective_to, reading.digest)


@dataclass(frozen=True, slots=True)
class PolicyFiles:
    """What some files say: lists of authorities and packs, each with its file."""

    authorities: Mapping[Path, AuthorityFile] = field(default_factory=dict)
    packs: Mapping[Path, PackFile] = field(default_factory=dict)


def files_in(folder: Path) -> list[Path]:
    """Return the files of a folder in the order in which they are loaded: its lists of authorities, then its packs."""
    return [*sorted((folder / LISTS).glob("*.toml")), *sorted(folder.glob("*.toml"))]


def lists_in(folders: Iterable[Path]) -> list[Path]:
    """Return the lists of authorities of some folders; of two of the same name, that of the later folder."""
    return list({file.name: file for folder in folders for file in sorted((folder / LISTS).glob("*.toml"))}.values())


def read_files(
    files: Iterable[Path], *, heads: Sequence[Head] = (), offices: Mapping[str, Sequence[str]] | None = None
) -> PolicyFiles:
    """Return what files say; raises FilesFaulty with every fault of each, what they say against each other included.

    `heads` are packs that are there already, `offices` the names of provinces and offices by the province's code.
    """
    problems: dict[Path, list[Problem]] = {}
    authorities: dict[Path, AuthorityFile] = {}
    packs: dict[Path, PackFile] = {}
    for file in files:
        try:
            text = _text(file)
            if _lists_authorities(text, file):
                authorities[file] = read_authorities(text)
            else:
                packs[file] = read(text)
        except PackFileError as fault:
            problems[file] = list(fault.problems)
    for file, problem in _conflicts(authorities, packs, list(heads), dict(offices or {})):
        problems.setdefault(file, []).append(problem)
    if problems:
        raise FilesFaulty(problems)
    return PolicyFiles(authorities, packs)


def _text(file: Path) -> str:
    if file.is_dir():
        raise PackFileError([Problem(None, "", "is a folder, not a file")])
    try:
        return text_of(file.read_bytes())
    except OSError as fault:
        raise PackFileError([Problem(None, "", f"cannot be read: {fault.strerror or fault}")]) from None


def _lists_authorities(text: str, file: Path) -> bool:
    """Say whether a file lists authorities: by what it says, or where that cannot be read by its folder."""
    try:
        values = tree_of(text).values
    except PackFileError:
        return file.parent.name == LISTS
    return "cities" in values or ("format" not in values and file.parent.name == LISTS)


def _conflicts(
    authorities: Mapping[Path, AuthorityFile],
    packs: Mapping[Path, PackFile],
    heads: list[Head],
    offices: dict[str, Sequence[str]],
) -> Iterator[tuple[Path, Problem]]:
    """Yield what a file says against another or against what is there."""
    lister: dict[str, Path] = {}
    for file, listing in authorities.items():
        if (other := lister.setdefault(listing.jurisdiction, file)) != file:
            what = f"{listing.jurisdiction} is listed by {other.name}, too: give one list of a province"
            yield file, Problem(_line(file, "jurisdiction"), "jurisdiction", what)
        for key, what in office_conflicts(listing, offices):
            yield file, Problem(_line(file, key), key, what)
        offices[listing.jurisdiction] = (listing.name, listing.office)
    for file, reading in packs.items():
        head = head_of(reading)
        for key, what in pack_conflicts(head, heads):
            yield file, Problem(_line(file, key), key, what)
        heads.append(head)


def _line(file: Path, key: str) -> int | None:
    return tree_of(_text(file)).lines.get((key,))


def pack_conflicts(head: Head, others: Iterable[Head]) -> Iterator[tuple[str, str]]:
    """Yield (key, cause) where a pack cannot stand beside others: under another province's identifier or a version with
    other content, from the same day as another pack of its province, or in a period that another says is its own.
    """
    for other in others:
        if other.version == head.version and other.digest != head.digest:
            yield (
                "revision",
                f"{head.version} is there already with other content: give the changed file a new revision",
            )
        if other.id == head.id and other.jurisdiction != head.jurisdiction:
            yield "id", f"{head.id} is the pack of another province ({other.jurisdiction}): give this one its own"
        if other.id == head.id or other.jurisdiction != head.jurisdiction:
            continue
        if other.effective_from == head.effective_from:
            yield "effective_from", f"{other.version} begins on the same day: which of them is in force is not said"
        elif earlier_ends_late(head, other):
            yield "effective_from", f"overlaps with {other.version}, which says that it is in force at that time"


def earlier_ends_late(one: Head, other: Head) -> bool:
    """Say whether of two packs the one that begins first names a last day after the other's first."""
    first, second = sorted((one, other), key=lambda head: head.effective_from)
    return first.effective_to is not None and first.effective_to >= second.effective_from


def office_conflicts(listing: AuthorityFile, offices: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield (key, cause) where a list names its province or its office as another province's is named."""
    for code, names in offices.items():
        if code == listing.jurisdiction:
            continue
        for key, value in (("name", listing.name), ("office", listing.office)):
            if value in names:
                yield key, f"{value} is the name of another province's ({code})"


def shipped(*, without: Iterable[Path] = ()) -> PolicyFiles:
    """Return what is shipped with the platform, but for some files."""
    left_out = {file.resolve() for file in without}
    return read_files(file for file in files_in(SHIPPED) if file.resolve() not in left_out)


def heads_of(files: PolicyFiles) -> list[Head]:
    """Return the heads of the packs of some files."""
    return [head_of(reading) for reading in files.packs.values()]


def offices_of(files: PolicyFiles) -> dict[str, Sequence[str]]:
    """Return the names of the provinces of some files and of their offices, by code."""
    return {listing.jurisdiction: (listing.name, listing.office) for listing in files.authorities.values()}
