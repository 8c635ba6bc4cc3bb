"""Sheets: tables in files (xlsx, csv), read cell by cell, every fault with its line, its column and why."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.clock import CHINA, YEARS
from kernel.errors import Invalid
from kernel.idnumbers import credit_code
from kernel.spreadsheets import unguarded

D = TypeVar("D", bound=date)

MAX_ROWS = 5000
Words = str | Promise


class Unreadable(Invalid):
    """The file as a whole cannot be read."""

    code = "file-unreadable"


class CellError(Exception):
    """A cell that cannot be right; the words say why."""

    def __init__(self, message: Words) -> None:
        """Hold the words."""
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Chinese heading, its name, how a cell is read, whether it must say something, how it is written.

    `empty` is the value of a cell that may be empty and is.
    """

    heading: str
    name: str
    read: Callable[[str], Any]
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
    """One line of a file: its values by name, or its faults."""

    line: int
    values: Mapping[str, Any]
    faults: tuple[Fault, ...] = ()
    cells: tuple[str, ...] = field(default=())


def text(max_length: int) -> Callable[[str], str]:
    """Return the reader of a cell that holds at most so many characters."""

    def read(cell: str) -> str:
        if len(cell) > max_length:
            raise CellError(_("At most %(n)s characters.") % {"n": max_length})
        return cell

    return read


def _in_years(value: D) -> D:
    if value.year not in YEARS:
        raise ValueError
    return value


def day(cell: str) -> date:
    """Read a day."""
    try:
        return _in_years(date.fromisoformat(cell.replace("/", "-")[:10]))
    except ValueError:
        raise CellError(_("A date like 2026-03-02.")) from None


def moment(cell: str) -> datetime:
    """Read a moment, in China where the cell names no zone."""
    try:
        value = _in_years(datetime.fromisoformat(cell.replace("/", "-")))
    except ValueError:
        raise CellError(_("A time like 2026-03-02 09:30.")) from None
    return value if value.tzinfo else value.replace(tzinfo=CHINA)


def hours(cell: str) -> Decimal:
    """Read class hours."""
    try:
        value = Decimal(cell)
    except InvalidOperation:
        value = Decimal(0)
    if not (0 < value <= 999) or value != value.quantize(Decimal("0.1")):
        raise CellError(_("Class hours between 0.1 and 999, with one decimal at most."))
    return value


def company_code(cell: str) -> str:
    """Read a unified social credit code."""
    try:
        return credit_code(cell)
    except Invalid as refusal:
        raise CellError(str(refusal)) from None


def names(cell: str) -> list[str]:
    """Read several names in one cell, sorted and each once."""
    return sorted({part.strip() for part in cell.replace("；", ";").replace("、", ";").split(";") if part.strip()})


def division(cell: str) -> str:
    """Read the code of a county, city or province."""
    if len(cell) != 6 or not cell.isdigit():
        raise CellError(_("A division code of six digits."))
    return cell


def read(sheet: SheetFormat, raw: bytes) -> list[Row]:
    """Return the rows of a file; refuses (Unreadable) one that is no table, lacks a column or has too many rows."""
    table = _xlsx(raw) if raw[:2] == b"PK" else _csv(raw)
    head = [cell.strip() for cell in table[0]] if table else []
    places = _places(sheet.columns, head)
    rows = [_row(sheet, line, cells, places) for line, cells in enumerate(table[1:], start=2) if any(cells)]
    if not rows:
        raise Unreadable(_("The file has no rows below its headings."), field="file")
    return _mark_duplicates(sheet, rows)


def _places(columns: Sequence[Column], head: Sequence[str]) -> dict[str, int]:
    places = {}
    for column in columns:
        where = next((n for n, cell in enumerate(head) if cell in (column.heading, column.name)), None)
        if where is None and column.required:
            message = _("The first line lacks the heading “%(heading)s”.")
            raise Unreadable(message, field="file", heading=column.heading)
        if where is not None:
            places[column.name] = where
    return places


def _row(sheet: SheetFormat, line: int, cells: Sequence[str], places: Mapping[str, int]) -> Row:
    values: dict[str, Any] = {}
    faults = []
    for column in sheet.columns:
        place = places.get(column.name)
        cell = cells[place].strip() if place is not None and place < len(cells) else ""
        try:
            if cell:
                values[column.name] = column.read(cell)
            elif column.required:
                raise CellError(_("Nothing is said here."))
            else:
                values[column.name] = column.empty
        except CellError as error:
            from openpyxl.utils import get_column_letter  # 5 MB, for a file now and then

            faults.append(Fault(line, get_column_letter((place or 0) + 1), column.heading, error.message))
    faults += _row_faults(sheet, line, values)
    return Row(line, values, tuple(faults), tuple(cells))


def _row_faults(sheet: SheetFormat, line: int, values: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong between the cells of one row."""
    faults = []
    for first, last in sheet.periods:
        if values.get(first) and values.get(last) and values[last] < values[first]:
            heading = next(c.heading for c in sheet.columns if c.name == last)
            faults.append(Fault(line, "", heading, _("The end lies before the beginning.")))
    return faults


def _mark_duplicates(sheet: SheetFormat, rows: Iterable[Row]) -> list[Row]:
    """Mark every later row that has the key of an earlier one."""
    first_lines: dict[Any, int] = {}
    result = []
    for row in rows:
        key = row.values.get(sheet.key)
        if key is not None and key in first_lines:
            message = _("The same as in line %(line)s.") % {"line": first_lines[key]}
            fault = Fault(row.line, "A", sheet.columns[0].heading, message)
            row = Row(row.line, row.values, (*row.faults, fault), row.cells)
        elif key is not None:
            first_lines[key] = row.line
        result.append(row)
    return result


def _xlsx(raw: bytes) -> list[list[str]]:
    from openpyxl import load_workbook  # 5 MB, for a file now and then

    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        table = []
        for cells in sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=40, values_only=True):
            table.append([_plain(cell) for cell in cells])
        book.close()
    except Exception:
        raise Unreadable(_("This is no xlsx file that can be read."), field="file") from None
    return _checked_size(table)


def _csv(raw: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return _checked_size([[_plain(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))])
        except csv.Error:
            break
    raise Unreadable(_("This is no csv file in UTF-8 or GB18030 that can be read."), field="file")


def _checked_size(table: list[list[str]]) -> list[list[str]]:
    if len(table) > MAX_ROWS + 1:
        raise Unreadable(_("A file holds at most %(n)s rows."), field="file", n=MAX_ROWS)
    return table


def _plain(cell: object) -> str:
    """Return a cell as text: dates as ISO, whole numbers without a point, our own quote before a sign taken away."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date().isoformat() if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else cell.isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return unguarded(str(cell).strip())


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
