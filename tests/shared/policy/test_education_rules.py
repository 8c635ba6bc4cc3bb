"""Periods of continuing education by both rule sets, conversions, certificate numbers by template."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policy import operations as policy
from shared.policy.methods.education import (
    CompletedHours,
    conversion_faults,
    conversion_targets,
    may_learn_online,
    missing_hours,
    period,
    period_on,
)
from shared.policy.methods.numbering import certificate_number, is_consistent
from shared.policy.values.reading import read
from shared.policy.values.shapes.education import TwoStepCycle, Yearly

PACKS = Path(policy.__file__).parents[1] / "packs"
JIANGXI = read((PACKS / "jiangxi-2020.toml").read_text()).pack
HUBEI = read((PACKS / "hubei-2021.toml").read_text()).pack
issues = st.dates(date(2019, 1, 1), date(2030, 12, 31))


def test_the_two_rule_sets_ask_for_the_same_64_hours() -> None:
    two, yearly = JIANGXI.education, HUBEI.education
    assert isinstance(two, TwoStepCycle)
    assert isinstance(yearly, Yearly)
    assert (two.employer_hours, two.online_hours, two.total_hours, two.cycle_years) == (20, 44, 64, 2)
    assert (yearly.hours_per_year, yearly.position_hours, yearly.total_hours, yearly.cycle_years) == (32, 22, 64, 2)


@pytest.mark.parametrize(
    ("number", "label", "first", "last"),
    [(1, 2021, date(2021, 3, 10), date(2022, 3, 9)), (2, 2022, date(2022, 3, 10), date(2023, 3, 9))],
)
def test_years_run_from_the_day_of_issue_as_the_notice_says(number: int, label: int, first: date, last: date) -> None:
    result = period(HUBEI.education, date(2020, 3, 10), number)
    assert (result.label, result.first, result.last) == (label, first, last)


def test_cycles_of_two_years_begin_with_the_issue() -> None:
    result = period(JIANGXI.education, date(2020, 3, 10), 1)
    assert (result.first, result.last) == (date(2020, 3, 10), date(2022, 3, 9))
    assert period_on(JIANGXI.education, date(2020, 3, 10), date(2022, 3, 10)).number == 2  # type: ignore[union-attr]
    assert period_on(HUBEI.education, date(2020, 3, 10), date(2021, 3, 9)) is None


def test_by_calendar_years_the_first_period_begins_with_the_next_year() -> None:
    rule = HUBEI.education.model_copy(update={"cycle_from": "calendar-year"})
    assert period(rule, date(2020, 3, 10), 1).first == date(2021, 1, 1)
    rule = JIANGXI.education.model_copy(update={"cycle_from": "calendar-year"})
    assert period(rule, date(2020, 3, 10), 2).last == date(2024, 12, 31)


@given(issues, st.integers(1, 8), st.sampled_from([JIANGXI.education, HUBEI.education]))
def test_periods_follow_each_other_without_a_gap(issued: date, number: int, rule: TwoStepCycle | Yearly) -> None:
    one, next_one = period(rule, issued, number), period(rule, issued, number + 1)
    assert one.last + timedelta(days=1) == next_one.first
    assert period_on(rule, issued, one.last) == one


def test_the_online_step_opens_when_the_employer_s_is_complete() -> None:
    rule = JIANGXI.education
    assert not may_learn_online(rule, CompletedHours(employer=19))
    assert may_learn_online(rule, CompletedHours(employer=20))
    assert missing_hours(rule, CompletedHours(employer=19, online=44)) == {"employer": 1}
    assert missing_hours(rule, CompletedHours(employer=20, online=44)) == {}


def test_a_year_needs_its_hours_and_enough_of_them_on_the_position() -> None:
    rule = HUBEI.education
    assert may_learn_online(rule, CompletedHours())
    assert missing_hours(rule, CompletedHours(common=10, position=22)) == {}
    assert missing_hours(rule, CompletedHours(common=20, position=12)) == {"position": 10}
    assert missing_hours(rule, CompletedHours(position=32)) == {}
    assert missing_hours(rule, CompletedHours(position=22)) == {"any": 10}


def test_old_certificates_could_be_converted_until_the_end_of_2021() -> None:
    rule = JIANGXI.conversion
    assert rule is not None
    person = {"born": date(1965, 1, 1), "sex": "male", "healthy": True, "clean": True, "hours": 32}
    assert conversion_faults(rule, day=date(2021, 12, 31), **person) == []  # type: ignore[arg-type]
    assert conversion_faults(rule, day=date(2022, 1, 1), **person) == ["closed"]  # type: ignore[arg-type]
    assert conversion_faults(
        rule, day=date(2021, 6, 1), born=date(1966, 6, 1), sex="female", healthy=False, clean=False, hours=31
    ) == ["too-old", "health", "record", "hours"]
    assert HUBEI.conversion is None


def test_a_safety_officer_chooses_construction_or_quality() -> None:
    rule = JIANGXI.conversion
    assert rule is not None
    assert conversion_targets(rule, JIANGXI.positions, "AQY") == [
        "SGY-TJ", "SGY-ZS", "SGY-SB", "SGY-SZ", "ZLY-TJ", "ZLY-ZS", "ZLY-SB", "ZLY-SZ",
    ]  # fmt: skip
    assert conversion_targets(rule, JIANGXI.positions, "CLY") == ["CLY"]


def test_a_demonstration_number_cannot_be_taken_for_an_official_one() -> None:
    assert JIANGXI.certificates.numbering == "external"
    number = certificate_number(
        JIANGXI.certificates.demo_template,
        issued=date(2026, 3, 2), position="SGY-TJ", institution="52360100MJ00000184", sequence=17,
    )  # fmt: skip
    assert number.startswith("JX-TEST-26-SGY-TJ-0184-000017-")
    assert is_consistent(number)
    assert JIANGXI.source("certificates.demo_template").demo


@given(st.integers(0, 999_999), st.integers(0, 29), st.characters(codec="ascii", categories=["Lu", "Nd"]))
def test_one_mistyped_character_is_noticed(sequence: int, place: int, other: str) -> None:
    number = certificate_number(
        "JX-TEST-{yy}-{position}-{inst4}-{seq6}-{check}",
        issued=date(2026, 3, 2), position="CLY", institution="0184", sequence=sequence,
    )  # fmt: skip
    place %= len(number)
    if number[place] != "-" and number[place] != other:
        assert not is_consistent(number[:place] + other + number[place + 1 :])


def test_a_number_of_seven_digits_is_refused() -> None:
    with pytest.raises(ValueError, match="six digits"):
        certificate_number("{seq6}", issued=date(2026, 1, 1), position="", institution="", sequence=1_000_000)
