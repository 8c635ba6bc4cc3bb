"""The demonstration bank is whole: every item can be shown, marked and explained, and papers can be drawn from it."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from infra.demo import questions, readings
from kernel import tenancy
from shared.bank import operations as bank_operations
from shared.bank import queries as bank_queries
from shared.bank.models import Item
from shared.policy.queries import packs as pack_queries
from support.clients import NOW

LETTER = {"single": "S", "multiple": "M", "judgement": "J", "case": "C"}
PARTS = [("a", "single"), ("b", "single"), ("c", "multiple"), ("d", "judgement")]
FOLDERS = {"cly": "CLY", "common": "", "sgy-tj": "SGY-TJ", "zly-tj": "ZLY-TJ"}
POSITIONS = ["SGY-TJ", "ZLY-TJ", "CLY"]

SHEETS: list[tuple[str, dict[str, Any]]] = [
    (folder.name, sheet) for folder in readings.folders() for sheet in readings.sheets(folder)
]
ALL: list[dict[str, Any]] = [item | {"folder": name} for name, sheet in SHEETS for item in sheet["items"]]
ITEMS = [item for item in ALL if item["kind"] != "case"]
CASES = [item for item in ALL if item["kind"] == "case"]
QUESTIONS = ITEMS + [part | {"code": case["code"] + part["code"]} for case in CASES for part in case["part"]]


def test_every_file_names_its_position_and_block_and_stays_short() -> None:
    assert [sheet["block"] for name, sheet in SHEETS if sheet["position"] != FOLDERS[name]] == []
    blocks = Counter(sheet["block"] for _, sheet in SHEETS)
    assert [block for block, times in blocks.items() if times > 1] == []
    assert [sheet["block"] for _, sheet in SHEETS if not (sheet["block_name"] and sheet["block_name_en"])] == []
    files = [path for folder in readings.folders() for path in folder.glob("*.toml") if path.name != readings.RECORD]
    assert [path.name for path in files if len(path.read_text("utf-8").splitlines()) >= 300] == []


def test_there_are_about_120_common_items_and_at_least_40_of_each_position_s_own() -> None:
    count = Counter(item["folder"] for item in ALL)
    assert count == {"common": 120, "sgy-tj": 50, "zly-tj": 45, "cly": 45}


def test_codes_are_unique_and_say_whose_the_item_is_and_its_kind() -> None:
    assert [code for code, times in Counter(item["code"] for item in ALL).items() if times > 1] == []
    start = {folder: position or "COM" for folder, position in FOLDERS.items()}
    wrong = [
        item["code"]
        for item in ALL
        if not re.fullmatch(rf"{start[item['folder']]}-{LETTER[item['kind']]}-\d{{2,3}}", item["code"])
    ]
    assert wrong == []


def test_every_question_has_the_options_of_its_kind() -> None:
    options = {"single": 4, "multiple": 5, "judgement": 0}
    assert [q["code"] for q in QUESTIONS if len(q.get("options", [])) != options[q["kind"]]] == []
    assert [q["code"] for q in QUESTIONS if len(set(q.get("options", []))) != options[q["kind"]]] == []


def test_every_key_is_one_that_its_kind_allows() -> None:
    shapes = {"single": "[ABCD]", "multiple": "(?=.{2,4}$)A?B?C?D?E?", "judgement": "[TF]"}
    assert [q["code"] for q in QUESTIONS if not re.fullmatch(shapes[q["kind"]], q["key"])] == []


def test_a_case_has_a_readable_stem_and_its_four_parts() -> None:
    assert [case["code"] for case in CASES if [(p["code"], p["kind"]) for p in case["part"]] != PARTS] == []
    han = {case["code"]: len(re.findall(r"[\u4e00-\u9fff]", case["stem"])) for case in CASES}
    assert {code: length for code, length in han.items() if not 80 <= length <= 160} == {}


def test_no_two_stems_are_equal() -> None:
    stems = Counter(re.sub(r"\W", "", text["stem"]) for text in QUESTIONS + CASES)
    assert [stem for stem, times in stems.items() if times > 1] == []


def test_no_letter_is_right_too_often() -> None:
    single = Counter(q["key"] for q in QUESTIONS if q["kind"] == "single")
    assert {letter for letter, times in single.items() if times > 0.4 * single.total()} == set()
    assert set(single) == set("ABCD")
    judged = Counter(q["key"] for q in QUESTIONS if q["kind"] == "judgement")
    assert {key for key, times in judged.items() if times > 0.6 * judged.total()} == set()
    shapes = Counter(q["key"] for q in QUESTIONS if q["kind"] == "multiple")
    assert {shape for shape, times in shapes.items() if times > 0.4 * shapes.total()} == set()


def test_every_item_tells_its_topic_and_difficulty() -> None:
    assert [item["code"] for item in ALL if not item.get("topic", "").strip()] == []
    assert [item["code"] for item in ALL if item.get("difficulty") not in (1, 2, 3)] == []


def test_every_question_gives_a_reason_that_does_not_lean_on_option_letters() -> None:
    assert [q["code"] for q in QUESTIONS if len(q.get("reason", "").strip()) < 8] == []
    assert [q["code"] for q in QUESTIONS if re.search(r"选项|选[A-E]|[A-E]项", q["reason"])] == []
    assert [q["code"] for q in QUESTIONS if re.search(r"以上[都均]", "".join(q.get("options", [])))] == []


def test_every_item_is_noted_as_it_is_and_read_twice_or_listed_as_unread() -> None:
    """Whoever changes an item takes note of it (readings register), and so it is unread again."""
    noted = {code: reading for folder in readings.folders() for code, reading in readings.read_record(folder).items()}
    assert [item["code"] for item in ALL if item["code"] not in noted] == []
    assert sorted(noted.keys() - {item["code"] for item in ALL}) == []
    assert [item["code"] for item in ALL if noted[item["code"]].digest != readings.digest(item)] == []
    left = [code for folder in readings.folders() for code in readings.unread(folder)]
    assert (readings.BANK / readings.UNREAD).read_text("utf-8").split() == left


@pytest.fixture(scope="module")
def bank(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The provincial bank with the demonstration's items, in a transaction round all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        tenancy.enter(None)
        questions.load(at=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(bank: None, public_db: None) -> None:
    """The bank; what a test does to it is undone after it."""


@pytest.mark.usefixtures("loaded")
def test_the_items_are_loaded_once_each_and_marked_as_made_for_demonstration() -> None:
    assert Item.objects.count() == len(ALL)
    assert Item.objects.filter(current__demo=True).count() == len(ALL)
    assert Item.objects.filter(common=True, position="").count() == 120


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("position", POSITIONS)
def test_two_papers_of_a_position_share_less_than_half(position: str, at: datetime) -> None:
    pack = pack_queries.pack_at(at)
    for seed in range(5):
        first = bank_operations.draw_paper(pack=pack, position=position, seed=f"{seed}-a", at=at)
        second = bank_operations.draw_paper(pack=pack, position=position, seed=f"{seed}-b", at=at, avoiding=[first.id])
        codes = [{item.code for item in bank_queries.sheet(paper.id).items} for paper in (first, second)]
        assert [len(paper) for paper in codes] == [74, 74]
        assert 2 * len(codes[0] & codes[1]) < 74
        assert [any(code.startswith(position) for code in paper) for paper in codes] == [True, True]
        assert {code.rsplit("-", 2)[0] for code in codes[0] | codes[1]} == {"COM", position}


@pytest.mark.usefixtures("loaded")
def test_the_three_positions_have_two_papers_and_every_other_is_said_to_be_too_thin(at: datetime) -> None:
    reports = {report.position: report for report in bank_queries.feasibilities(pack=pack_queries.pack_at(at))}
    assert len(reports) == 13
    assert [(reports[key].ample, reports[key].disjoint, reports[key].missing) for key in POSITIONS] == [
        (True, 2, "")
    ] * 3
    others = [report for key, report in reports.items() if key not in POSITIONS]
    assert [(r.possible, r.ample, r.disjoint) for r in others] == [(False, False, 0)] * 10
    assert {tuple((s.kind, s.needed, s.available, s.own) for s in r.shortages) for r in others} == {
        tuple((kind, 1, 0, True) for kind in ("single", "multiple", "judgement", "case"))
    }


def test_a_reading_is_recorded_and_a_later_change_makes_the_item_unread(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "BANK", tmp_path)
    folder = tmp_path / "x"
    folder.mkdir()
    text = '[[item]]\ncode = "X-{n}"\nkind = "judgement"\nstem = "{n}"\nkey = "T"\nreason = "r"\n'
    sheet = folder / "block.toml"
    sheet.write_text('block = "b"\nblock_name = "B"\n' + "".join(text.format(n=n) for n in (1, 2, 3)), "utf-8")
    day = datetime(2026, 3, 2).date()
    assert readings.register(folder, day) == ["X-1", "X-2", "X-3"]
    assert "key" not in readings.show(folder)
    disagreements = readings.record(folder, readings.answers_in("X-1 T\nX-2 F # why so\n"), day)
    assert disagreements == ["X-2: answered F, the key is T"]
    assert readings.unread(folder) == ["X-2", "X-3"]
    record_by_code = readings.read_record(folder)
    assert [
        (record_by_code[c].verdict, record_by_code[c].answer, record_by_code[c].remark) for c in ("X-1", "X-2", "X-3")
    ] == [
        ("agreed", "", ""),
        ("disputed", "X-2 F", "why so"),
        ("", "", ""),
    ]
    assert readings.record(folder, readings.answers_in("X-2 T"), day) == []
    assert readings.read_record(folder)["X-2"].verdict == "upheld"
    assert (tmp_path / readings.UNREAD).read_text("utf-8") == "X-3\n"
    sheet.write_text(sheet.read_text("utf-8").replace('stem = "1"', 'stem = "one"'), "utf-8")
    assert readings.unread(folder) == ["X-1", "X-3"]
