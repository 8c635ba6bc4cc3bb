"""Previews of an imported file: each row new, changed, same, older or faulty; and the files that go out."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from kernel.errors import NotFound
from shared.records import queries as records

from .. import documents
from ..methods import files
from ..models import ImportFile
from ..states import FileKind
from .imported_records import all_hours, current_rows

Source = Callable[[datetime], Iterable[Mapping[str, Any]]]
_sources: dict[str, Source] = {}


def table_source(kind: str) -> Callable[[Source], Source]:
    """Let an upper app say what the file of a kind holds when it goes out."""

    def register(function: Source) -> Source:
        _sources[kind] = function
        return function

    return register


@dataclass(frozen=True, slots=True)
class Change:
    """What a row would change: the column's heading, what is known, what the file says."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file with what would become of it."""

    line: int
    key: str
    outcome: str  # new, changed, same, older, faulty
    faults: tuple[files.Fault, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A file looked through: how many rows of each sort, and the rows, those first that change something."""

    counts: Mapping[str, int]
    lines: tuple[Line, ...]


def rows_of(row: ImportFile) -> list[files.Row]:
    """Return the rows of a kept file, read anew."""
    return files.read(row.kind, row.name, records.content(row.file_id))


def preview(row: ImportFile) -> Preview:
    """Return what taking a file over would do now."""
    rows = rows_of(row)
    key = files.key_of(row.kind)
    current_values = current_rows(row.kind, [r.values[key] for r in rows if key in r.values])
    lines = [_line(row.kind, key, r, current_values) for r in rows]
    order = {"faulty": 0, "changed": 1, "new": 2, "older": 3, "same": 4}
    ordered = sorted(lines, key=lambda line: (order[line.outcome], line.line))
    return Preview(Counter(line.outcome for line in lines), tuple(ordered))


def _line(kind: str, key: str, row: files.Row, current_values: Mapping[str, Mapping[str, Any]]) -> Line:
    number = str(row.values.get(key, ""))
    if row.faults:
        return Line(row.line, number, "faulty", row.faults, ())
    current = current_values.get(number)
    if current is None:
        return Line(row.line, number, "new", (), ())
    if current["as_of"] > row.values["as_of"]:
        return Line(row.line, number, "older", (), ())
    after = files.cells_of(kind, row.values)
    before = files.cells_of(kind, {key: number, **current})
    columns = files.COLUMNS[kind]
    changes = tuple(
        Change(c.heading, old, new) for c, old, new in zip(columns, before, after, strict=True) if old != new
    )
    return Line(row.line, number, "changed" if changes else "same", (), changes)


def fault_report(row: ImportFile) -> bytes:
    """Return the file again as xlsx, with a last column that says what is wrong in each row."""
    rows = rows_of(row)
    columns = files.COLUMNS[row.kind]
    lines = []
    for r in rows:
        cells = [*r.cells[: len(columns)], *[""] * (len(columns) - len(r.cells))]
        faults = "；".join(f"{f.column}{f.line} {f.heading}：{f.why}" for f in r.faults)
        lines.append([*cells, faults])
    return documents.table(row.kind, "xlsx", lines, extra_columns=("问题",))


def export(kind: str, form: str, at: datetime) -> bytes:
    """Return everything of a kind as a file in the columns in which it may come in again; refuses (NotFound) others."""
    if kind not in FileKind.values or form not in documents.TYPES:
        raise NotFound
    if kind == FileKind.HOURS:
        rows: Iterable[Mapping[str, Any]] = [asdict(h) for h in all_hours() if h.step == 1]
    else:
        rows = _sources[kind](at) if kind in _sources else ()
    return documents.table(kind, form, [files.cells_of(kind, values) for values in rows])
