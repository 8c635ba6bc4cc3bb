"""A third province is a file and no code: one that nobody wrote anything for runs the house."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from kernel import access
from kernel.access import SYSTEM
from kernel.errors import Refusal
from kernel.fields import uuid7
from kernel.money import Money
from shared.bank.methods import drawing, scoring
from shared.bank.methods import items as item_methods
from shared.bank.methods import paper as paper_methods
from shared.identity.operations import accounts
from shared.institutions.queries import organisations
from shared.policy.methods.education import CompletedHours, missing_hours
from shared.policy.methods.numbering import certificate_number
from shared.policy.operations import caps, packs
from shared.policy.queries import authorities
from shared.policy.queries import caps as cap_queries
from shared.policy.queries import packs as pack_queries
from shared.policy.values.eligibility import Eligible
from shared.policy.values.pack import Pack
from shared.rankings import methods as rankings_methods
from shared.rankings.queries import questions as ranking_questions
from shared.registry.operations import drafts as registry_drafts
from shared.registry.operations import signing, verifications
from shared.registry.queries import notices as registry_notices

pytestmark = pytest.mark.usefixtures("public_db")

PACK = """
format = 2
id = "farland"
revision = 1
jurisdiction = "990000"
name = "远省规则"
name_en = "Rules of Farland"
effective_from = { value = 2025-05-01, source = "order:1" }

[[documents]]
key = "order"
number = "远建〔2025〕3号"
title = "远省培训令"
title_en = "Order of Farland"

[[positions]]
key = "MASON"
name = "砌筑员"
name_en = "Mason"
group = "walls"
admission = "open"
certifiable = true
source = "order:1"

[[positions]]
key = "RIGGER"
name = "吊装员"
name_en = "Rigger"
group = "height"
admission = "strict"
certifiable = true
source = "order:1"

[eligibility]
source = "order:2"
minimum_age = 20
[eligibility.ceiling]
strategy = "fixed"
men_under = 50
women_under = 45
[[eligibility.admissions]]
key = "open"
name = "普通"
name_en = "Ordinary"
[[eligibility.admissions]]
key = "strict"
name = "高处"
name_en = "At height"
[[eligibility.educations]]
key = "none"
name = "无"
name_en = "None"
counts_as = "some"
[[eligibility.educations]]
key = "some"
name = "小学"
name_en = "Some"
counts_as = "some"
[[eligibility.educations]]
key = "much"
name = "大学"
name_en = "Much"
counts_as = "much"
[[eligibility.majors]]
key = "any"
name = "不限"
name_en = "Any"
[[eligibility.rows]]
key = "low"
education = "some"
major = "any"
admissions = ["open"]
years = 0
[[eligibility.rows]]
key = "high"
education = "much"
major = "any"
admissions = ["strict"]
years = 7

[clocks]
source = "order:3"
verification_days = 3
notice_days = 8
result_confirmation_days = 0
publication_days = 4

[calendar]
source = "order:3"
fixed_holidays = ["01-01"]
dated_holidays = []

[institutions]
source = "order:4"
existing_examine_themselves = false
existing_before = 2025-05-01
routing_address = "registered"
[[institutions.categories]]
key = "guild"
name = "行会"
name_en = "Guild"
verified_by = "prefecture"
[[institutions.categories]]
key = "crown"
name = "直属"
name_en = "Crown"
verified_by = "province"

[commitment]
source = "order:annex-1"
[[commitment.sections]]
key = "house"
name = "房舍"
name_en = "House"
[[commitment.sections.lines]]
key = "roofs"
name = "屋顶数"
name_en = "Roofs"
kind = "number"
minimum = 2
[[commitment.clauses]]
key = "oath"
name = "如实申报。"
name_en = "We tell the truth."

[fees]
source = "order:5"
document = "order"
[[fees.items]]
key = "apprenticeship"
name = "学徒费"
name_en = "Apprenticeship"
units = ["person"]
owed = "enrolment"
required = true
[[fees.items]]
key = "second-trial"
name = "复试费"
name_en = "Second trial"
units = ["attempt"]
owed = "later"
required = false

[learning]
source = "order:6"
all_hours_before_test = true
minutes_per_class_hour = 50
hours_per_day = 6
[learning.hours]
MASON = 12
RIGGER = 90

