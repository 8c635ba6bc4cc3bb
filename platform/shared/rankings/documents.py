"""A table as a file that office programs open."""

from collections.abc import Iterable

from kernel import spreadsheets
from kernel.spreadsheets import Line, Sheet


def table_csv(head: Line, lines: Iterable[Line]) -> bytes:
    """Return a CSV in UTF-8 with the mark by which Excel knows it."""
    return spreadsheets.csv_file(head, lines)


def table_xlsx(title: str, head: Line, lines: Iterable[Line], notes: Iterable[Line]) -> bytes:
    """Return a workbook of two sheets: the table, and how it came about."""
    return spreadsheets.xlsx_file(Sheet(head, lines, title, {"B": 40}), Sheet((), notes, "about", {"A": 28, "B": 80}))
