"""Spreadsheets that go out: no text becomes a formula, numbers stay numbers, our reader gives back what was written."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from kernel import cells, sheets, spreadsheets
from kernel.sheets import Column, SheetFormat
from kernel.spreadsheets import Sheet

ROOT = Path(__file__).resolve().parents[2]
# harmless: each only adds two numbers, where a program takes it for more than a text
LIKE_FORMULAS = ["=1+1", "+1+1", "-1-1", "@SUM(1,1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "'=1+1", "''=1+1"]
TEXTS = [*LIKE_FORMULAS, "演示培训学校", "a=b", "'quoted'", "13900000001", "O'Neill"]
NUMBERS: list[Any] = [-5, 7, Decimal("-0.5"), 1.25, True, date(2026, 3, 2)]


def _read_csv(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_no_text_of_a_csv_begins_like_a_formula() -> None:
    lines = _read_csv(spreadsheets.csv_file(["=head"], [[text] for text in TEXTS]))
    assert [line[0][:1] in spreadsheets.FORMULA for line in lines] == [False] * (1 + len(TEXTS))
    assert [line[0] for line in lines[-5:]] == TEXTS[-5:]


def test_no_text_of_a_workbook_is_a_formula_and_none_is_marked() -> None:
    book = load_workbook(io.BytesIO(spreadsheets.xlsx_file(Sheet(["=head"], [[text] for text in TEXTS]))))
    cells = [row[0] for row in book.worksheets[0].iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert cells[1].value == "=1+1"


def test_numbers_and_days_stay_what_they_are() -> None:
    book = load_workbook(io.BytesIO(spreadsheets.xlsx_file(Sheet(["h"], [NUMBERS]))))
    assert [cell.data_type for cell in book.worksheets[0][2]] == ["n", "n", "n", "n", "b", "d"]
    assert [cell.value for cell in book.worksheets[0][2]][:4] == [-5, 7, -0.5, 1.25]
    assert _read_csv(spreadsheets.csv_file(["h"], [NUMBERS]))[1] == ["-5", "7", "-0.5", "1.25", "True", "2026-03-02"]


def test_what_no_workbook_can_hold_is_left_out() -> None:
    book = load_workbook(io.BytesIO(spreadsheets.xlsx_file(Sheet((), [["a\x0bb\x00c", None, 1]], "x" * 40))))
    assert ([cell.value for cell in book.worksheets[0][1]], book.sheetnames) == (["a\nbc", None, 1], ["x" * 31])


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_our_reader_gives_back_what_was_written(form: str) -> None:
    kept = [text for text in TEXTS if text == text.strip()]
    columns = (Column("编号", "n", str), Column("内容", "text", cells.text(40)))
    lines = [[f"N{n}", text] for n, text in enumerate(kept)]
    head = [column.heading for column in columns]
    raw = spreadsheets.csv_file(head, lines) if form == "csv" else spreadsheets.xlsx_file(Sheet(head, lines))
    assert [row.values["text"] for row in sheets.read(SheetFormat(columns), raw)] == kept


def test_there_is_one_writer() -> None:
    sources = [path for folder in ("platform", "tenants", "infra") for path in (ROOT / folder).rglob("*.py")]
    writers = {
        str(path.relative_to(ROOT))
        for path in sources
        if any(word in path.read_text(encoding="utf-8") for word in ("Workbook(", "csv.writer(", "DictWriter("))
    }
    assert writers == {"platform/kernel/spreadsheets.py"}
