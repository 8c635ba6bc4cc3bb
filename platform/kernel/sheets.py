"""Sheets: tables in files (xlsx, csv), read cell by cell, every fault with its line, its column and why."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel import workbooks
from kernel.cells import EMPTY, Cell, CellError, Words, in_words
from kernel.clock import CHINA
from kernel.spreadsheets import unguarded
from kernel.workbooks import Unreadable

__all__ = ["Column", "Fault", "Row", "SheetFormat", "Unreadable", "read"]

MAX_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Chinese heading, its name, how a cell is read, whether it must say something, how it is written.

    `empty` is the value of a cell that may be empty and is.
    """

    heading: str
    name: str
    read: Callable[[Cell], Any]
    required: bool = True
    empty: Any = ""
    write: Callable[[Any], str] | None = None


@dataclass(frozen=True, slots=True)
class SheetFormat:
    """The columns of a sheet, the first of which names a row, and the pairs of columns whose days lie in order."""

    columns: tuple[Column, ...]
    periods: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """Return the name of the column by which a row is the same row again."""
        return self.columns[0].name

    @property
    def headings(self) -> list[str]:
        """Return the headings, in their order."""
        return [column.heading for column in self.columns]

    def cells(self, values: Mapping[str, Any]) -> list[str]:
        """Return a row's values as the cells of a file."""
        return [_cell_text(column, values.get(column.name)) for column in self.columns]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell, or with a row as a whole (no column)."""

    line: int
    column: str
    heading: str
    why: Words


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: its values by name, or its faults; and its cells, in the order of the columns."""

    line: int
    values: Mapping[str, Any]
    faults: tuple[Fault, ...] = ()
    cells: tuple[str, ...] = field(default=())


def read(sheet: SheetFormat, raw: bytes) -> list[Row]:
    """Return the rows of a file; refuses (Unreadable) one that is no table, lacks a column or has too many rows."""
    lines = workbooks.read(raw, max_rows=MAX_ROWS)
    places = _places(sheet.columns, ["".join(cell.text.split()) for cell in lines[0][1]] if lines else [])
    rows = [_row(sheet, line, cells, places) for line, cells in lines[1:]]
    if not rows:
        raise Unreadable(_("The file has no rows below its headings."), field="file")
    return _mark_duplicates(sheet, rows, _letter(places[sheet.key]))


def _places(columns: Sequence[Column], head: Sequence[str]) -> dict[str, int]:
    places = {}
    for column in columns:
        matches = [n for n, cell in enumerate(head) if cell in (column.heading, column.name)]
        if len(matches) > 1:
            message = _("The heading “%(heading)s” stands twice in the first line.")
            raise Unreadable(message, field="file", heading=column.heading)
        if not matches and column.required:
            message = _("The first line lacks the heading “%(heading)s”.")
            raise Unreadable(message, field="file", heading=column.heading)
        if matches:
            places[column.name] = matches[0]
    return places


def _row(sheet: SheetFormat, line: int, cells: Sequence[Cell], places: Mapping[str, int]) -> Row:
    values: dict[str, Any] = {}
    faults, texts = [], []
    for column in sheet.columns:
        place = places.get(column.name)
        cell = _unquoted(cells[place]) if place is not None and place < len(cells) else EMPTY
        texts.append(cell.text)
        try:
            values[column.name] = value = _value(column, cell)
        except CellError as error:
            faults.append(Fault(line, _letter(place or 0), column.heading, error.message))
        else:
            if cell.number is not None and isinstance(value, date):
                texts[-1] = in_words(value)  # a serial number says nothing to whom the file is given back
    faults += _row_faults(sheet, line, values)
    return Row(line, values, tuple(faults), tuple(texts))


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter  # 5 MB, for a file now and then

    return get_column_letter(place + 1)


def _value(column: Column, cell: Cell) -> Any:
    if cell.error:
        raise CellError(_("The spreadsheet shows the error %(error)s here.") % {"error": cell.text})
    if cell.text:
        return column.read(cell)
    if column.required:
        raise CellError(_("Nothing is said here."))
    return column.empty


def _unquoted(cell: Cell) -> Cell:
    """Return a cell without the quote that our own csv puts before a sign."""
    text = unguarded(cell.text)
    return cell if text == cell.text else replace(cell, text=text)


def _row_faults(sheet: SheetFormat, line: int, values: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong between the cells of one row."""
    faults = []
    for first, last in sheet.periods:
        if values.get(first) and values.get(last) and values[last] < values[first]:
            heading = next(c.heading for c in sheet.columns if c.name == last)
            faults.append(Fault(line, "", heading, _("The end lies before the beginning.")))
    return faults


def _mark_duplicates(sheet: SheetFormat, rows: Iterable[Row], letter: str) -> list[Row]:
    """Mark every later row that has the key of an earlier one."""
    first_lines: dict[Any, int] = {}
    result = []
    for row in rows:
        key = row.values.get(sheet.key)
        if key is not None and key in first_lines:
            message = _("The same as in line %(line)s.") % {"line": first_lines[key]}
            fault = Fault(row.line, letter, sheet.columns[0].heading, message)
            row = Row(row.line, row.values, (*row.faults, fault), row.cells)
        elif key is not None:
            first_lines[key] = row.line
        result.append(row)
    return result


def _cell_text(column: Column, value: Any) -> str:
    if column.write is not None:
        return column.write(value)
    match value:
        case None:
            return ""
        case datetime():
            return value.astimezone(CHINA).isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case list() | tuple():
            return ";".join(value)
        case Decimal():
            return f"{value.normalize():f}"
    return str(value)
