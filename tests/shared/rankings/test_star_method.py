"""The star method: bounded, monotone in every answer, deaf to order, and the same again from what was frozen."""

import json
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.rankings.methods import (
    Cut,
    Entrant,
    Item,
    StarMethod,
    authority_score,
    half_up,
    input_digest,
    lacks_score,
    learner_score,
    outcomes,
    overall,
    result_digest,
    stars_of,
    tally,
    total_score,
)

# A busy machine is no fault of the method.
calm = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KEYS = ("hardware", "quality", "attitude", "fees", "teachers")
METHOD = StarMethod(
    policy="test@1",
    learner_percent=70,
    authority_percent=30,
    minimum_sample=5,
    answer_points=(0, 25, 50, 75, 100),
    decimals=2,
    items=tuple(Item(key, 20) for key in KEYS),
    cuts=(Cut(5, 90), Cut(4, 80), Cut(3, 70), Cut(2, 60), Cut(1, 0)),
)
UNEVEN = StarMethod(
    **{
        **{n: getattr(METHOD, n) for n in METHOD.__slots__},
        "items": tuple(Item(k, w) for k, w in zip(KEYS, (40, 30, 15, 10, 5), strict=True)),
    }
)

rating = st.fixed_dictionaries({key: st.integers(1, 5) for key in KEYS})
points = st.fixed_dictionaries({key: st.integers(0, 100) for key in KEYS})
method = st.sampled_from([METHOD, UNEVEN])


def _entrant(
    number: int, ratings: list[dict[str, int]], scores: dict[str, int] | None, how: StarMethod = METHOD
) -> Entrant:
    return Entrant(f"{number:04d}", f"机构{number}", None, tally(ratings, how), scores, "")


@st.composite
def fields(draw: st.DrawFn) -> list[Entrant]:
    """Some institutions, those with enough ratings scored."""
    made = []
    for number in range(draw(st.integers(1, 6))):
        ratings = draw(st.lists(rating, max_size=9))
        scores = draw(points if len(ratings) >= 5 else st.none() | points)
        made.append(_entrant(number, ratings, scores))
    return made


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(5, 1000), 2, "0.01"),
        (Fraction(4999, 1000000), 2, "0.00"),
        (Fraction(89995, 1000), 2, "90.00"),
        (Fraction(5, 2), 0, "3"),
    ],
)
def test_halves_go_up(value: Fraction, decimals: int, rounded: str) -> None:
    assert str(half_up(value, decimals)) == rounded


def test_the_worked_example_of_the_page() -> None:
    ratings = [dict.fromkeys(KEYS, 5)] * 7 + [dict.fromkeys(KEYS, 4)] * 3
    learner = learner_score(tally(ratings, METHOD), METHOD)
    authority = authority_score(dict.fromkeys(KEYS, 80), METHOD)
    assert (learner, authority) == (Decimal("92.50"), Decimal("80.00"))
    assert learner is not None
    total = total_score(learner, authority, METHOD)
    assert (total, stars_of(total, METHOD)) == (Decimal("88.75"), 4)


@pytest.mark.parametrize(
    ("total", "stars"), [("90.00", 5), ("89.99", 4), ("80.00", 4), ("79.99", 3), ("60", 2), ("59.99", 1), ("0", 1)]
)
def test_the_cuts_begin_where_they_say(total: str, stars: int) -> None:
    assert stars_of(Decimal(total), METHOD) == stars


def test_weights_count() -> None:
    answers = {**dict.fromkeys(KEYS, 1), "hardware": 5}
    assert learner_score(tally([answers], UNEVEN), UNEVEN) == Decimal("40.00")
    assert overall(answers, UNEVEN) == 3


def test_without_ratings_there_is_no_mean() -> None:
    assert learner_score(tally([], METHOD), METHOD) is None


@calm
@given(st.lists(rating, min_size=1, max_size=20), points, method)
def test_every_figure_is_bounded(ratings: list[dict[str, int]], scores: dict[str, int], how: StarMethod) -> None:
    learner, authority = learner_score(tally(ratings, how), how), authority_score(scores, how)
    assert learner is not None
    total = total_score(learner, authority, how)
    assert all(0 <= figure <= 100 for figure in (learner, authority, total))
    assert min(learner, authority) <= total <= max(learner, authority)
    assert stars_of(total, how) in range(1, 6)


