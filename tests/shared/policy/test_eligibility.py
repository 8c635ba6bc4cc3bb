"""Who may enrol by the shipped matrix, and exactly why not."""

from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shared.policy.methods.ages import age_limit
from shared.policy.methods.eligibility import eligibility
from shared.policy.values.eligibility import Eligible, NotEligible, Person
from shared.policy.values.pack import Pack
from shared.policy.values.reading import read
from shared.policy.values.shapes.admission import Ceiling

PACK: Pack = read((Path(__file__).parents[3] / "platform/shared/policy/packs/jiangxi-2020.toml").read_text()).pack
EDUCATIONS = [e.key for e in PACK.eligibility.educations]
MAJORS = [m.key for m in PACK.eligibility.majors]
POSITIONS = [p.key for p in PACK.positions]


def ask(position: str, education: str, major: str, years: int, age: int = 30) -> Eligible | NotEligible:
    position_row = PACK.position(position)
    person = Person(date(2026 - age, 1, 1), date(2026, 6, 1))
    return eligibility(PACK, position_row, education=education, major=major, years=years, person=person)


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
            "The minimum education for Construction Officer, Civil Works is: Senior secondary."
            " You entered: Junior secondary or below.",
        ]


def test_a_position_of_old_certificates_is_closed() -> None:
    assert codes(ask("AQY", "bachelor", "core", 9)) == ["position-closed"]


def with_ceiling(strategy: str, men: int | None, women: int | None) -> Pack:
    ceiling = Ceiling.model_validate({"strategy": strategy, "men_under": men, "women_under": women})
    return PACK.model_copy(update={"eligibility": PACK.eligibility.model_copy(update={"ceiling": ceiling})})


def admitted(pack: Pack, born: date, day: date, sex: str) -> bool:
    person = Person(born, day, sex)
    position = pack.position("CLY")
    answer = eligibility(pack, position, education="college", major="core", years=1, person=person)
    assert codes(answer) in ([], ["too-old"])
    return isinstance(answer, Eligible)


def test_a_fixed_ceiling_shuts_out_from_the_birthday_on() -> None:
    pack = with_ceiling("fixed", 60, 55)
    born = date(1966, 5, 20)
    assert admitted(pack, born, date(2026, 5, 19), "male")
    assert not admitted(pack, born, date(2026, 5, 20), "male")
    assert not admitted(pack, born, date(2021, 5, 20), "female")
    assert admitted(pack, born, date(2026, 5, 19), "")  # of unknown sex the higher limit holds


def test_who_is_born_on_the_29th_of_february_reaches_an_age_on_the_1st_of_march() -> None:
    pack = with_ceiling("fixed", 58, 55)
    assert admitted(pack, date(1968, 2, 29), date(2026, 2, 28), "male")
    assert not admitted(pack, date(1968, 2, 29), date(2026, 3, 1), "male")


@pytest.mark.parametrize(
    ("born", "sex", "age", "reached"),
    [
        (date(1964, 12, 31), "male", (60, 0), date(2024, 12, 31)),  # before the reform
        (date(1965, 1, 10), "male", (60, 1), date(2025, 2, 10)),
        (date(1965, 4, 10), "male", (60, 1), date(2025, 5, 10)),
        (date(1965, 5, 10), "male", (60, 2), date(2025, 7, 10)),
        (date(1976, 9, 1), "male", (63, 0), date(2039, 9, 1)),
        (date(1990, 1, 31), "male", (63, 0), date(2053, 1, 31)),
        (date(1970, 1, 31), "female", (55, 1), date(2025, 3, 1)),  # there is no 31st of February
        (date(1981, 9, 1), "female", (58, 0), date(2039, 9, 1)),
    ],
)
def test_the_reform_moves_the_age_by_a_month_every_four(
    born: date, sex: str, age: tuple[int, int], reached: date
) -> None:
    pack = with_ceiling("statutory-retirement", 60, 55)
    limit = age_limit(pack.eligibility.ceiling, pack.retirement, born=born, sex=sex)
    assert limit is not None
    assert ((limit.years, limit.months), limit.day) == (age, reached)
    assert admitted(pack, born, reached - timedelta(days=1), sex)
    assert not admitted(pack, born, reached, sex)


def test_women_of_the_50_year_class_move_twice_as_fast() -> None:
    pack = with_ceiling("statutory-retirement", 60, 50)
    limits = [
        age_limit(pack.eligibility.ceiling, pack.retirement, born=born, sex="female")
        for born in (date(1975, 1, 5), date(1975, 2, 5), date(1975, 3, 5), date(1985, 1, 5))
    ]
    assert [(limit.years, limit.months) for limit in limits if limit] == [(50, 1), (50, 1), (50, 2), (55, 0)]


@given(st.dates(date(1940, 1, 1), date(2010, 12, 31)), st.sampled_from(["male", "female"]), st.integers(0, 400))
def test_who_is_born_later_never_reaches_the_limit_earlier(born: date, sex: str, later: int) -> None:
    pack = with_ceiling("statutory-retirement", 60, 55)
    first, second = (
        age_limit(pack.eligibility.ceiling, pack.retirement, born=day, sex=sex)
        for day in (born, born + timedelta(days=later))
    )
    assert first is not None
    assert second is not None
    assert first.day <= second.day


def test_a_row_known_from_elsewhere_is_not_applied_until_the_pack_enables_it() -> None:
    assert codes(ask("SGY-TJ", "vocational", "other", 6)) == ["major-not-admitted"]
    rows = tuple(row.model_copy(update={"enabled": True}) for row in PACK.eligibility.rows)
    pack = PACK.model_copy(update={"eligibility": PACK.eligibility.model_copy(update={"rows": rows})})
    person = Person(date(1990, 1, 1), date(2026, 6, 1))
    answers = [
        eligibility(pack, pack.position("SGY-TJ"), education="vocational", major="other", years=n, person=person)
        for n in (5, 6)
    ]
    assert [codes(answer) for answer in answers] == [["practice-too-short"], []]


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
