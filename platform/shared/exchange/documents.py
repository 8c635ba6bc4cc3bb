"""Files that go out: xlsx with every cell as text, csv that a spreadsheet takes for text."""

import csv
import io
from collections.abc import Iterable, Sequence

from kernel.sheets import FORMULA

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
NOTE = (
    "本表格式为本平台自定，官方格式公布后再行调整 / Columns are this platform's own until the official ones are known"
)


def table(form: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as a file below their headings; `form` is "xlsx" or "csv"."""
    return _xlsx(head, rows) if form == "xlsx" else _csv(head, rows)


def _xlsx(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    from openpyxl import Workbook  # 5 MB, for a file now and then
    from openpyxl.styles import Font  # as above

    book = Workbook()
    sheet = book.worksheets[0]
    book.properties.description = NOTE
    for line, cells in enumerate([head, *rows], start=1):
        for place, text in enumerate(cells, start=1):
            cell = sheet.cell(line, place)
            cell.value, cell.data_type, cell.number_format = text, "s", "@"
            if line == 1:
                cell.font = Font(bold=True)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for cells in [head, *rows]:
        writer.writerow(["'" + text if text.startswith(FORMULA) else text for text in cells])
    return buffer.getvalue().encode("utf-8-sig")