[test]
source = "order:7"
subjects = 1
on_site = true
closed_book = true
by_computer = true
score_at_once = true

[paper]
source = "order:7"
minutes = 45
full_mark = 50
pass_mark = 35
multiple_choice = "half-for-subset"
[[paper.sections]]
key = "multiple"
name = "多选"
name_en = "Several"
count = 10
points = 3
[[paper.sections]]
key = "judgement"
name = "判断"
name_en = "True or false"
count = 40
points = 0.5
[[paper.blueprints]]
key = "MASON"
[paper.blueprints.blocks]
stones = 62.5
mortar = 37.5

[retest]
source = "order:7"
window_months = 2
attempts = 1
training_again = true

[sitting]
source = "order:7"
entry_opens_minutes = 5
late_entry_minutes = 0
earliest_leave_minutes = 10
seats_per_room = 12
proctors_per_room = 1
teachers_may_proctor_own_trainees = false

[certificates]
source = "order:8"
title = "远省合格证"
title_en = "Farland certificate"
numbering = "own"
template = "F{yyyy}{position}-{seq6}"
demo_template = "DEMO-F-{seq6}"

[education]
source = "order:9"
method = "MOHURD_YEARLY"
cycle_years = 3
hours_per_year = 10
position_hours = 4
total_hours = 30
make_up_previous_year = false
common_hours_once = false
cycle_from = "calendar-year"

[draw]
source = "order:10"
ratio_percent = 20
minimum = 2
inspectors = 3
at_most_per_year = "none"
[[draw.results]]
key = "fine"
name = "良好"
name_en = "Fine"

[sanctions]
source = "order:10"
[[sanctions.steps]]
key = "gone"
name = "除名"
name_en = "Struck off"
serious = true
removes = true
correct_within_days = "none"

[stars]
source = "order:11"
learner_percent = 40
authority_percent = 60
run_month = 6
window = "previous-calendar-year"
minimum_sample = 2
answer_points = [0, 50, 100]
decimals = 1
[[stars.items]]
key = "walls"
name = "墙"
name_en = "Walls"
weight = 87.5
[[stars.items]]
key = "tea"
name = "茶"
name_en = "Tea"
weight = 12.5
[[stars.cuts]]
key = "good"
stars = 3
at_least = 55
[[stars.cuts]]
key = "rest"
stars = 1
at_least = 0

[retention]
source = "order:12"
[[retention.kinds]]
key = "training"
name = "记录"
name_en = "Records"
years = 1
days = 0
after = "created"
"""

AUTHORITIES = """
jurisdiction = "990000"
name = "远省"
name_en = "Farland"
office = "远省建设厅"
office_en = "Department of Farland"
[[cities]]
code = "990100"
name = "远州市"
name_en = "Faraway"
office = "远州市建设局"
office_en = "Bureau of Faraway"
counties = [["990101", "近县", "Nearby"]]
"""


OPTIONS = {"multiple": 4, "judgement": 0}


@pytest.fixture
def farland(tmp_path: Path, settings: Any) -> Pack:
    """Load the province from a folder outside the tree and make it the platform's."""
    (tmp_path / "farland.toml").write_text(PACK)
    (tmp_path / "authorities").mkdir()
    (tmp_path / "authorities/990000.toml").write_text(AUTHORITIES)
    call_command("load_policy_packs", "--from", str(tmp_path), verbosity=0)
    settings.NUOXING_JURISDICTION = "990000"
    return pack_queries.pack("farland@1")


def test_a_folder_named_in_the_settings_is_loaded_beside_what_is_shipped(
    tmp_path: Path, settings: Any, at: datetime
) -> None:
    (tmp_path / "farland.toml").write_text(PACK)
    (tmp_path / "authorities").mkdir()
    (tmp_path / "authorities/990000.toml").write_text(AUTHORITIES)
    settings.NUOXING_POLICY_PACKS = tmp_path
    assert packs.load_packs(at=at) == ["hubei-2021@4", "jiangxi-2020@5", "farland@1"]
    assert packs.load_authorities(at=at) == 113 + 117 + 3


