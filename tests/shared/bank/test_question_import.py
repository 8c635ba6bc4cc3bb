"""Questions come in from a spreadsheet as people fill it: looked through first, taken in whole or not at all."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from openpyxl import load_workbook

from kernel import clock, later, spreadsheets
from kernel.access import Actor, Denied
from kernel.errors import NotFound
from shared.bank import operations as bank
from shared.bank import queries as bank_queries
from shared.bank.methods import question_sheet
from shared.bank.models import Item
from shared.records.models import File

pytestmark = pytest.mark.usefixtures("public_db")

HEAD = [
    "题号",
    "题型",
    "所属案例",
    "岗位",
    "知识板块",
    "题干",
    "选项A",
    "选项B",
    "选项C",
    "选项D",
    "答案",
    "解析",
    "难度",
]
CIVIL = "土建施工员"
SINGLE = ("DX-1", "单选题", "", CIVIL, "法律法规", "哪一项？", "一", "二", "三", "四", "Ｂ", "见第三条", 2)
MULTIPLE = ("DD-1", "多选题", "", "公共", "法律法规", "哪几项？", "一", "二", "三", "四", "C、A", "", "")
JUDGEMENT = ("PD-1", "判断题", "", "公共", "法律法规", "对不对？", "", "", "", "", "错", "", "")
CASE = (
    ("AL-1", "案例题", "", CIVIL, "施工管理", "某工地……", "", "", "", "", "", "", ""),
    ("AL-1-1", "单选题", "AL-1", "", "", "第一问", "一", "二", "", "", "A", "", ""),
    ("AL-1-2", "单选题", "AL-1", "", "", "第二问", "一", "二", "", "", "B", "", ""),
    ("AL-1-3", "多选题", "AL-1", "", "", "第三问", "一", "二", "三", "", "AC", "", ""),
    ("AL-1-4", "判断题", "AL-1", "", "", "第四问", "", "", "", "", "√", "", ""),
)
SOUND = (SINGLE, MULTIPLE, JUDGEMENT, *CASE)


def _xlsx(*rows: Sequence[Any], head: Sequence[str] = HEAD) -> bytes:
    return spreadsheets.xlsx_file(spreadsheets.Sheet(head, rows))


def _upload(raw: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("题库.xlsx", raw)


def _with(row: Sequence[Any], **changed: Any) -> list[Any]:
    return [changed.get(heading, cell) for heading, cell in zip(HEAD, row, strict=True)]


def _faults(raw: bytes, at: datetime) -> list[tuple[int, str, str]]:
    with translation.override("en"):
        return [(f.line, f.heading, str(f.why)) for f in bank_queries.question_file(raw, at=at).faults]


@pytest.fixture
def officer(as_actor: Callable[..., Actor]) -> Actor:
    """Whoever fills the bank."""
    return as_actor("province_officer", scope="360000")


def test_questions_of_every_kind_come_in_as_they_were_written(officer: Actor, at: datetime) -> None:
    file_id = bank.upload_questions(content=_upload(_xlsx(*SOUND)), by=officer, at=at)
    assert Item.objects.count() == 0  # looked through, no more
    result = bank.import_questions(file_id=file_id, by=officer, at=at)
    assert (result.created, result.revised, result.unchanged) == (4, 0, 0)
    items = {item.code: item for item in Item.objects.select_related("current")}
    assert set(items) == {"DX-1", "DD-1", "PD-1", "AL-1"}
    keys = {code: item.current.key for code, item in items.items() if item.current is not None}
    assert keys == {"DX-1": "B", "DD-1": "AC", "PD-1": "F", "AL-1": ""}
    single, case = items["DX-1"].current, items["AL-1"].current
    assert single is not None
    assert case is not None
    assert (single.options, single.reason, single.difficulty) == (["一", "二", "三", "四"], "见第三条", 2)
    assert (items["DX-1"].common, items["DD-1"].common) == (False, True)
    assert [(p["code"], p["kind"], p["key"], len(p["options"])) for p in case.parts] == [
        ("a", "single", "A", 2),
        ("b", "single", "B", 2),
        ("c", "multiple", "AC", 3),
        ("d", "judgement", "T", 0),
    ]


def test_the_same_file_again_changes_nothing_and_a_changed_question_is_a_new_version(
    officer: Actor, at: datetime
) -> None:
    def bring(*rows: Sequence[Any]) -> tuple[int, int, int]:
        file_id = bank.upload_questions(content=_upload(_xlsx(*rows)), by=officer, at=at)
        result = bank.import_questions(file_id=file_id, by=officer, at=at)
        return result.created, result.revised, result.unchanged

    assert bring(*SOUND) == (4, 0, 0)
    assert bring(*SOUND) == (0, 0, 4)
    assert bring(_with(SINGLE, 答案="D"), MULTIPLE) == (0, 1, 1)


@pytest.mark.parametrize(
    ("row", "heading", "why"),
    [
        (_with(SINGLE, 题型="填空题"), "题型", "One of the kinds: 单选题、多选题、判断题、案例题."),
        (_with(SINGLE, 岗位="厨师"), "岗位", "No position of this name is certified; 公共 is asked at every one."),
        (_with(SINGLE, 岗位=""), "岗位", "Nothing is said here."),
        (_with(SINGLE, 知识板块=""), "知识板块", "Nothing is said here."),
        (_with(SINGLE, 题干=""), "题干", "Nothing is said here."),
        (_with(SINGLE, 答案="E"), "", "the key is not letters of its options in order"),
        (_with(SINGLE, 答案=""), "", "the key is not letters of its options in order"),
        (_with(SINGLE, 答案="AB"), "", "a single choice has exactly one right option"),
        (_with(SINGLE, 选项B="一"), "", "has empty or equal options"),
        (_with(SINGLE, 选项B=""), "", "has empty or equal options"),
        (_with(SINGLE, 难度=9), "难度", "A whole number from 1 to 5."),
        (_with(MULTIPLE, 答案="A"), "", "a multiple choice has at least two right options"),
        (_with(JUDGEMENT, 答案="B"), "", "a judgement's key is T or F"),
        (_with(JUDGEMENT, 选项A="一"), "", "a judgement has no options"),
        (_with(CASE[1], 所属案例="AL-9"), "所属案例", "No case of this number stands in the file."),
        (_with(SINGLE, 题号="PD-0"), "题号", "The same as in line 2."),
    ],
)
def test_what_cannot_be_right_is_named_by_its_row_and_nothing_comes_in(
    row: Sequence[Any], heading: str, why: str, officer: Actor, at: datetime
) -> None:
    raw = _xlsx(_with(JUDGEMENT, 题号="PD-0"), row)
    assert (3, heading, why) in _faults(raw, at)
    file_id = bank.upload_questions(content=_upload(raw), by=officer, at=at)
    with pytest.raises(bank.FaultyFile):
        bank.import_questions(file_id=file_id, by=officer, at=at)
    assert Item.objects.count() == 0


def test_a_case_has_the_questions_that_the_policy_marks(at: datetime) -> None:
    words = "Under the policy in force a case has these questions, in this order: 单选题、单选题、多选题、判断题."
    assert _faults(_xlsx(*CASE[:3]), at) == [(2, "", words)]
    assert _faults(_xlsx(*CASE), at) == []


def test_all_faults_of_a_file_are_said_at_once(at: datetime) -> None:
    rows = (
        _with(SINGLE, 岗位="厨师"),
        _with(SINGLE, 题号="DX-2", 答案="E"),
        *CASE[:3],
        _with(CASE[1], 题号="X", 所属案例="Y"),
    )
    assert [(line, heading) for line, heading, _why in _faults(_xlsx(*rows), at)] == [
        (2, "岗位"),
        (3, ""),
        (4, ""),
        (7, "所属案例"),
    ]


def test_of_a_case_whose_row_cannot_be_read_its_questions_are_not_blamed(at: datetime) -> None:
    faults = _faults(_xlsx(_with(CASE[0], 题型="填空题"), *CASE[1:]), at)
    assert [(line, heading) for line, heading, _why in faults] == [(2, "题型")]


def test_a_number_that_excel_kept_as_a_float_is_no_number_of_a_question(at: datetime) -> None:
    fault = _faults(_xlsx(_with(SINGLE, 题号=360120260012345024)), at)[0]
    assert fault[:2] == (2, "题号")
    assert "Format the column as text" in fault[2]


def test_the_template_is_what_the_reader_wants(officer: Actor, at: datetime) -> None:
    raw = question_sheet.template(bank_queries.positions(at), bank_queries.case_parts(at))
    book = load_workbook(BytesIO(raw))
    assert [sheet.title for sheet in book.worksheets] == ["试题", "示例", "岗位"]
    assert [cell.value for cell in book["试题"][1]] == question_sheet.sheet_format({}).headings
    examples = [[cell.value or "" for cell in row] for row in book["示例"].iter_rows(min_row=2)]
    again = _xlsx(*examples, head=question_sheet.sheet_format({}).headings)
    file = bank_queries.question_file(again, at=at)
    assert file.faults == ()
    assert {item.kind for item in file.items} == {"single", "multiple", "judgement", "case"}


def test_the_page_says_which_questions_a_case_has(officer: Actor, acting: Any) -> None:
    page = acting(officer).get("/authority/bank/imports/").content.decode()
    assert "案例题的小题依次为：单选题、单选题、多选题、判断题。" in page


def test_the_page_shows_what_would_happen_without_a_key_and_takes_it_in(
    officer: Actor, acting: Callable[[Actor], Any], at: datetime
) -> None:
    client = acting(officer)
    assert client.get("/authority/bank/imports/template.xlsx").status_code == 200
    answer = client.post("/authority/bank/imports/", {"file": _upload(_xlsx(*SOUND))})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "DX-1" in page
    assert "见第三条" not in page
    assert "哪一项" not in page
    assert client.post(answer["Location"], {"act": "import"})["Location"] == "/authority/bank/"
    assert Item.objects.count() == 4
    assert client.get(answer["Location"]).status_code == 404  # the file, which holds keys, is gone
    assert File.objects.get().retention == "erased"


def test_the_page_shows_every_fault_and_offers_no_import(officer: Actor, acting: Any) -> None:
    client = acting(officer)
    answer = client.post("/authority/bank/imports/", {"file": _upload(_xlsx(_with(SINGLE, 答案="E")))})
    page = client.get(answer["Location"]).content.decode()
    assert "答案不是已有选项的字母" in page
    assert 'value="import"' not in page
    assert client.post("/authority/bank/imports/", {"file": _upload(b"no table")}).status_code == 422


def test_a_file_that_nobody_takes_in_is_gone_after_a_day(officer: Actor, at: datetime) -> None:
    file_id = bank.upload_questions(content=_upload(_xlsx(*SOUND)), by=officer, at=at)
    later.drain(until=clock.real_now() + timedelta(hours=23))
    assert bank_queries.stored_questions(file_id)
    later.drain(until=clock.real_now() + timedelta(hours=25))
    with pytest.raises(NotFound):
        bank.import_questions(file_id=file_id, by=officer, at=at)


def test_who_may_not_fill_the_bank_brings_nothing(as_actor: Callable[..., Actor], at: datetime) -> None:
    for by in (as_actor("city_officer", scope="360100"), as_actor("principal")):
        with pytest.raises(Denied):
            bank.upload_questions(content=_upload(_xlsx(*SOUND)), by=by, at=at)
        with pytest.raises(Denied):
            bank.import_questions(file_id=uuid.uuid4(), by=by, at=at)
    assert File.objects.count() == 0
