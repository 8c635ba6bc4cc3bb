"""Files of the existing platforms: looked through with every fault named, taken over once, handed out again."""

import csv
import io
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from kernel import audit, sheets, tenancy
from kernel.access import Actor
from kernel.cells import DIGITS_LOST
from kernel.states import WrongState
from shared.education.hooks import SHEET as HOURS
from shared.education.models import HourRecord, HourVersion
from shared.exchange.models.import_files import ImportFile
from shared.exchange.models.messages import Message
from shared.exchange.operations import files as exchange_files
from shared.exchange.queries import files as exchange_file_queries
from shared.registry.hooks import SHEET as INSTITUTIONS
from shared.registry.models.announcements import Announcement

HEAD = HOURS.headings
FACTS = ["R-1", "演示-1", "演示学员", "52360100MJ00000184", "演示建设公司", "20", "2026-01-05", "2026-01-09", "安全"]
ROW = [*FACTS, "2026-02-01 09:00"]
BAD = ["R-2", "", "演示乙", "52360100MJ00000185", "演示公司", "many", "2026-01-09", "2026-01-05", "", "soon"]
PLACE = ["52360100MJ00000184", "演示学校", "social", "360102", "演示路", "SGY-TJ；CLY", "实地核查属实", "2020-05-06"]
PLACE_HEAD = INSTITUTIONS.headings