def test_the_province_s_own_authorities_answer_and_no_others(farland: Pack, at: datetime) -> None:
    assert pack_queries.pack_at(at).version == "farland@1"
    assert authorities.authority_for("guild", "990101", at).code == "990100"
    assert authorities.authority_for("crown", "990101", at).code == "990000"
    assert [a.code for a in authorities.authorities()] == ["990000", "990100", "990101"]
    for category, division in (("guild", "360102"), ("social", "990101"), ("guild", "990000")):
        with pytest.raises(pack_queries.UnknownKey):
            authorities.authority_for(category, division, at)


@pytest.mark.parametrize(
    ("position", "education", "years", "born", "sex", "reasons"),
    [
        ("MASON", "none", 0, date(2000, 1, 1), "male", []),
        ("MASON", "none", 0, date(2006, 3, 3), "male", ["too-young"]),
        ("MASON", "much", 0, date(1976, 3, 2), "male", ["too-old"]),
        ("MASON", "much", 0, date(1976, 3, 3), "male", []),
        ("MASON", "much", 0, date(1981, 3, 2), "female", ["too-old"]),
        ("RIGGER", "much", 6, date(1990, 1, 1), "male", ["practice-too-short"]),
        ("RIGGER", "some", 9, date(1990, 1, 1), "male", ["major-not-admitted"]),
    ],
)
def test_its_matrix_decides_who_may_enrol(
    farland: Pack,
    at: datetime,
    position: str,
    education: str,
    years: int,
    born: date,
    sex: str,
    reasons: list[str],
) -> None:
    answer = pack_queries.eligibility(
        position=position, education=education, major="any", years=years, born=born, sex=sex, when=at
    )
    assert ([] if isinstance(answer, Eligible) else [reason.code for reason in answer.reasons]) == reasons


def test_its_fees_are_capped_item_by_item(farland: Pack, at: datetime, as_actor: Callable[..., access.Actor]) -> None:
    officer = as_actor("province_officer", scope="990000")
    cap: dict[str, Any] = {"document_no": "远价1号", "ceiling": Money(9900), "effective_from": date(2025, 5, 1)}
    cap["proposed_by"] = uuid7()
    row = caps.enter_cap(**cap, fee_item="apprenticeship", unit="person", by=officer, at=at)
    assert cap_queries.cap_at("apprenticeship", "MASON", "person", at) == row
    for item, unit in (("training", "person"), ("apprenticeship", "class-hour")):
        with pytest.raises(Refusal):
            caps.enter_cap(**cap, fee_item=item, unit=unit, by=officer, at=at)
    assert (farland.fees.required, farland.fees.later) == ({"apprenticeship"}, {"second-trial"})
    with pytest.raises(access.Denied):
        caps.enter_cap(
            **cap, fee_item="second-trial", unit="attempt", by=as_actor("province_officer", scope="360000"), at=at
        )


def test_its_paper_is_drawn_and_marked(farland: Pack) -> None:
    rule = paper_methods.rule_of(farland, "MASON")
    pool = [
        item_methods.Question(f"v-{kind}-{n}", f"{kind}-{n}", kind, ("stones", "mortar")[n % 2], OPTIONS[kind], key)
        for kind, key, number in (("multiple", "ABC", 20), ("judgement", "T", 80))
        for n in range(number)
    ]
    paper = drawing.draw(rule, pool, "seed")
    assert [item.kind for item in paper] == ["multiple"] * 10 + ["judgement"] * 40
    stones = sum(item.version_id in {q.version_id for q in pool if q.block == "stones"} for item in paper)
    assert stones == 31  # 62.5 % of 10 and of 40, each rounded to whole items
    points = {section.kind: section.points for section in rule.sections}
    marked = [
        scoring.QuestionKey(str(item.no), item.kind, item.kind, item.questions[0].key, points[item.kind])
        for item in paper
    ]
    assert scoring.score(rule, marked, {q.name: q.key for q in marked}).points == 50
    half = {q.name: q.key[:1] for q in marked if q.kind == "multiple"} | {
        q.name: "T" for q in marked if q.kind == "judgement"
    }
    value = scoring.score(rule, marked, half)
    assert (value.points, value.passed, value.full_mark) == (Decimal(35), True, 50)
    assert not scoring.score(rule, marked, half | {"50": "F"}).passed
    assert farland.paper.blocks("MASON") == {"stones": 62.5, "mortar": 37.5}


