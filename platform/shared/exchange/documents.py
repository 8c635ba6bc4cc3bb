"""Files that go out: every cell a text, in xlsx or csv."""

from collections.abc import Iterable, Sequence

from kernel import spreadsheets
from kernel.spreadsheets import TYPES as TYPES
from kernel.spreadsheets import Sheet

NOTE = (
    "本表格式为本平台自定，官方格式公布后再行调整 / Columns are this platform's own until the official ones are known"
)


def table(form: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as a file below their headings; `form` is "xlsx" or "csv"."""
    if form == "xlsx":
        return spreadsheets.xlsx_file(Sheet(head, rows), description=NOTE)
    return spreadsheets.csv_file(head, rows)
