"""Packs written and compared: the text says what the body says, and a difference is told where it stands."""

import json
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from kernel.access import SYSTEM
from shared.lawbook.methods.differences import differences
from shared.policy import operations as policy
from shared.policy.operations import packs
from shared.policy.queries import packs as pack_queries
from shared.policy.values.problems import PackFileError
from shared.policy.values.reading import read, read_body
from shared.policy.values.writing import as_revision, toml_of

PACKS = Path(policy.__file__).parents[1] / "packs"
FILES = sorted(PACKS.glob("*.toml"))
BODY = read((PACKS / "jiangxi-2020.toml").read_text()).body


def changed() -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.dumps(BODY))
    return body


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_written_pack_reads_as_the_same_and_is_written_the_same_again(file: Path) -> None:
    reading = read(file.read_text())
    text = toml_of(reading.body)
    assert read(text).digest == reading.digest
    assert toml_of(read(text).body) == text


def test_the_order_in_which_a_body_is_kept_does_not_change_its_text() -> None:
    sorted_body = json.loads(json.dumps(BODY, sort_keys=True))
    assert toml_of(sorted_body) == toml_of(BODY)


def test_a_draft_with_faults_is_written_whole_and_its_faults_are_told_by_key() -> None:
    body = changed()
    body["clocks"]["notice_days"]["value"] = "five"
    body["clocks"]["surprise"] = {"value": 1, "source": "not-from-policy"}
    assert 'notice_days = { value = "five",' in toml_of(body)
    with pytest.raises(PackFileError) as refusal:
        read_body(body)
    assert {problem.key for problem in refusal.value.problems} == {"clocks.notice_days", "clocks.surprise"}
    with pytest.raises(PackFileError) as refusal:
        read(toml_of(body))
    lines = toml_of(body).splitlines()
    assert [lines[(problem.line or 0) - 1].split(" ")[0] for problem in refusal.value.problems] == [
        "notice_days",
        "surprise",
    ]


def test_text_with_quotes_and_controls_comes_back_as_it_was() -> None:
    body = changed()
    body["name"] = 'a "b" \\ c\n\td \x7f é 赣'
    assert tomllib.loads(toml_of(body))["name"] == body["name"]
    body["name"] = 'a "b" \\ c é 赣'
    assert read(toml_of(body)).pack.name == body["name"]


def test_equal_packs_differ_in_nothing_and_a_new_revision_in_its_day_only() -> None:
    assert differences(BODY, changed()) == ()
    later = as_revision(BODY, revision=9, effective_from=date(2027, 1, 1))
    assert [(d.path, d.before, d.after) for d in differences(BODY, later)] == [
        ("effective_from", "2020-01-01", "2027-01-01")
    ]


def test_each_kind_of_difference_is_told_at_its_path() -> None:
    body = changed()
    body["clocks"]["notice_days"]["value"] = 7
    body["clocks"]["publication_days"]["source"] = "implementation-opinion:5"
    body["stars"]["cuts"][0]["at_least"] = 95
    body["commitment"]["clauses"].pop()
    body["fees"]["items"].append(
        {"key": "board", "name": "食宿费", "name_en": "Board", "units": ["person"], "source": "not-from-policy"}
    )
    body["positions"] = body["positions"][::-1]
    by_path = {d.path: (d.kind, d.before, d.after) for d in differences(BODY, body)}
    assert by_path.pop("clocks.notice_days") == ("changed", 5, 7)
    assert by_path.pop("clocks.publication_days") == ("source_changed", 20, 20)
    assert by_path.pop("stars.cuts.five.at_least") == ("changed", 90, 95)
    assert by_path.pop("fees.items.board.units") == ("added", None, ["person"])
    assert by_path.pop("commitment.clauses.removal.name_en")[0] == "removed"
    assert by_path.pop("positions")[2][0] == "AQY"
    assert sorted(by_path) == ["commitment.clauses.removal.name", "fees.items.board.name", "fees.items.board.name_en"]


def test_a_difference_names_both_sources() -> None:
    body = changed()
    body["clocks"]["notice_days"]["source"] = "not-from-policy"
    (difference,) = differences(BODY, body)
    assert difference.source_before is not None
    assert difference.source is not None
    assert (difference.source_before.clause, difference.source.from_policy) == ("2.1", False)


@pytest.mark.usefixtures("public_db")
def test_an_approved_body_becomes_the_next_revision_on_its_day(at: datetime) -> None:
    version = pack_queries.pack_at(at).version
    body = json.loads(json.dumps(pack_queries.body(version)))
    body["clocks"]["notice_days"]["value"] = 7
    pack = packs.load_revision(body=body, effective_from=date(2026, 7, 1), by=SYSTEM, at=at)
    last = pack_queries.last_revision("jiangxi-2020")
    assert pack.version == f"jiangxi-2020@{last}"
    assert pack_queries.pack_at(date(2026, 6, 30)).version == version
    assert pack_queries.pack_at(date(2026, 7, 1)).clocks.notice_days == 7
    assert [v.version for v in pack_queries.versions()][:2] == [pack.version, version]


@pytest.mark.usefixtures("public_db")
def test_no_revision_begins_today_or_before_and_none_with_faults(at: datetime) -> None:
    before = pack_queries.versions()
    body = json.loads(json.dumps(pack_queries.body(pack_queries.pack_at(at).version)))
    with pytest.raises(packs.RevisionTooEarly):
        packs.load_revision(body=body, effective_from=at.date(), by=SYSTEM, at=at)
    body["clocks"]["notice_days"]["value"] = -1
    with pytest.raises(packs.FileUnreadable):
        packs.load_revision(body=body, effective_from=date(2027, 1, 1), by=SYSTEM, at=at)
    assert pack_queries.versions() == before


@pytest.mark.usefixtures("public_db")
def test_the_tenth_revision_comes_after_the_ninth(at: datetime) -> None:
    body = pack_queries.body(pack_queries.pack_at(at).version)
    for _n in range(10):
        packs.load_revision(body=body, effective_from=date(2027, 1, 1), by=SYSTEM, at=at)
    assert (
        pack_queries.pack_at(date(2027, 1, 1)).version == f"jiangxi-2020@{pack_queries.last_revision('jiangxi-2020')}"
    )
    assert pack_queries.last_revision("jiangxi-2020") >= 11