def test_its_stars_are_counted_by_its_method(farland: Pack, at: datetime) -> None:
    method = ranking_questions.method_at(at)
    tally = rankings_methods.tally([{"walls": 3, "tea": 1}, {"walls": 2, "tea": 3}], method)
    entrant = rankings_methods.Entrant("a", "甲", None, tally, {"walls": 50, "tea": 100}, "")
    outcome = rankings_methods.outcomes([entrant], method)[0]
    # L = 87.5 % of 75 + 12.5 % of 50, A = 87.5 % of 50 + 12.5 % of 100, total = 40 % L + 60 % A
    assert (outcome.learner, outcome.authority, outcome.total) == (Decimal("71.9"), Decimal("56.3"), Decimal("62.5"))
    assert outcome.stars == 3
    assert rankings_methods.StarMethod.from_json(method.to_json()) == method
    assert [question.key for question in ranking_questions.questions(at)] == ["walls", "tea"]


def test_its_terms_its_form_and_its_routing_carry_an_institution_to_the_list(
    farland: Pack, at: datetime, as_actor: Callable[..., access.Actor]
) -> None:
    account = accounts.register_account(
        identifier="guild@nuoxing.example", password="long-enough-word-7", name="演示丁", at=at
    )
    person = access.Actor(account.id, None, "演示丁", 1)
    row = registry_drafts.apply(
        name="远州行会学校", credit_code="12360000000000019J", category="guild", division_code="990101",
        address="近县演示路1号", legal_rep="演示丙", contact="演示丁", mobile="13900000001", by=person, at=at,
    )  # fmt: skip
    principal = as_actor("principal", scope=str(row.organisation_id), account_id=account.id, name="演示丁")
    facts: dict[str, Any] = {"commitment_id": row.pk, "by": principal, "at": at}
    registry_drafts.save_draft(**facts, values={"roofs": "1"}, positions=["MASON"])
    with pytest.raises(signing.ConditionNotMet):
        signing.submit(**facts, accepted=["oath"], signed_name="演示丁")
    registry_drafts.save_draft(**facts, values={"roofs": "2"}, positions=["MASON"])
    signing.submit(**facts, accepted=["oath"], signed_name="演示丁")
    row.refresh_from_db()
    assert (row.authority_code, row.due_on, row.policy) == ("990100", date(2026, 3, 5), "farland@1")
    officer = as_actor("city_officer", scope="990100", name="演示科长")
    verifications.save_checks(
        commitment_id=row.pk, version=1, findings={"roofs": verifications.LineFinding("true")}, by=officer, at=at
    )
    verifications.sign_verification(
        commitment_id=row.pk, version=1, visited_on=at.date(), opinion="true", remark="", by=officer, at=at
    )
    assert registry_notices.open_notices().get(commitment=row).due_on == date(2026, 3, 12)
    assert ("行会" in [str(value) for _name, value in organisations.facts(row.organisation, at)]) is True


def test_its_certificates_and_their_education_follow_it(farland: Pack) -> None:
    template = farland.certificates.template
    assert template is not None
    number = certificate_number(template, issued=date(2026, 3, 2), position="MASON", institution="X", sequence=5)
    assert number == "F2026MASON-000005"
    assert missing_hours(farland.education, CompletedHours(position=4, common=5)) == {"any": 1}
    assert farland.conversion is None
    assert (farland.draw.inspectors, farland.retention.kind("training").years) == (3, 1)


def test_its_law_is_shown_whole(farland: Pack, visit: Callable[..., Any], at: datetime) -> None:
    page = visit().get("/policy/").content.decode()
    for words in ("远建〔2025〕3号", "高处", "砌筑员", "12.5%", "男性不满50周岁", "每年", "除名"):
        assert words in page
    assert "江西" not in page.split("<main", 1)[1]


def test_the_same_file_again_changes_nothing_and_a_changed_one_needs_a_revision(farland: Pack, at: datetime) -> None:
    assert packs.load_pack(text=PACK, by=SYSTEM, at=at).version == "farland@1"
    with pytest.raises(packs.VersionTaken):
        packs.load_pack(text=PACK.replace("notice_days = 8", "notice_days = 9"), by=SYSTEM, at=at)
