"""Files of tables as Excel, WPS and Word make them, byte by byte where no library writes what they write."""

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, Side
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kernel import workbooks
from kernel.cells import Cell, day, moment
from kernel.workbooks import Unreadable
from shared.exchange import documents as exchange_documents
from shared.rankings import documents as ranking_documents

ROOT = Path(__file__).resolve().parents[2]
CHINESE = sorted(workbooks.CHINESE_DATE_FORMATS)
SERIAL = 46083  # 2026-03-02


def _file(*rows: list[Any], book: Workbook | None = None) -> bytes:
    book, out = book or Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[-1].append(row)
    book.save(out)
    return out.getvalue()


def _raw(cells: str, *, formats: tuple[int, ...] = (), mac: bool = False) -> bytes:
    """Return a workbook whose one row is written out; style n+1 has the nth format."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_file(["x"]))) as old, zipfile.ZipFile(book, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                content = f'<worksheet {main}><sheetData><row r="1">{cells}</row></sheetData></worksheet>'.encode()
            if part == "xl/workbook.xml" and mac:
                sheets = '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets>'
                head = f'<workbook {main} xmlns:r="{rel}"><workbookPr date1904="1"/>'
                content = f"{head}{sheets}</workbook>".encode()
            if part == "xl/styles.xml":
                styles = "".join(f'<xf numFmtId="{n}" fontId="0" fillId="0" borderId="0"/>' for n in (0, *formats))
                content = re.sub(b"<cellXfs.*</cellXfs>", f"<cellXfs>{styles}</cellXfs>".encode(), content)
            new.writestr(part, content)
    return book.getvalue()


def _cells(raw: bytes) -> list[Cell]:
    ((_number, cells),) = workbooks.read(raw, max_rows=10)
    return [cell for cell in cells if cell.text]


@pytest.mark.parametrize("mac", [False, True])
def test_a_day_in_the_formats_of_chinese_excel_is_a_day(mac: bool) -> None:
    serial = SERIAL - 1462 if mac else SERIAL
    raw = _raw("".join(f'<c s="{n}"><v>{serial}</v></c>' for n in range(1, 20)), formats=tuple(CHINESE), mac=mac)
    assert [day(cell) for cell in _cells(raw)] == [date(2026, 3, 2)] * 19


def test_a_time_in_a_format_of_chinese_excel_is_a_time() -> None:
    (cell,) = _cells(_raw('<c s="1"><v>46084.395833333336</v></c>', formats=(31,)))
    assert moment(cell).isoformat() == "2026-03-03T09:30:00+08:00"


def test_a_day_beyond_the_calendar_is_an_error_of_its_cell_alone() -> None:
    first, second = _cells(_raw('<c s="1"><v>99999999</v></c><c><v>7</v></c>', formats=(31,)))
    assert (first.error, second.text) == (True, "7")


@pytest.mark.parametrize("mac", [False, True])
def test_a_day_without_any_format_is_read_in_the_date_system_of_its_file(mac: bool) -> None:
    (cell,) = _cells(_raw(f"<c><v>{SERIAL - 1462 if mac else SERIAL}</v></c>", mac=mac))
    assert day(cell) == date(2026, 3, 2)


@pytest.mark.parametrize("mac", [False, True])
def test_a_day_of_any_other_format_is_a_day_in_both_date_systems(mac: bool) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904 if mac else book.epoch
    cells = _cells(_file([date(2026, 3, 2), datetime(2026, 3, 3, 9, 30)], book=book))
    assert [cell.text for cell in cells] == ["2026-03-02", "2026-03-03T09:30:00"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.30000000000000004", "0.3"),
        ("20", "20"),
        ("20.0", "20"),
        ("1.0000000000000001E-5", "0.00001"),
        ("360120260012345024", "3.60120260012345E+17"),
        ("3.6012026001234502E17", "3.60120260012345E+17"),
        ("999999999999999", "999999999999999"),
    ],
)
def test_a_number_is_read_as_it_is_shown(value: str, text: str) -> None:
    assert [cell.text for cell in _cells(_raw(f"<c><v>{value}</v></c>"))] == [text]


def test_zeros_that_the_format_shows_are_read() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["A1"].number_format = 42, "000000"
    assert [cell.text for cell in _cells(_file(book=book))] == ["000042"]


def test_a_failed_formula_is_an_error_and_not_a_text() -> None:
    cells = _cells(_raw('<c t="e"><v>#N/A</v></c><c t="str"><f>A1</f><v>甲</v></c><c><v>1E+400</v></c>'))
    assert [(cell.text, cell.error) for cell in cells] == [("#N/A", True), ("甲", False), ("#NUM!", True)]
    csv = _cells(b"#REF!,########,#1")
    assert [cell.error for cell in csv] == [True, True, False]


def test_lines_of_borders_alone_are_no_lines() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["编号"])
    sheet.append(["甲"])
    for line in range(3, 6000):
        sheet.cell(line, 1).border = Border(top=Side("thin"))
    sheet.cell(6000, 1).value = "乙"
    lines = workbooks.read(_file(book=book), max_rows=2)
    assert [(number, cells[0].text) for number, cells in lines] == [(1, "编号"), (2, "甲"), (6000, "乙")]


def test_more_lines_than_may_be_are_refused() -> None:
    assert len(workbooks.read(_file(["a"], ["b"], ["c"]), max_rows=2)) == 3
    with pytest.raises(Unreadable) as refusal:
        workbooks.read(_file(["a"], ["b"], ["c"], ["d"]), max_rows=2)
    assert refusal.value.params == {"n": 2}


def test_endless_lines_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_LINES", 10)
    book = Workbook()
    book.worksheets[0].cell(12, 1).value = "a"
    with pytest.raises(Unreadable) as many_lines:
        workbooks.read(_file(book=book), max_rows=2)
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 10)
    with pytest.raises(Unreadable) as many_bytes:
        workbooks.read(_file(["a"]), max_rows=2)
    assert many_lines.value.message == many_bytes.value.message == workbooks.TOO_MANY_LINES


def test_a_hidden_first_sheet_is_passed_over() -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = "字典"
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("名单")
    assert [cell.text for cell in _cells(_file(["甲"], book=book))] == ["甲"]


def test_the_vertical_tab_of_a_word_processor_is_a_blank() -> None:
    (cell,) = _cells(_raw('<c t="inlineStr"><is><t>安全_x000B_生产_x000D_\n课</t></is></c>'))
    assert cell.text == "安全 生产 课"
    assert [cell.text for cell in _cells("安全\x0b生产,二".encode())] == ["安全 生产", "二"]


@pytest.mark.parametrize("text", ["安全\x0b生产", "a\x00b", "\x1f", "=1\x0b", "\ud800", "\uffff", "x\x07y"])
def test_no_text_that_is_stored_breaks_an_export(text: str) -> None:
    files = [
        exchange_documents.table("xlsx", ["编号"], [[text]]),
        ranking_documents.table_xlsx("2026", ["编号"], [[text]], [[text]]),
    ]
    for raw in files:
        assert load_workbook(io.BytesIO(raw)).worksheets[0]["A1"].value == "编号"


def test_no_other_module_reads_tables() -> None:
    reads = re.compile(r"load_workbook|csv\.(reader|DictReader)|import (pandas|python_calamine|xlrd)")
    files = [file for folder in ("platform", "tenants") for file in (ROOT / folder).rglob("*.py")]
    assert [str(f.relative_to(ROOT)) for f in files if reads.search(f.read_text())] == ["platform/kernel/workbooks.py"]
