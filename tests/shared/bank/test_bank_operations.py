"""Items come in, papers are drawn and marked; keys stay where they are."""

import uuid
from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from kernel import access, audit, tenancy
from kernel.access import SYSTEM
from kernel.errors import NotFound
from shared.bank import operations as bank
from shared.bank import queries as bank_queries
from shared.bank.models import Item, ItemVersion, Paper, PaperKey
from shared.policy.queries import packs as pack_queries

pytestmark = pytest.mark.usefixtures("public_db")


@pytest.fixture
def full(public_db: None, make_bank: Any, at: datetime) -> None:
    """A bank that makes whole papers."""
    bank.import_items(items=make_bank(), by=SYSTEM, at=at)


def test_the_same_items_twice_change_nothing_the_second_time(make_bank: Any, at: datetime) -> None:
    first = bank.import_items(items=make_bank(3, 2, 1, 1), by=SYSTEM, at=at)
    second = bank.import_items(items=make_bank(3, 2, 1, 1), by=SYSTEM, at=at)
    assert asdict(first) == {"created": 7, "revised": 0, "unchanged": 0}
    assert asdict(second) == {"created": 0, "revised": 0, "unchanged": 7}
    assert (Item.objects.count(), ItemVersion.objects.count()) == (7, 7)


def test_a_changed_item_becomes_a_new_version_and_the_old_one_stays(make_draft: Any, at: datetime) -> None:
    bank.import_items(items=[make_draft("single", 1)], by=SYSTEM, at=at)
    bank.import_items(items=[make_draft("single", 1, key="C", block="new")], by=SYSTEM, at=at)
    item = Item.objects.get()
    assert [(v.number, v.key) for v in item.versions.order_by("number")] == [(1, "B"), (2, "C")]
    assert item.current is not None
    assert (item.current.number, item.block) == (2, "new")
    assert [note.verb for note in audit.history(item)] == ["bank.item.created", "bank.item.revised"]


@pytest.mark.parametrize(
    ("changed", "fault_text"),
    [
        ({"key": "E"}, "the key is not letters of its options in order"),
        ({"key": "AB"}, "a single choice has exactly one right option"),
        ({"options": ("one", "one")}, "has empty or equal options"),
        ({"stem": " "}, "has no stem"),
        ({"kind": "essay"}, "unknown kind essay"),
        ({"kind": "multiple", "key": "B"}, "a multiple choice has at least two right options"),
        ({"kind": "judgement", "options": (), "key": "X"}, "a judgement's key is T or F"),
        ({"kind": "case", "options": (), "key": ""}, "a case without parts"),
    ],
)
def test_an_unsound_item_is_told_and_nothing_is_imported(
    make_draft: Any, at: datetime, changed: dict[str, Any], fault_text: str
) -> None:
    items = [make_draft("judgement", 1), make_draft("single", 2, **changed)]
    with translation.override("en"), pytest.raises(bank.UnsoundItems) as refused:
        bank.import_items(items=items, by=SYSTEM, at=at)
    assert fault_text in [fault.what for fault in refused.value.faults]
    assert Item.objects.count() == 0


def test_two_items_of_one_code_are_refused(make_draft: Any, at: datetime) -> None:
    with pytest.raises(bank.UnsoundItems):
        bank.import_items(items=[make_draft("single", 1), make_draft("single", 1)], by=SYSTEM, at=at)
    assert Item.objects.count() == 0


def test_a_code_of_another_kind_is_refused_and_changes_nothing(make_draft: Any, at: datetime) -> None:
    bank.import_items(items=[make_draft("single", 1)], by=SYSTEM, at=at)
    other = replace(make_draft("judgement", 9), code=make_draft("single", 1).code)
    with pytest.raises(bank.CodeTaken):
        bank.import_items(items=[make_draft("single", 2), other], by=SYSTEM, at=at)
    assert list(Item.objects.values_list("code", "kind")) == [("T-S-001", "single")]


def test_who_is_no_editor_imports_nothing(make_draft: Any, at: datetime, as_actor: Any) -> None:
    with pytest.raises(access.Denied):
        bank.import_items(items=[make_draft("single", 1)], by=as_actor("registrar"), at=at)
    assert Item.objects.count() == 0


@pytest.mark.usefixtures("full")
def test_a_drawn_paper_shows_74_items_and_86_questions_and_no_key(at: datetime) -> None:
    value = bank.draw_paper(pack=pack_queries.pack_at(at), position="SGY-TJ", seed="s-1", at=at)
    assert (value.items, value.questions) == (74, 86)
    sheet = bank_queries.sheet(value.id)
    assert (len(sheet.items), sheet.questions) == (74, 86)
    assert sheet.items[0].options[0].key == "A"
    assert [part.code for part in sheet.items[-1].parts] == ["a", "b", "c", "d"]
    assert "key" not in {field for item in sheet.items for field in asdict(item)}
    assert [option.key for option in sheet.items[50].options] == ["T", "F"]


