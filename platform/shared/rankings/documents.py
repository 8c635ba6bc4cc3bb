"""A table as a file that office programs open."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

Line = Sequence[Any]
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


def _cell(value: Any) -> Any:
    """Return a value that no office program takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_ACTIVE) else value


def table_csv(head: Line, lines: Iterable[Line]) -> bytes:
    """Return a CSV in UTF-8 with the mark by which Excel knows it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def table_xlsx(title: str, head: Line, lines: Iterable[Line], notes: Iterable[Line]) -> bytes:
    """Return a workbook of two sheets: the table, and how it came about."""
    from openpyxl import Workbook  # 5 MB, for a file now and then
    from openpyxl.styles import Font  # as above

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title[:31]
    sheet.append(list(head))
    for line in lines:
        sheet.append([_cell(value) for value in line])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.column_dimensions["B"].width = 40
    about = book.create_sheet("about")
    for note in notes:
        about.append([_cell(value) for value in note])
    about.column_dimensions["A"].width = 28
    about.column_dimensions["B"].width = 80
    out = BytesIO()
    book.save(out)
    return out.getvalue()
