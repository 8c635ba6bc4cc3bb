"""Cells as people fill them: dates in all their shapes, numbers that a spreadsheet has spoilt, digits that are none."""

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kernel import cells
from kernel.cells import DIGITS_LOST, Cell, CellError
from kernel.clock import CHINA

LATE = "2026-01-05T20:00:00Z"  # the morning of the sixth in China
MAC = date(1904, 1, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02", date(2026, 3, 2)),
        ("2026/3/2", date(2026, 3, 2)),
        ("2026-1-5", date(2026, 1, 5)),
        ("2026.1.5", date(2026, 1, 5)),
        ("20260105", date(2026, 1, 5)),
        ("2026年1月5日", date(2026, 1, 5)),
        ("2026 年 1 月 5 号", date(2026, 1, 5)),
        ("２０２６年１月５日", date(2026, 1, 5)),
        ("2026/3/3 9:30", date(2026, 3, 3)),
        ("2026-01-05T00:00:00", date(2026, 1, 5)),
        (LATE, date(2026, 1, 6)),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, expected: date) -> None:
    assert cells.day(Cell(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05 bis 2026-01-09",
        "2026-01-05 起",
        "2026-01-05, 周一",
        "2026-02-30",
        "2026/3-2",
        "26/3/2",
        "2026年1月",
        "2026-W10-1",
        "2026-01-0²",
        "③026-01-05",
        "٢٠٢٦-٠١-٠٥",
        "1899-12-31",
        "2101-01-01",
        "2026-01-05 25:00",
        "2026-01-05 09:30+99:00",
        "46083",
        "NaN",
        "soon",
    ],
)
def test_what_is_more_or_other_than_a_day_is_refused_whole(text: str) -> None:
    with pytest.raises(CellError):
        cells.day(Cell(text))
    with pytest.raises(CellError):
        cells.moment(Cell(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026/3/3 9:30", "2026-03-03T09:30:00+08:00"),
        ("2026年3月3日 9时30分", "2026-03-03T09:30:00+08:00"),
        ("2026年3月3日9点30分15秒", "2026-03-03T09:30:15+08:00"),
        ("2026-03-03 ０９：３０", "2026-03-03T09:30:00+08:00"),
        ("2026-03-03 09:30:00.25", "2026-03-03T09:30:00.250000+08:00"),
        ("2026-03-03", "2026-03-03T00:00:00+08:00"),
        (LATE, "2026-01-05T20:00:00+00:00"),
        ("2026-03-03 09:30:00+0900", "2026-03-03T09:30:00+09:00"),
    ],
)
def test_a_moment_is_in_china_where_it_names_no_zone(text: str, expected: str) -> None:
    assert cells.moment(Cell(text)).isoformat() == expected


def test_the_serial_number_of_a_day_counts_from_the_first_day_of_its_file() -> None:
    assert cells.day(Cell("46083", 46083)) == date(2026, 3, 2)
    assert cells.day(Cell("44621", 44621, first_day=MAC)) == date(2026, 3, 2)
    assert cells.moment(Cell("46084.3958333333", 46084.395833333336)) == datetime(2026, 3, 3, 9, 30, tzinfo=CHINA)


@pytest.mark.parametrize("number", [2026, 12, 0, -1, 360102, 10**12])
def test_a_number_that_is_no_day_s_is_refused(number: int) -> None:
    with pytest.raises(CellError):
        cells.day(Cell(str(number), number))


def test_eight_digits_that_the_spreadsheet_took_for_a_number_are_a_day() -> None:
    assert cells.day(Cell("20260302", 20260302)) == date(2026, 3, 2)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["-", "/", "."]))
def test_any_day_is_read_in_any_of_its_shapes(day: date, sign: str) -> None:
    short = f"{day.year}{sign}{day.month}{sign}{day.day}"
    shapes = [short, day.isoformat(), f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{short} 0:00"]
    assert {cells.day(Cell(shape)) for shape in shapes} == {day}


@given(st.text(max_size=20), st.none() | st.floats(allow_nan=False) | st.integers())
def test_no_cell_breaks_a_reader(text: str, number: float | None) -> None:
    readers = [cells.day, cells.moment, cells.hours, cells.division, cells.company_code, cells.names]
    for read in [*readers, cells.text(10), cells.identifier(10)]:
        with suppress(CellError):
            read(Cell(text, number))  # type: ignore[operator]  # a list of readers of many things


@pytest.mark.parametrize(
    ("text", "expected"),
    [("20", "20"), ("0.30000000000000004", "0.3"), ("２０", "20"), ("8.50", "8.5"), ("999", "999")],
)
def test_hours_are_read_to_the_digits_that_a_spreadsheet_shows(text: str, expected: str) -> None:
    assert cells.hours(Cell(text)) == Decimal(expected)


@pytest.mark.parametrize(
    "text", ["NaN", "sNaN", "Infinity", "-1", "0", "1000", "0.25", "2²", "²", "1_0", "1e1", "8学时"]
)
def test_what_is_no_number_of_hours_is_refused_in_words(text: str) -> None:
    with translation.override("en"), pytest.raises(CellError, match="Class hours between"):
        cells.hours(Cell(text))


@pytest.mark.parametrize(
    "cell",
    [
        Cell("3.6E+17"),
        Cell("3.60120260012345E+17"),
        Cell("3.60120260012345E+17", 360120260012345024.0),
        Cell("3.60120260012345E+17", 360120260012345024),
        Cell("1E+15", 10**15),
    ],
)
def test_a_number_of_which_digits_are_lost_says_to_format_the_column_as_text(cell: Cell) -> None:
    with pytest.raises(CellError) as refusal:
        cells.identifier(32)(cell)
    assert refusal.value.message == DIGITS_LOST


def test_a_text_of_lost_digits_is_refused_in_every_column() -> None:
    with pytest.raises(CellError):
        cells.text(60)(Cell("3.60120260012345E+17", 360120260012345024.0))
    assert cells.text(60)(Cell("3.6E+17")) == "3.6E+17"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (Cell("360120260012345678"), "360120260012345678"),
        (Cell("999999999999999", 999999999999999), "999999999999999"),
        (Cell("赣ＳＧＹ２０２６－００１"), "赣SGY2026-001"),
        (Cell("JX\u200b26\u200f01"), "JX2601"),
        (Cell("赣〔2020〕〇一"), "赣〔2020〕〇一"),
    ],
)
def test_an_identifier_is_kept_with_plain_digits(cell: Cell, expected: str) -> None:
    assert cells.identifier(32)(cell) == expected


@pytest.mark.parametrize("text", ["2026²", "①23", "٣٦", "36０¹"])
def test_an_identifier_with_other_digits_is_refused(text: str) -> None:
    with translation.override("en"), pytest.raises(CellError, match="part of no number"):
        cells.identifier(32)(Cell(text))


def test_a_division_code_is_folded_or_refused() -> None:
    assert cells.division(Cell("３６０１０２")) == "360102"
    with pytest.raises(CellError):
        cells.division(Cell("36010²"))


def test_a_text_is_cleaned_of_what_cannot_be_printed() -> None:
    assert cells.clean(" 安全\x0b生产\r\n第一\u2028课\x00\x07 ") == "安全 生产 第一 课"
    assert cells.clean("张　三 李") == "张　三 李"
    assert cells.printable("a\x0bb\nc\x1f\ud800\uffff𠀀") == "a\nb\nc𠀀"