@pytest.mark.usefixtures("full")
def test_shown_options_are_the_same_texts_in_the_stored_order(at: datetime) -> None:
    value = bank.draw_paper(pack=pack_queries.pack_at(at), position="SGY-TJ", seed="s-1", at=at)
    slot = Paper.objects.get(pk=value.id).slots[0]
    version = ItemVersion.objects.get(pk=slot["version"])
    shown = [option.text for option in bank_queries.sheet(value.id).items[0].options]
    assert shown == [version.options["ABCD".index(letter)] for letter in slot["orders"][""]]


@pytest.mark.usefixtures("full")
def test_the_same_seed_draws_the_same_paper_and_other_seeds_others(at: datetime) -> None:
    seeds = ["s-1", "s-2", "s-1"]
    papers = bank.draw_papers(pack=pack_queries.pack_at(at), position="SGY-TJ", seeds=seeds, at=at)
    slots = [Paper.objects.get(pk=paper.id).slots for paper in papers]
    assert slots[0] == slots[2] != slots[1]


@pytest.mark.usefixtures("full")
def test_the_key_itself_scores_100_and_a_revised_item_does_not_change_an_old_paper(
    make_draft: Any, at: datetime
) -> None:
    value = bank.draw_paper(pack=pack_queries.pack_at(at), position="SGY-TJ", seed="s-1", at=at)
    right = {m["name"]: m["key"] for m in PaperKey.objects.get(pk=value.id).question_keys}
    before = bank_queries.sheet(value.id)
    assert bank.score(paper_id=value.id, answers=right).points == Decimal(100)
    changed = [replace(make_draft("single", n, f"block-{n % 5}"), key="D", stem="changed") for n in range(80)]
    assert bank.import_items(items=changed, by=SYSTEM, at=at).revised == 80
    assert bank_queries.sheet(value.id) == before
    assert bank.score(paper_id=value.id, answers=right).points == Decimal(100)
    wrong = right | {"1": "", "71.c": "A"}
    assert bank.score(paper_id=value.id, answers=wrong).points == Decimal(97)


def test_a_bank_that_is_too_small_draws_nothing(make_bank: Any, at: datetime) -> None:
    bank.import_items(items=make_bank(case=3), by=SYSTEM, at=at)
    with pytest.raises(bank.BankTooSmall) as refused:
        bank.draw_paper(pack=pack_queries.pack_at(at), position="SGY-TJ", seed="s", at=at)
    assert "案例题：现有3题，需4题" in str(refused.value)
    assert (Paper.objects.count(), PaperKey.objects.count()) == (0, 0)


@pytest.mark.usefixtures("full")
def test_the_feasibility_report_says_how_many_papers_and_what_each_block_holds(at: datetime) -> None:
    report = bank_queries.feasibility("SGY-TJ", pack=pack_queries.pack_at(at))
    assert (report.possible, report.disjoint) == (True, 2)
    assert report.blocks[0].counts == {"single": 16, "multiple": 6, "judgement": 8, "case": 3}
    empty = bank_queries.feasibility("CLY", pack=pack_queries.pack_at(at))
    assert (empty.possible, empty.disjoint, empty.ample) == (False, 0, False)
    assert [(s.kind, s.needed, s.available) for s in empty.shortages if not s.own] == [
        ("single", 40, 0),
        ("multiple", 10, 0),
        ("judgement", 20, 0),
        ("case", 4, 0),
    ]


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("papers", [1, 3])
def test_drawing_takes_the_same_number_of_queries_for_one_and_for_three(
    at: datetime, papers: int, django_assert_num_queries: Any
) -> None:
    pack = pack_queries.pack_at(at)
    with django_assert_num_queries(5):
        bank.draw_papers(pack=pack, position="SGY-TJ", seeds=[f"s-{n}" for n in range(papers)], at=at)


@pytest.mark.usefixtures("full")
def test_a_retired_item_is_drawn_no_more(at: datetime) -> None:
    with tenancy.as_owner():
        Item.objects.filter(kind="case").exclude(code__in=["T-C-000", "T-C-001", "T-C-002"]).update(retired_at=at)
    assert [s.kind for s in bank_queries.feasibility("SGY-TJ", pack=pack_queries.pack_at(at)).shortages] == ["case"]


def common(item: Any) -> Any:
    """Return the same item for every position."""
    return replace(item, position="")


