"""Spreadsheets that go out: the one writer of xlsx and csv. No cell is taken for a formula, and numbers stay numbers.

In an xlsx a text says itself that it is one. In a csv a text that begins like a formula gets an apostrophe in front,
which our own reader (kernel.sheets) takes away again.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kernel.cells import printable

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
TYPES = {"xlsx": XLSX, "csv": CSV}
TITLE_LENGTH = 31
# What office programs take for the beginning of a formula, full-width too (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
GUARD = "'"

Line = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a workbook: headings (none: only lines), and how wide columns are that need more than the usual."""

    head: Line
    lines: Iterable[Line]
    title: str = ""
    widths: Mapping[str, int] = field(default_factory=dict)


def guarded(text: str) -> str:
    """Return a text as no program takes it for a formula; `unguarded` gives it back."""
    return GUARD + text if text.lstrip(GUARD).startswith(FORMULA) else text


def unguarded(text: str) -> str:
    """Return a text without the apostrophe of `guarded`."""
    return text[1:] if text.startswith(GUARD) and text.lstrip(GUARD).startswith(FORMULA) else text


def csv_file(head: Line, lines: Iterable[Line]) -> bytes:
    """Return a table as csv in UTF-8, with the mark by which office programs know it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for line in (head, *lines):
        writer.writerow([_as_csv(value) for value in line])
    return buffer.getvalue().encode("utf-8-sig")


def xlsx_file(*sheets: Sheet, description: str = "") -> bytes:
    """Return tables as a workbook, headings in bold and always in view."""
    from openpyxl import Workbook  # 5 MB, for a file now and then

    book = Workbook()
    book.properties.description = description
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _add(book, sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _add(book: "Workbook", sheet: Sheet) -> None:
    from openpyxl.styles import Font  # as above

    added = book.create_sheet(sheet.title[:TITLE_LENGTH] or None)
    head = [sheet.head] if sheet.head else []
    for row, line in enumerate((*head, *sheet.lines), start=1):
        for column, value in enumerate(line, start=1):
            _write(added.cell(row, column), value)
    if head:
        for cell in added[1]:
            cell.font = Font(bold=True)
        added.freeze_panes = "A2"
    for letter, width in sheet.widths.items():
        added.column_dimensions[letter].width = width


def _write(cell: "Cell", value: Any) -> None:
    """Put a value into a cell: numbers and days as such, everything else as text, whatever it begins with."""
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        cell.value = value
        return
    text = printable(str(value))
    cell.value = guarded(text) if text.startswith(GUARD) else text
    cell.data_type, cell.number_format = "s", "@"


def _as_csv(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | Decimal | date) else guarded(str(value))