def _csv(*rows: list[str], head: list[str] = HEAD, encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join(",".join(row) for row in [head, *rows]).encode(encoding)


def _xlsx(*rows: list[Any]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in [HEAD, *rows]:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


@pytest.fixture
def operator(as_actor: Any, public_db: None) -> Actor:
    actor: Actor = as_actor("platform_operator")
    return actor


def _upload(by: Actor, at: datetime, raw: bytes, kind: str = "hours", name: str = "hours.csv") -> ImportFile:
    return exchange_files.upload_file(kind=kind, content=SimpleUploadedFile(name, raw), by=by, at=at)


def _import(by: Actor, at: datetime, raw: bytes, **over: Any) -> Any:
    row = _upload(by, at, raw, **over)
    return exchange_files.import_file(import_id=row.pk, without_faulty=False, by=by, at=at)


@pytest.mark.parametrize("raw", [_csv(ROW), _csv(ROW, encoding="gb18030"), _xlsx(ROW)])
def test_a_file_is_taken_over_once_and_told_to_the_library(operator: Actor, at: datetime, raw: bytes) -> None:
    row = _upload(operator, at, raw)
    assert (HourRecord.objects.count(), dict(exchange_file_queries.preview(row).counts)) == (0, {"new": 1})
    payload = exchange_files.import_file(import_id=row.pk, without_faulty=False, by=operator, at=at)
    assert payload == {"new": 1, "left_out": 0}
    record = HourRecord.objects.get()
    assert (record.source, record.number, str(record.hours), record.step) == ("education-platform", "R-1", "20.0", 1)
    assert Message.objects.get().kind == "hours"


def test_the_same_file_again_changes_nothing(operator: Actor, at: datetime) -> None:
    assert [_import(operator, at, _csv(ROW)) for _copy in range(2)] == [
        {"new": 1, "left_out": 0},
        {"same": 1, "left_out": 0},
    ]
    assert (HourRecord.objects.count(), Message.objects.count()) == (1, 1)


def test_what_a_record_said_before_stays_beside_what_it_says_now(operator: Actor, at: datetime) -> None:
    _import(operator, at, _csv(ROW))
    record = HourRecord.objects.get()
    newer = [*ROW[:5], "24", *ROW[6:-1], "2026-02-28 10:00"]
    assert _import(operator, at, _csv(newer)) == {"changed": 1, "left_out": 0}
    now = HourRecord.objects.get()
    assert (now.pk, now.version, str(now.hours)) == (record.pk, 2, "24.0")
    versions = [(row.version, str(row.hours), row.superseded_at) for row in HourVersion.objects.order_by("version")]
    assert versions == [(1, "20.0", at), (2, "24.0", None)]
    assert len(audit.history(record)) == 2
    for statement in ("UPDATE education_hourversion SET hours = 1", "DELETE FROM education_hourversion"):
        with tenancy.as_owner(), pytest.raises(IntegrityError, match="kept as it came"), transaction.atomic():
            connection.cursor().execute(statement)


def test_what_is_known_and_newer_here_stays(operator: Actor, at: datetime) -> None:
    _import(operator, at, _csv(ROW))
    payload = _import(operator, at, _csv([*FACTS[:5], "8", *FACTS[6:], "2026-01-15 09:00"]))
    assert (payload, str(HourRecord.objects.get().hours)) == ({"older": 1, "left_out": 0}, "20.0")


def test_a_changed_row_shows_what_it_would_change(operator: Actor, at: datetime) -> None:
    _import(operator, at, _csv(ROW))
    row = _upload(operator, at, _csv([*FACTS[:5], "24", *FACTS[6:], "2026-02-02 09:00"]))
    (line,) = exchange_file_queries.preview(row).lines
    assert (line.outcome, line.changes[0].heading, line.changes[0].before, line.changes[0].after) == (
        "changed",
        "学时",
        "20",
        "24",
    )


def test_every_fault_is_named_by_line_column_and_why(operator: Actor, at: datetime) -> None:
    row = _upload(operator, at, _csv(ROW, BAD, ROW))
    faults = [fault for line in exchange_file_queries.preview(row).lines for fault in line.faults]
    assert [(f.line, f.column, f.heading) for f in faults] == [
        (3, "B", "证书编号"),
        (3, "D", "企业统一社会信用代码"),
        (3, "F", "学时"),
        (3, "J", "更新时间"),
        (3, "", "结束日期"),
        (4, "A", "记录编号"),
    ]
    assert all(str(f.why) for f in faults)
    sheet = load_workbook(io.BytesIO(exchange_file_queries.fault_report(row))).worksheets[0]
    assert ("B3 证书编号" in str(sheet.cell(3, 11).value), sheet.cell(2, 11).value) == (True, None)


def test_rows_with_faults_are_left_out_only_where_somebody_says_so(operator: Actor, at: datetime) -> None:
    row = _upload(operator, at, _csv(ROW, BAD))
    with pytest.raises(exchange_files.FaultyRows):
        exchange_files.import_file(import_id=row.pk, without_faulty=False, by=operator, at=at)
    assert HourRecord.objects.count() == 0
    payload = exchange_files.import_file(import_id=row.pk, without_faulty=True, by=operator, at=at)
    assert (payload, HourRecord.objects.count()) == ({"new": 1, "left_out": 1}, 1)
    with pytest.raises(WrongState):
        exchange_files.import_file(import_id=row.pk, without_faulty=True, by=operator, at=at)


@pytest.mark.parametrize(
    "raw",
    [b"\xff\xfe\x00\x81", b"PK\x03\x04 broken", b"", "记录编号\r\nR-1".encode(), ",".join(HEAD).encode()],
)
def test_a_file_that_cannot_be_read_is_refused_and_not_kept(operator: Actor, at: datetime, raw: bytes) -> None:
    with pytest.raises(sheets.Unreadable):
        _upload(operator, at, raw)
    assert ImportFile.objects.count() == 0


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_goes_out_comes_in_again_as_the_same(operator: Actor, at: datetime, form: str) -> None:
    _import(operator, at, _csv([*FACTS[:8], "=cmd", ROW[9]]))
    again = _upload(operator, at, exchange_file_queries.export("hours", form, at), name=f"hours.{form}")
    assert dict(exchange_file_queries.preview(again).counts) == {"same": 1}


def test_announced_institutions_come_in_with_their_opinions(operator: Actor, at: datetime) -> None:
    raw = _csv([*PLACE, "2020-05-07", "2020-05-13", "2020-05-14 09:00"], head=PLACE_HEAD)
    _import(operator, at, raw, kind="institutions")
    record = Announcement.objects.get()
    assert (record.name, record.opinion, record.positions) == ("演示学校", "true", ["CLY", "SGY-TJ"])


NUMBERED = ["R-1", 360120260012345678, "演示学员", "52360100MJ00000184", "演示建设公司", 0.1 + 0.2]
DATED = ["2026/1/5", "2026年1月9日", "安全_x000B_生产", "2026/2/1 9:00"]


def test_a_certificate_number_kept_as_a_number_is_a_fault_and_no_other_number(operator: Actor, at: datetime) -> None:
    row = _upload(operator, at, _xlsx([*NUMBERED, *DATED]), name="hours.xlsx")
    faults = [fault for line in exchange_file_queries.preview(row).lines for fault in line.faults]
    assert [(f.line, f.column, f.heading, f.why) for f in faults] == [(2, "B", "证书编号", DIGITS_LOST)]
    assert HourRecord.objects.count() == 0


def test_what_people_write_is_imported_and_goes_out_again(operator: Actor, at: datetime) -> None:
    _import(operator, at, _xlsx([NUMBERED[0], "演示-1", *NUMBERED[2:], *DATED]), name="hours.xlsx")
    record = HourRecord.objects.get()
    assert (str(record.hours), record.began_on, record.ended_on) == ("0.3", date(2026, 1, 5), date(2026, 1, 9))
    assert (record.topic, record.as_of.isoformat()) == ("安全 生产", "2026-02-01T01:00:00+00:00")
    again = _upload(operator, at, exchange_file_queries.export("hours", "xlsx", at), name="hours.xlsx")
    assert dict(exchange_file_queries.preview(again).counts) == {"same": 1}


def test_a_day_kept_as_its_serial_number_is_given_back_as_a_day(operator: Actor, at: datetime) -> None:
    cells = [*FACTS[:5], "many", 46027, "2026-01-09", "", "2026-02-01 09:00"]
    row = _upload(operator, at, _xlsx(cells), name="hours.xlsx")
    sheet = load_workbook(io.BytesIO(exchange_file_queries.fault_report(row))).worksheets[0]
    assert [cell.value for cell in sheet[2]][5:8] == ["many", "2026-01-05", "2026-01-09"]


def test_a_heading_that_stands_twice_is_refused(operator: Actor, at: datetime) -> None:
    with pytest.raises(sheets.Unreadable):
        _upload(operator, at, _csv([*ROW, "x"], head=[*HEAD, HEAD[0]]))


def test_the_same_number_again_is_named_by_its_own_column(operator: Actor, at: datetime) -> None:
    row = _upload(operator, at, _csv(["", *ROW], ["", *ROW], head=["序号", *HEAD]))
    assert [f.column for line in exchange_file_queries.preview(row).lines for f in line.faults] == ["B"]
    sheet = load_workbook(io.BytesIO(exchange_file_queries.fault_report(row))).worksheets[0]
    assert [cell.value for cell in sheet[2]][:3] == ROW[:3]


@given(cells=st.lists(st.text(max_size=12), min_size=10, max_size=10))
def test_no_cell_whatever_it_holds_breaks_the_reading(cells: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, cells])
    try:
        rows = sheets.read(HOURS, out.getvalue().encode("utf-8", "replace"))
    except sheets.Unreadable:
        return
    assert all(row.faults for row in rows)
