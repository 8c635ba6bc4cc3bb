"""Who may enrol by the shipped matrix, and exactly why not."""

from itertools import product
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.methods.eligibility import Eligible, NotEligible, eligibility
from shared.policy.methods.pack import Pack
from shared.policy.methods.reading import read

PACK: Pack = read((Path(__file__).parents[3] / "platform/shared/policy/packs/jiangxi-2020.toml").read_text()).pack
EDUCATIONS = [e.key for e in PACK.eligibility.educations]
MAJORS = [m.key for m in PACK.eligibility.majors]
POSITIONS = [p.key for p in PACK.positions]


def ask(position: str, education: str, major: str, years: int, age: int = 30) -> Eligible | NotEligible:
    found = PACK.position(position)
    return eligibility(PACK.eligibility, found, education=education, major=major, years=years, age=age)


def codes(answer: Eligible | NotEligible) -> list[str]:
    return [] if isinstance(answer, Eligible) else [reason.code for reason in answer.reasons]


@pytest.mark.parametrize(
    ("education", "major", "technical", "clerical"),
    [
        ("bachelor", "core", 1, 1),
        ("college", "core", 1, 1),
        ("college", "related", 2, 2),
        ("vocational", "core", 3, 3),
        ("vocational", "related", 4, 4),
        ("senior-high", "other", None, 4),
        ("vocational", "other", None, 4),
        ("bachelor", "other", None, 4),
    ],
)
def test_the_matrix_asks_for_the_years_that_it_says(
    education: str, major: str, technical: int | None, clerical: int
) -> None:
    for position in ("CLY", "LWY", "ZLIY"):
        assert codes(ask(position, education, major, clerical)) == []
        assert codes(ask(position, education, major, clerical - 1)) == ["practice-too-short"]
    for position in ("SGY-TJ", "SGY-SZ", "ZLY-SB", "BZY", "JXY"):
        if technical is None:
            assert codes(ask(position, education, major, 30)) == ["major-not-admitted"]
        else:
            assert ask(position, education, major, technical).years_needed == technical  # type: ignore[union-attr]
            assert codes(ask(position, education, major, technical - 1)) == ["practice-too-short"]


def test_every_reason_is_told_at_once_in_a_sentence() -> None:
    answer = ask("SGY-TJ", "junior-high", "core", 9, age=17)
    assert isinstance(answer, NotEligible)
    with translation.override("en"):
        assert [str(reason) for reason in ask("SGY-TJ", "junior-high", "core", 9, age=17).reasons] == [  # type: ignore[union-attr]
            "Enrolment is open from the age of 18; you are 17.",
            "The least education for Construction Officer, Civil Works is: Senior secondary."
            " You entered: Junior secondary or below.",
        ]


def test_a_position_of_old_certificates_is_closed() -> None:
    assert codes(ask("AQY", "bachelor", "core", 9)) == ["position-closed"]


def test_a_ceiling_of_age_is_kept_where_the_pack_sets_one() -> None:
    matrix = PACK.eligibility.model_copy(update={"maximum_age": 59})
    position = PACK.position("CLY")
    at_59, at_60 = (eligibility(matrix, position, education="college", major="core", years=1, age=a) for a in (59, 60))
    assert (codes(at_59), codes(at_60)) == ([], ["too-old"])


def test_a_reason_names_the_rule_that_it_rests_on() -> None:
    for position, education, major, years, age in product(POSITIONS, EDUCATIONS, MAJORS, (0, 9), (17, 40)):
        answer = ask(position, education, major, years, age)
        rules = [answer.rule] if isinstance(answer, Eligible) else [reason.rule for reason in answer.reasons]
        assert all(PACK.sources_of(rule) for rule in rules)


@given(
    st.sampled_from(POSITIONS),
    st.sampled_from(EDUCATIONS),
    st.sampled_from(MAJORS),
    st.integers(0, 40),
    st.integers(14, 80),
    st.integers(0, 10),
)
def test_more_practice_never_shuts_anybody_out(
    position: str, education: str, major: str, years: int, age: int, more: int
) -> None:
    if isinstance(ask(position, education, major, years, age), Eligible):
        assert isinstance(ask(position, education, major, years + more, age), Eligible)


@given(st.sampled_from(POSITIONS), st.sampled_from(MAJORS), st.integers(0, 10), st.integers(18, 60))
def test_more_education_never_shuts_anybody_out(position: str, major: str, years: int, age: int) -> None:
    answers = [isinstance(ask(position, education, major, years, age), Eligible) for education in EDUCATIONS]
    assert answers == sorted(answers)