def test_a_common_item_is_one_item_in_the_pool_of_every_position(make_draft: Any, at: datetime) -> None:
    items = [common(make_draft("single", 1)), make_draft("single", 2), make_draft("single", 3, position="CLY")]
    bank.import_items(items=items, by=SYSTEM, at=at)
    pools = {key: [(q.code, q.common) for q in bank_queries.pool(key)] for key in ("SGY-TJ", "CLY", "BZY")}
    assert pools == {
        "SGY-TJ": [("T-S-001", True), ("T-S-002", False)],
        "CLY": [("T-S-001", True), ("T-S-003", False)],
        "BZY": [("T-S-001", True)],
    }


@pytest.mark.parametrize(("shared", "position"), [(True, "SGY-TJ"), (False, "")])
def test_the_database_refuses_a_common_item_of_a_position_and_an_own_item_of_none(
    at: datetime, shared: bool, position: str
) -> None:
    with pytest.raises(IntegrityError, match="bank_item_common_or_of_a_position"), transaction.atomic():
        Item.objects.create(code="T", position=position, common=shared, kind="single", block="b", entered_at=at)
    assert Item.objects.count() == 0


def test_an_own_item_does_not_become_common_under_its_code(make_draft: Any, at: datetime) -> None:
    bank.import_items(items=[make_draft("single", 1)], by=SYSTEM, at=at)
    with pytest.raises(bank.CodeTaken):
        bank.import_items(items=[common(make_draft("single", 1))], by=SYSTEM, at=at)
    assert list(Item.objects.values_list("position", "common")) == [("SGY-TJ", False)]


def test_a_paper_of_common_items_alone_is_not_drawn(make_bank: Any, at: datetime) -> None:
    bank.import_items(items=[common(item) for item in make_bank()], by=SYSTEM, at=at)
    with pytest.raises(bank.BankTooSmall) as refused:
        bank.draw_paper(pack=pack_queries.pack_at(at), position="SGY-TJ", seed="s", at=at)
    lack = "没有本岗位专有的题目（单选题、多选题、判断题、案例题），每种至少需1题"
    assert str(refused.value) == f"题库暂不能为该岗位组成一份完整试卷：{lack}。"
    assert (Paper.objects.count(), PaperKey.objects.count()) == (0, 0)


@pytest.mark.usefixtures("full")
def test_a_paper_that_avoids_another_says_so_and_one_that_is_not_there_is_refused(at: datetime) -> None:
    pack = pack_queries.pack_at(at)
    first = bank.draw_paper(pack=pack, position="SGY-TJ", seed="s-1", at=at)
    second = bank.draw_paper(pack=pack, position="SGY-TJ", seed="s-1", at=at, avoiding=[first.id])
    assert bank_queries.codes_on([first.id]) & bank_queries.codes_on([second.id]) == frozenset()
    assert Paper.objects.get(pk=second.id).avoided_papers == [str(first.id)]
    with pytest.raises(NotFound):
        bank.draw_paper(pack=pack, position="SGY-TJ", seed="s-1", at=at, avoiding=[uuid.uuid4()])
    assert Paper.objects.count() == 2


@pytest.mark.usefixtures("full")
def test_the_report_names_what_each_position_holds_and_lacks(make_draft: Any, at: datetime) -> None:
    bank.import_items(items=[common(make_draft("case", 90, "basics"))], by=SYSTEM, at=at)
    reports = {report.position: report for report in bank_queries.feasibilities(pack=pack_queries.pack_at(at))}
    own = reports["SGY-TJ"]
    assert own == bank_queries.feasibility("SGY-TJ", pack=pack_queries.pack_at(at))
    assert (own.possible, own.ample, own.overlap, own.missing) == (True, True, 0, "")
    assert [(k.kind, k.needed, k.own, k.common) for k in own.kinds][-1] == ("case", 4, 15, 1)
    assert [(block.block, block.common) for block in own.blocks][-1] == ("basics", True)
    thin = reports["BZY"]
    assert [(s.kind, s.needed, s.available) for s in thin.shortages if s.kind == "case"] == [
        ("case", 4, 1),
        ("case", 1, 0),
    ]
    assert [(block.block, block.common) for block in thin.blocks] == [("basics", True)]


@pytest.mark.parametrize("size", [1, 3])
def test_the_report_of_all_positions_is_one_query(
    make_bank: Any, at: datetime, size: int, django_assert_num_queries: Any
) -> None:
    bank.import_items(items=make_bank(size, size, size, size), by=SYSTEM, at=at)
    pack = pack_queries.pack_at(at)
    with django_assert_num_queries(1):
        bank_queries.feasibilities(pack=pack)