@calm
@given(st.lists(rating, min_size=1, max_size=20), st.data(), method)
def test_a_better_answer_never_makes_anything_worse(
    ratings: list[dict[str, int]], data: st.DataObject, how: StarMethod
) -> None:
    place = data.draw(st.integers(0, len(ratings) - 1))
    key = data.draw(st.sampled_from(KEYS))
    better = [dict(row) for row in ratings]
    better[place][key] = data.draw(st.integers(ratings[place][key], 5))
    before, after = learner_score(tally(ratings, how), how), learner_score(tally(better, how), how)
    assert before is not None
    assert after is not None
    assert after >= before
    fixed = Decimal("70.00")
    totals = total_score(before, fixed, how), total_score(after, fixed, how)
    assert totals[1] >= totals[0]
    assert stars_of(totals[1], how) >= stars_of(totals[0], how)
    assert overall(better[place], how) >= overall(ratings[place], how)


@calm
@given(points, st.data(), method)
def test_more_points_of_the_authority_never_make_anything_worse(
    scores: dict[str, int], data: st.DataObject, how: StarMethod
) -> None:
    key = data.draw(st.sampled_from(KEYS))
    more = {**scores, key: data.draw(st.integers(scores[key], 100))}
    assert authority_score(more, how) >= authority_score(scores, how)


@calm
@given(st.lists(rating, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_the_ratings_does_not_matter(ratings: list[dict[str, int]], random: Random) -> None:
    mixed = list(ratings)
    random.shuffle(mixed)
    assert tally(mixed, METHOD) == tally(ratings, METHOD)


@calm
@given(st.lists(rating, max_size=20))
def test_the_spread_counts_every_rating_once(ratings: list[dict[str, int]]) -> None:
    counted = tally(ratings, METHOD)
    assert sum(counted.spread) == counted.n == len(ratings)
    assert {sum(row) for row in counted.counts.values()} == {len(ratings)}


@calm
@given(fields(), st.randoms(use_true_random=False))
def test_the_order_of_the_institutions_does_not_matter(entrants: list[Entrant], random: Random) -> None:
    mixed = list(entrants)
    random.shuffle(mixed)
    assert outcomes(mixed, METHOD) == outcomes(entrants, METHOD)
    digests = [input_digest(year=2025, method=METHOD, entrants=some) for some in (mixed, entrants)]
    assert digests[0] == digests[1]


@calm
@given(fields())
def test_what_was_frozen_gives_the_same_again(entrants: list[Entrant]) -> None:
    frozen = json.loads(json.dumps([entrant.to_json() for entrant in entrants]))
    how = StarMethod.from_json(json.loads(json.dumps(METHOD.to_json())))
    from_json = [Entrant.from_json(entrant) for entrant in frozen]
    assert how == METHOD
    assert from_json == entrants
    assert result_digest(outcomes(from_json, how)) == result_digest(outcomes(entrants, METHOD))


@calm
@given(fields(), st.data())
def test_any_other_input_gives_another_digest(entrants: list[Entrant], data: st.DataObject) -> None:
    changed = list(entrants)
    place = data.draw(st.integers(0, len(entrants) - 1))
    values = {name: getattr(entrants[place], name) for name in Entrant.__slots__}
    changed[place] = Entrant(**{**values, "name": values["name"] + "改"})
    digests = {input_digest(year=2025, method=METHOD, entrants=some) for some in (changed, entrants)}
    assert len(digests) == 2


@calm
@given(fields())
def test_places_follow_the_totals_and_equals_share_one(entrants: list[Entrant]) -> None:
    result = outcomes(entrants, METHOD)
    rated = [outcome for outcome in result if outcome.total is not None]
    assert [o.total for o in rated] == sorted((o.total for o in rated), reverse=True)  # type: ignore[type-var]
    for outcome in rated:
        assert outcome.place == 1 + sum(other.total > outcome.total for other in rated)  # type: ignore[operator]


def test_too_few_ratings_are_not_rated_and_nothing_of_them_is_told() -> None:
    result = outcomes([_entrant(1, [dict.fromkeys(KEYS, 1)] * 4, dict.fromkeys(KEYS, 90))], METHOD)[0]
    assert (result.stars, result.total, result.learner, result.place, result.spread, result.n) == (
        None,
        None,
        None,
        None,
        (0, 0, 0, 0, 0),
        4,
    )


def test_a_missing_score_is_never_a_nought() -> None:
    entrant = _entrant(1, [dict.fromkeys(KEYS, 5)] * 5, None)
    assert lacks_score(entrant, METHOD)
    with pytest.raises(ValueError, match="0001"):
        outcomes([entrant], METHOD)


def test_who_is_not_rated_needs_no_score() -> None:
    entrant = _entrant(1, [dict.fromkeys(KEYS, 5)] * 4, None)
    assert not lacks_score(entrant, METHOD)
    assert outcomes([entrant], METHOD)[0].stars is None
