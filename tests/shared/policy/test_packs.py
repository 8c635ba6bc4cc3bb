"""Pack files: what the shipped one says, where each value stands, and how faults are told."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from shared.policy.methods.authorities import read_authorities
from shared.policy.templatetags.policy import policy_source
from shared.policy.values.problems import PackFileError
from shared.policy.values.reading import read

PACKS = Path(__file__).parents[3] / "platform/shared/policy/packs"
TEXT = (PACKS / "jiangxi-2020.toml").read_text()
PACK = read(TEXT).pack


def test_the_shipped_pack_says_what_the_policy_says() -> None:
    assert PACK.version == "jiangxi-2020@5"
    assert [p.key for p in PACK.certifiable] == [
        "SGY-TJ", "SGY-ZS", "SGY-SB", "SGY-SZ", "ZLY-TJ", "ZLY-ZS", "ZLY-SB", "ZLY-SZ",
        "CLY", "JXY", "LWY", "ZLIY", "BZY",
    ]  # fmt: skip
    assert (PACK.clocks.verification_days, PACK.clocks.notice_days) == (10, 5)
    assert (PACK.stars.learner_percent, PACK.stars.authority_percent, PACK.stars.run_month) == (70, 30, 1)
    assert (PACK.education.employer_hours, PACK.education.online_hours, PACK.conversion.hours) == (20, 44, 32)
    assert [c.key for c in PACK.institutions.categories if c.verified_by == "province"] == [
        "provincial-unit", "vocational-college", "hr-approved",
    ]  # fmt: skip


def test_the_paper_adds_up() -> None:
    assert PACK.paper.items == 74
    assert [part.points for part in PACK.paper.section("case").parts] == [1, 1, 2, 1]


def test_no_figure_that_the_policy_does_not_say_is_passed_off_as_its_own() -> None:
    ours = ["learning.hours", "paper", "retest", "stars.cuts", "draw", "eligibility.minimum_age", "commitment"]
    assert [source.from_policy for path in ours for source in PACK.sources_of(path)] == [
        False for path in ours for _source in PACK.sources_of(path)
    ]
    assert PACK.source("learning.hours.CLY").demo


def test_a_source_is_told_as_people_write_it() -> None:
    with translation.override("zh-hans"):
        assert PACK.source("clocks.notice_days").label == "赣建培〔2020〕1号 二（一）"
    with translation.override("en"):
        assert PACK.source("clocks.notice_days").label == "赣建培〔2020〕1号 2(1)"
        assert PACK.source("paper.minutes").remark.startswith("As in Hubei")


@pytest.mark.parametrize(
    ("failed_on", "last"),
    [
        (date(2026, 3, 3), date(2026, 9, 3)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2027, 6, 1)),
    ],
)
def test_the_time_for_another_test_ends_on_the_same_day_of_a_later_month(failed_on: date, last: date) -> None:
    assert PACK.retest.last_day(failed_on) == last


def test_what_lies_inside_a_value_has_its_source_and_a_section_its_common_one() -> None:
    assert PACK.source("paper.sections.case.parts.2.points") == PACK.source("paper.sections.case.parts")
    assert PACK.source("test").clause == "1.2"
    with pytest.raises(LookupError):
        PACK.source("stars")
    with pytest.raises(LookupError):
        PACK.source("no.such.value")


def test_every_value_has_a_source() -> None:
    def leaves(node: object, path: str) -> list[str]:
        if isinstance(node, dict):
            return [leaf for key, value in node.items() for leaf in leaves(value, f"{path}.{key}" if path else key)]
        return [path]

    sections = PACK.model_dump(
        exclude={"format", "id", "revision", "jurisdiction", "name", "name_en", "effective_to", "documents"},
        exclude_unset=True,  # what the file leaves out is the platform's own
    )
    flat = {k: v for k, v in sections.items() if not isinstance(v, tuple)}
    flat["paper"].pop("blueprints", None)  # none are shipped
    assert [leaf for leaf in leaves(flat, "") if not PACK.sources_of(leaf)] == []


def test_a_third_province_needs_a_file_and_no_code() -> None:
    text = TEXT.replace('id = "jiangxi-2020"', 'id = "hunan-2027"').replace(
        'jurisdiction = "360000"', 'jurisdiction = "430000"'
    )
    text = text.replace("notice_days = { value = 5,", "notice_days = { value = 7,")
    pack = read(text).pack
    assert (pack.version, pack.jurisdiction, pack.clocks.notice_days) == ("hunan-2027@5", "430000", 7)


def test_comments_and_layout_do_not_change_the_digest_but_values_and_sources_do() -> None:
    digest = read(TEXT).digest
    assert read("# a comment\n\n" + TEXT).digest == digest
    assert read(TEXT.replace("pass_mark = 60", "pass_mark = 61")).digest != digest
    assert read(TEXT.replace('"implementation-opinion:2.2"', '"implementation-opinion:2.3"')).digest != digest


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(PackFileError) as refusal:
        read(
            TEXT.replace("pass_mark = 60", 'pass_mark = "60"').replace(
                "minimum_sample = { value = 5", "minimum_sample = { value = -1"
            )
        )
    assert [problem.key for problem in refusal.value.problems] == ["paper.pass_mark", "stars.minimum_sample"]


def test_the_authorities_are_the_province_eleven_cities_the_new_area_and_a_hundred_counties() -> None:
    listed = read_authorities((PACKS / "authorities/360000.toml").read_text()).listed()
    levels = [entry.level for entry in listed]
    assert {level: levels.count(level) for level in set(levels)} == {
        "province": 1, "city": 11, "new_area": 1, "county": 100,
    }  # fmt: skip
    assert [entry.code for entry in listed if entry.pseudo] == ["36GJXQ"]
    assert all(entry.code[:4] == entry.parent[:4] for entry in listed if entry.level == "county")


def test_sources_of_one_place_are_one_badge_with_all_that_is_remarked() -> None:
    assert len(PACK.sources_of("institutions.categories")) == 2
    with translation.override("zh-hans"):
        badges = policy_source({"pack": PACK}, "institutions.categories")["badges"]
        assert [(badge["source"].label, badge["remark"], badge["noted"]) for badge in badges] == [
            (
                "赣建培〔2020〕1号 二（一）",
                "类别名称为本平台所设；其余机构由属地设区市核查为政策规定。",
                False,
            )
        ]


@pytest.mark.parametrize(("demonstration", "words"), [(True, "演示数据"), (False, "示例数值")])
def test_a_figure_that_no_document_gives_is_demonstration_data_in_a_demonstration_only(
    settings: Any, demonstration: bool, words: str
) -> None:
    settings.NUOXING_DEMO = demonstration
    with translation.override("zh-hans"):
        page = Template('{% load policy %}{% policy_source "learning.hours.CLY" %}').render(Context({"pack": PACK}))
    assert [word for word in ("演示数据", "示例数值") if word in page] == [words]
