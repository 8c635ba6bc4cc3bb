"""Workbooks: files of tables as people have them, xlsx of Excel or WPS and csv, read into lines of cells."""

import csv
import io
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.cells import DIGITS, EMPTY, Cell, clean
from kernel.errors import Invalid

MAX_LINES = 50_000
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_COLUMNS = 40
CHINESE_DATE_FORMATS = frozenset([*range(27, 37), *range(50, 59)])
"""Numbers of the date and time formats that Chinese Excel has built in (ECMA-376, 18.8.30). The file does not say what
they mean, and openpyxl does not know them: it gives the serial number.
"""
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!"})
TOO_MANY_LINES = _("The sheet has too many lines, most of them empty. Delete the empty lines below the table.")

_ZEROS = re.compile(r"0{2,18}")
_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f])_")  # how a workbook writes a control character

Line = tuple[int, list[Cell]]


class Unreadable(Invalid):
    """The file as a whole cannot be read."""

    code = "file-unreadable"


def read(raw: bytes, *, max_rows: int) -> list[Line]:
    """Return the lines of a file that say something, each with its number; the first is that of the headings.

    Lines that hold nothing but borders and colours do not count. Refuses (Unreadable) what is no table of at most so
    many rows below the headings.
    """
    lines: list[Line] = []
    for line in _xlsx(raw) if raw[:2] == b"PK" else _csv(raw):
        if any(cell.text for cell in line[1]):
            lines.append(line)
        if len(lines) > max_rows + 1:
            raise Unreadable(_("A file holds at most %(n)s rows."), field="file", n=max_rows)
    return lines


def _xlsx(raw: bytes) -> list[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked <= MAX_UNPACKED_BYTES:
            lines = list(_sheet_lines(raw))
    except Exception:
        raise Unreadable(_("This is no xlsx file that can be read."), field="file") from None
    if unpacked > MAX_UNPACKED_BYTES or len(lines) > MAX_LINES:
        raise Unreadable(TOO_MANY_LINES, field="file")
    return lines


def _sheet_lines(raw: bytes) -> Iterator[Line]:
    from openpyxl import load_workbook  # 5 MB, for a file now and then

    book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    try:
        sheet = next((s for s in book.worksheets if s.sheet_state == "visible"), book.worksheets[0])
        rows = sheet.iter_rows(max_row=MAX_LINES + 1, max_col=MAX_COLUMNS)
        for number, cells in enumerate(rows, start=1):
            yield number, [_cell(cell, book.epoch) for cell in cells]
    finally:
        book.close()


def _cell(cell: Any, epoch: datetime) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY
    if cell.data_type == "e":
        return Cell(str(value), error=True)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, cell, epoch)
    return _text(value)


def _number(value: int | float, cell: Any, epoch: datetime) -> Cell:
    """Return a number as the sheet shows it: as a time in the formats of Chinese Excel, with its zeros in front."""
    from openpyxl.utils.datetime import from_excel

    if not math.isfinite(value):
        return Cell("#NUM!", error=True)
    if cell.style_array.numFmtId in CHINESE_DATE_FORMATS:
        try:
            return _text(from_excel(value, epoch))
        except (OverflowError, ValueError):
            return Cell("#VALUE!", error=True)
    result = Cell(number_text(value), value, first_day=epoch.date())
    if _ZEROS.fullmatch(cell.number_format or "") and result.text.isdecimal():
        return replace(result, text=result.text.zfill(len(cell.number_format)))
    return result


def number_text(value: int | float) -> str:
    """Return a number with the digits that a spreadsheet keeps and shows: 0.3, 20, 3.60120260012345E+17."""
    digits = format(value, f".{DIGITS}g").upper()
    return f"{Decimal(digits):f}" if abs(value) < 10**DIGITS else digits


def _text(value: Any) -> Cell:
    match value:
        case datetime():
            midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
            return Cell(value.date().isoformat() if midnight else value.isoformat())
        case date():
            return Cell(value.isoformat())
        case _:
            return Cell(clean(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), str(value))))


def _csv(raw: bytes) -> list[Line]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            rows = list(csv.reader(io.StringIO(text, newline="")))
        except csv.Error:
            break
        return [(number, [_csv_cell(cell) for cell in row]) for number, row in enumerate(rows, start=1)]
    raise Unreadable(_("This is no csv file in UTF-8 or GB18030 that can be read."), field="file")


def _csv_cell(text: str) -> Cell:
    """Return a cell of a csv; a failed formula, and a day in too narrow a column, stand there as they look."""
    content = clean(text)
    return Cell(content, error=content in ERRORS or (len(content) > 2 and not content.strip("#")))
