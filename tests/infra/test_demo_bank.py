"""The demonstration bank is whole: every item can be shown, marked and explained, and papers can be drawn from it."""

import random
import re
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "infra" / "demo" / "bank" / "sgy-tj"
LEAST = {"single": 66, "multiple": 24, "judgement": 34, "case": 12}
PAPER = {"single": 40, "multiple": 10, "judgement": 20, "case": 4}
LETTER = {"single": "S", "multiple": "M", "judgement": "J"}
PARTS = [("a", "single"), ("b", "single"), ("c", "multiple"), ("d", "judgement")]

FILES: list[dict[str, Any]] = [tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
ITEMS: list[dict[str, Any]] = [item | {"block": file["block"]} for file in FILES for item in file["item"]]
CASES: list[dict[str, Any]] = [
    case | {"block": file["block"], "kind": "case"} for file in FILES for case in file["case"]
]
QUESTIONS = ITEMS + [part | {"code": case["code"] + part["code"]} for case in CASES for part in case["part"]]


def drawn(seed: int, seen: frozenset[str] = frozenset()) -> set[str]:
    """Draw one paper: block after block in turn, in a seeded order, items not yet seen first."""
    chance = random.Random(seed)
    paper: set[str] = set()
    for kind, wanted in PAPER.items():
        blocks: dict[str, list[str]] = defaultdict(list)
        for item in ITEMS + CASES:
            if item["kind"] == kind:
                blocks[item["block"]].append(item["code"])
        for codes in blocks.values():
            chance.shuffle(codes)
            codes.sort(key=lambda code: code not in seen)  # taken from the end
        order = sorted(blocks)
        chance.shuffle(order)
        taken = 0
        while taken < wanted:
            for block in order:
                if blocks[block] and taken < wanted:
                    paper.add(blocks[block].pop())
                    taken += 1
    return paper


def test_every_file_names_its_position_and_block_and_stays_short() -> None:
    assert [file["position"] for file in FILES] == ["SGY-TJ"] * len(FILES)
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == sorted(file["block"] for file in FILES)
    assert [file["block"] for file in FILES if not (file["block_name"] and file["block_name_en"])] == []
    assert [path.name for path in FOLDER.glob("*.toml") if len(path.read_text("utf-8").splitlines()) >= 300] == []


def test_the_bank_holds_enough_of_every_kind() -> None:
    count = Counter(item["kind"] for item in ITEMS + CASES)
    assert {kind for kind, least in LEAST.items() if count[kind] < least} == set()
    assert count.total() >= 160


def test_codes_are_unique_and_say_the_kind() -> None:
    codes = [item["code"] for item in ITEMS + CASES]
    assert [code for code, times in Counter(codes).items() if times > 1] == []
    wrong = [i["code"] for i in ITEMS if not re.fullmatch(rf"SGY-TJ-{LETTER[i['kind']]}-\d{{3}}", i["code"])]
    assert wrong == []
    assert [case["code"] for case in CASES if not re.fullmatch(r"SGY-TJ-C-\d{2}", case["code"])] == []


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


def test_every_item_tells_its_topic_and_difficulty_and_was_read_twice() -> None:
    assert [item["code"] for item in ITEMS + CASES if not item.get("topic", "").strip()] == []
    assert [item["code"] for item in ITEMS + CASES if item.get("difficulty") not in (1, 2, 3)] == []
    assert [item["code"] for item in ITEMS + CASES if item.get("read") != "second"] == []


def test_every_question_gives_a_reason_that_does_not_lean_on_option_letters() -> None:
    assert [q["code"] for q in QUESTIONS if len(q.get("reason", "").strip()) < 8] == []
    assert [q["code"] for q in QUESTIONS if re.search(r"选项|选[A-E]|[A-E]项", q["reason"])] == []


def test_every_block_holds_its_share_of_a_paper_twice() -> None:
    have = Counter((item["block"], item["kind"]) for item in ITEMS)
    share = {kind: -(-PAPER[kind] // len(FILES)) for kind in LETTER}
    thin = [(f["block"], kind) for f in FILES for kind in LETTER if have[f["block"], kind] < 2 * share[kind]]
    assert thin == []
    assert [file["block"] for file in FILES if not file["case"]] == []


def test_two_papers_can_be_drawn_that_share_less_than_half() -> None:
    for seed in range(20):
        first = drawn(seed)
        second = drawn(seed + 1000, seen=frozenset(first))
        assert len(first) == len(second) == sum(PAPER.values())
        assert len(first & second) < len(first) / 2
