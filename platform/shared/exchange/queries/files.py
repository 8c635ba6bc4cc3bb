"""Previews of an imported file: each row new, changed, same, older or faulty; and the files that go out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel import sheets
from kernel.errors import Invalid, NotFound
from shared.records import queries as record_queries

from .. import documents
from ..models.import_files import ImportFile
from ..values import FileKind, file_kinds


def file_kind(key: str) -> FileKind:
    """Return the kind of file under its key; refuses (Invalid, at the field) one that no app takes."""
    kind = file_kinds.get(key)
    if kind is None:
        raise Invalid(field="kind")
    return kind()


def all_file_kinds() -> dict[str, FileKind]:
    """Return every kind of file by its key."""
    return {key: kind() for key, kind in file_kinds.connected}


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
    faults: tuple[sheets.Fault, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A file looked through: how many rows of each sort, and the rows, those first that change something."""

    counts: Mapping[str, int]
    lines: tuple[Line, ...]


def rows_of(row: ImportFile) -> list[sheets.Row]:
    """Return the rows of a kept file, read anew."""
    return sheets.read(file_kind(row.kind).sheet, record_queries.content(row.file_id))


def preview(row: ImportFile) -> Preview:
    """Return what taking a file over would do now."""
    kind, rows = file_kind(row.kind), rows_of(row)
    key = kind.sheet.key
    current_values = kind.known([r.values[key] for r in rows if key in r.values])
    lines = [_line(kind.sheet, r, current_values) for r in rows]
    order = {"faulty": 0, "changed": 1, "new": 2, "older": 3, "same": 4}
    ordered = sorted(lines, key=lambda line: (order[line.outcome], line.line))
    return Preview(Counter(line.outcome for line in lines), tuple(ordered))


def _line(sheet: sheets.SheetFormat, row: sheets.Row, current_values: Mapping[str, Mapping[str, Any]]) -> Line:
    number = str(row.values.get(sheet.key, ""))
    if row.faults:
        return Line(row.line, number, "faulty", row.faults, ())
    current = current_values.get(number)
    if current is None:
        return Line(row.line, number, "new", (), ())
    if current["as_of"] > row.values["as_of"]:
        return Line(row.line, number, "older", (), ())
    after = sheet.cells(row.values)
    before = sheet.cells({sheet.key: number, **current})
    cells = zip(sheet.headings, before, after, strict=True)
    changes = tuple(Change(heading, old, new) for heading, old, new in cells if old != new)
    return Line(row.line, number, "changed" if changes else "same", (), changes)


def fault_report(row: ImportFile) -> bytes:
    """Return the file again as xlsx, with a last column that says what is wrong in each row."""
    rows = rows_of(row)
    headings = file_kind(row.kind).sheet.headings
    lines = []
    for r in rows:
        faults = "；".join(f"{f.column}{f.line} {f.heading}：{f.why}" for f in r.faults)
        lines.append([*r.cells, faults])
    return documents.table("xlsx", [*headings, "问题"], lines)


def export(key: str, form: str, at: datetime) -> bytes:
    """Return everything of a kind as a file in the columns in which it may come in again; refuses (NotFound) others."""
    kind = file_kinds.get(key)
    if kind is None or form not in documents.TYPES:
        raise NotFound
    sheet = kind().sheet
    return documents.table(form, sheet.headings, [sheet.cells(values) for values in kind().all(at)])
