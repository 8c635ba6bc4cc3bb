"""A year is counted once it is over, from frozen inputs, by two officers; the institutions then carry their stars."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from kernel import audit, clock, tenancy
from kernel.access import Actor, Denied, SecondFactorNeeded
from kernel.errors import Invalid, NotFound, Refusal
from kernel.reasons import ReasonRequired
from kernel.states import WrongState
from shared.rankings.models import AuthorityScore, RatingMonth, StarResult, StarRun
from shared.rankings.operations import ratings as ranking_ratings
from shared.rankings.operations import runs, scores
from shared.rankings.queries import tables as ranking_tables
from shared.rankings.queries import todos as ranking_todos
from support.permission_cases import paths
from tests.shared.rankings.conftest import ITEMS, JANUARY

Do = Callable[..., None]


@pytest.fixture
def counted(listed_2025: Any, rate: Do, score: Do) -> tuple[Any, Any]:
    """A year in which the first was rated well, the second by too few."""
    alpha, beta = listed_2025
    rate(alpha, 4, 5)
    rate(alpha, 2, 4)
    rate(beta, 4, 1)
    score(alpha, 85)
    return alpha, beta


def _prepare(by: Actor, at: datetime = JANUARY, **rest: Any) -> StarRun:
    return StarRun.objects.get(pk=runs.run_year(year=2025, by=by, at=at, **rest))


def _without_triggers() -> None:
    """Do as somebody who owns the database could."""
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")


def test_a_year_is_counted_and_published_by_two(counted: Any, first: Actor, second: Actor) -> None:
    alpha, beta = counted
    run = _prepare(first)
    assert (run.state, run.revision, run.policy) == ("draft", 1, "jiangxi-2020@5")
    runs.publish_run(run_id=run.pk, by=second, at=JANUARY)
    table = ranking_tables.ranking(2025)
    rows = [(r.institution_id, r.place, r.stars, r.total, r.learner, r.authority, r.n) for r in table.rows]
    assert rows == [
        (alpha.pk, 1, 4, Decimal("89.67"), Decimal("91.67"), Decimal("85.00"), 6),
        (beta.pk, None, None, None, None, None, 4),
    ]
    alpha.refresh_from_db()
    beta.refresh_from_db()
    assert (alpha.stars, alpha.star_year, alpha.star_score, alpha.star_count) == (4, 2025, Decimal("89.67"), 6)
    assert (beta.stars, beta.star_year) == (None, None)
    assert [n.verb for n in audit.history(run)] == ["star_run.prepare", "star_run.publish"]


def test_who_prepared_a_run_does_not_publish_it(counted: Any, first: Actor) -> None:
    run = _prepare(first)
    with pytest.raises(runs.SameOfficer):
        runs.publish_run(run_id=run.pk, by=first, at=JANUARY)
    run.refresh_from_db()
    counted[0].refresh_from_db()
    assert (run.state, run.published_by, counted[0].stars) == ("draft", None, None)


def test_one_person_publishes_no_run_of_his_own_along_any_grant_path(counted: Any, first: Actor) -> None:
    run = _prepare(first)
    assert first.account_id is not None
    for one in paths(first.account_id, "360000", "360100", ""):
        with pytest.raises(Refusal):
            runs.publish_run(run_id=run.pk, by=one, at=JANUARY)
    run.refresh_from_db()
    assert (run.state, run.published_by) == ("draft", None)


def test_the_database_holds_the_four_eyes_too(counted: Any, first: Actor) -> None:
    run = _prepare(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        StarRun.objects.filter(pk=run.pk).update(state="published", published_by=first.account_id, published_at=JANUARY)


@pytest.mark.parametrize(
    ("role", "scope", "level", "refusal"),
    [
        ("city_officer", "360100", 2, Denied),
        ("inspector", "360000", 2, Denied),
        ("province_officer", "360000", 1, SecondFactorNeeded),
    ],
)
def test_only_the_province_counts_and_publishes(
    counted: Any,
    first: Actor,
    as_actor: Callable[..., Actor],
    role: str,
    scope: str,
    level: int,
    refusal: type[Exception],
) -> None:
    by = as_actor(role, scope=scope, level=level)
    with pytest.raises(refusal):
        _prepare(by)
    run = _prepare(first)
    with pytest.raises(refusal):
        runs.publish_run(run_id=run.pk, by=by, at=JANUARY)
    with pytest.raises(refusal):
        runs.discard_run(run_id=run.pk, by=by, at=JANUARY)
    run.refresh_from_db()
    assert run.state == "draft"


@pytest.mark.parametrize(
    ("at", "over"),
    [
        (datetime(2025, 12, 31, 15, 59, tzinfo=clock.ZoneInfo("UTC")), False),
        (datetime(2025, 12, 31, 16, 0, tzinfo=clock.ZoneInfo("UTC")), True),
    ],
)
def test_a_year_ends_at_midnight_in_china(counted: Any, first: Actor, at: datetime, over: bool) -> None:
    if over:
        assert _prepare(first, at=at).year == 2025
        return
    with pytest.raises(runs.YearNotOver):
        _prepare(first, at=at)
    assert StarRun.objects.count() == 0


def test_a_missing_score_blocks_and_names_the_institutions(listed_2025: Any, rate: Do, score: Do, first: Actor) -> None:
    alpha, beta = listed_2025
    rate(alpha, 5)
    rate(beta, 5)
    score(beta, 80)
    with pytest.raises(runs.ScoresMissing) as refusal:
        _prepare(first)
    assert "演示培训学校甲" in str(refusal.value)
    assert "演示培训学校乙" not in str(refusal.value)
    assert StarRun.objects.count() == 0


def test_a_year_without_institutions_is_refused(institutions: Any, first: Actor) -> None:
    with pytest.raises(runs.NothingToRun):
        _prepare(first)


def test_counts_that_disagree_with_the_ratings_stop_the_run(counted: Any, first: Actor) -> None:
    with tenancy.as_owner():
        RatingMonth.objects.filter(institution=counted[0]).update(n=7)
    with pytest.raises(runs.CountsDiffer) as refusal:
        _prepare(first)
    assert "演示培训学校甲" in str(refusal.value)
    assert StarRun.objects.count() == 0


def test_a_new_preview_replaces_the_old_one(counted: Any, first: Actor, second: Actor, score: Do) -> None:
    old = _prepare(first)
    score(counted[0], 95)
    new = _prepare(second)
    old.refresh_from_db()
    assert (old.state, new.state, new.revision, new.input_digest == old.input_digest) == (
        "discarded",
        "draft",
        2,
        False,
    )
    with pytest.raises(WrongState):
        runs.publish_run(run_id=old.pk, by=second, at=JANUARY)


def test_what_comes_after_the_freeze_changes_nothing(
    counted: Any, first: Actor, second: Actor, rate: Do, score: Do
) -> None:
    run = _prepare(first)
    rate(counted[0], 3, 1)
    score(counted[0], 10)
    runs.publish_run(run_id=run.pk, by=second, at=JANUARY)
    assert ranking_tables.ranking(2025).rows[0].total == Decimal("89.67")
    assert ranking_tables.check(2025).holds


def test_a_published_year_is_counted_again_only_for_a_reason(
    counted: Any, first: Actor, second: Actor, score: Do
) -> None:
    run = _prepare(first)
    runs.publish_run(run_id=run.pk, by=second, at=JANUARY)
    with pytest.raises(ReasonRequired):
        _prepare(first)
    score(counted[0], 95)
    again = _prepare(first, reason="一家机构的评分录入有误")
    assert ranking_tables.ranking(2025).revision == 1
    runs.publish_run(run_id=again.pk, by=second, at=JANUARY)
    run.refresh_from_db()
    counted[0].refresh_from_db()
    table = ranking_tables.ranking(2025)
    assert (run.state, again.corrects_id, table.revision, table.reason) == (
        "superseded",
        run.pk,
        2,
        "一家机构的评分录入有误",
    )
    assert (counted[0].stars, counted[0].star_score) == (5, Decimal("92.67"))
    verbs = [(note.verb, note.after["stars"]) for note in audit.history(counted[0]) if note.verb == "institution.star"]
    assert sorted(verbs) == [("institution.star", 4), ("institution.star", 5)]


def test_an_institution_carries_the_stars_of_the_newest_year_that_rated_it(
    counted: Any, rate: Do, score: Do, first: Actor, second: Actor
) -> None:
    alpha, beta = counted
    rate(alpha, 6, 3, at=datetime(2026, 6, 2, tzinfo=clock.CHINA))
    score(alpha, 60, year=2026)
    for year in (2026, 2025):  # the older one last: it changes nothing of who was rated in the newer
        at = datetime(year + 1, 2, 1, tzinfo=clock.CHINA)
        run = runs.run_year(year=year, by=first, at=at)
        runs.publish_run(run_id=run, by=second, at=at)
    for row in (alpha, beta):
        row.refresh_from_db()
    newest = StarResult.objects.get(institution=alpha, run__year=2026)
    assert (alpha.stars, alpha.star_year, alpha.star_count) == (newest.stars, 2026, 6)
    assert (beta.stars, beta.star_year, beta.star_count) == (None, None, 0)
    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM rollup_rankings_stars(false)")
        assert cursor.fetchall() == []
        cursor.execute("UPDATE institutions_institution SET stars = stars %% 5 + 1 WHERE id = %s", [alpha.pk])
        cursor.execute("SELECT count(*) FROM rollup_rankings_stars(true)")
        assert cursor.fetchone() == (1,)
    alpha.refresh_from_db()
    assert alpha.stars == newest.stars


def test_the_check_computes_the_same_and_finds_a_forged_row(counted: Any, first: Actor, second: Actor) -> None:
    run = _prepare(first)
    runs.publish_run(run_id=run.pk, by=second, at=JANUARY)
    assert ranking_tables.check(2025).holds
    _without_triggers()
    with tenancy.as_owner():
        StarResult.objects.filter(institution=counted[0]).update(stars=5)
    check = ranking_tables.check(2025)
    assert (check.holds, check.inputs_hold, check.results_hold) == (False, True, True)
    assert check.first_difference == "演示培训学校甲: stars 5 ≠ 4"


def test_forged_inputs_are_found(counted: Any, first: Actor, second: Actor) -> None:
    run = _prepare(first)
    runs.publish_run(run_id=run.pk, by=second, at=JANUARY)
    _without_triggers()
    for entrant in run.inputs:
        if entrant["scores"]:
            entrant["scores"]["fees"] = 100
    with tenancy.as_owner():
        StarRun.objects.filter(pk=run.pk).update(inputs=run.inputs)
    check = ranking_tables.check(2025)
    assert (check.holds, check.inputs_hold, check.results_hold) == (False, False, False)


@pytest.mark.parametrize("change", [{"inputs": []}, {"input_digest": "0"}, {"year": 2024}])
def test_the_database_keeps_a_run_as_it_was_frozen(counted: Any, first: Actor, change: dict[str, Any]) -> None:
    run = _prepare(first)
    with pytest.raises(IntegrityError), transaction.atomic(), tenancy.as_owner():
        StarRun.objects.filter(pk=run.pk).update(**change)
    assert StarRun.objects.get().input_digest == run.input_digest


def test_a_discarded_preview_is_kept(counted: Any, first: Actor, second: Actor) -> None:
    run = _prepare(first)
    runs.discard_run(run_id=run.pk, by=second, at=JANUARY, why="评分有误")
    run.refresh_from_db()
    assert (run.state, StarResult.objects.filter(run=run).count()) == ("discarded", 2)
    with pytest.raises(NotFound):
        ranking_tables.ranking(2025)


def test_the_response_rate_is_shown_where_somebody_counted(counted: Any, first: Actor, second: Actor) -> None:
    ranking_ratings.count_eligible(
        institution_id=counted[0].pk, at=datetime(2025, 7, 1, tzinfo=clock.CHINA), trainees=8
    )
    run = _prepare(first)
    runs.publish_run(run_id=run.pk, by=second, at=JANUARY)
    assert [(row.eligible, row.response_rate) for row in ranking_tables.ranking(2025).rows] == [(8, 75), (None, None)]


# --- The authority's scores ---------------------------------------------------------------------------


def test_an_authority_scores_its_own_institutions_only(
    listed_2025: Any, score: Do, as_actor: Callable[..., Actor]
) -> None:
    for by in (
        as_actor("city_officer", scope="360200"),
        as_actor("province_officer", scope="360000"),
    ):
        with pytest.raises(NotFound):
            score(listed_2025[0], 80, by=by)
    with pytest.raises(Denied):
        score(listed_2025[0], 80, by=as_actor("inspector", scope="360100"))
    with pytest.raises(SecondFactorNeeded):
        score(listed_2025[0], 80, by=as_actor("city_officer", scope="360100", level=1))
    assert AuthorityScore.objects.count() == 0


def test_a_score_entered_anew_keeps_what_was_before_in_the_record(listed_2025: Any, score: Do) -> None:
    score(listed_2025[0], 80)
    score(listed_2025[0], 70)
    row = AuthorityScore.objects.get()
    assert row.scores == dict.fromkeys(ITEMS, 70)
    assert [n.before.get("scores") for n in audit.history(row)] == [None, dict.fromkeys(ITEMS, 80)]


def test_a_year_ahead_cannot_be_scored(listed_2025: Any, score: Do) -> None:
    with pytest.raises(scores.YearNotBegun):
        score(listed_2025[0], 80, year=2027)


@pytest.mark.parametrize(
    ("points", "reasons", "field"),
    [
        ({"fees": 101}, {}, "score_fees"),
        ({"fees": -1}, {}, "score_fees"),
        ({"fees": None}, {}, "score_fees"),
        ({}, {"quality": "  "}, "reason_quality"),
        ({}, {"quality": "x"}, "reason_quality"),
    ],
)
def test_points_and_reasons_are_checked_at_their_field(
    listed_2025: Any, as_actor: Callable[..., Actor], points: Any, reasons: Any, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        scores.enter_authority_score(
            institution_id=listed_2025[0].pk,
            year=2025,
            scores=dict.fromkeys(ITEMS, 80) | points,
            reasons=dict.fromkeys(ITEMS, "记录") | reasons,
            by=as_actor("city_officer", scope="360100"),
            at=JANUARY,
        )
    assert refusal.value.field == field
    assert AuthorityScore.objects.count() == 0


def test_a_platform_on_which_nobody_was_rated_asks_for_no_stars(listed_2025: Any, first: Actor) -> None:
    assert list(ranking_todos.for_officer(first, JANUARY)) == []


def test_officers_are_told_what_waits(
    counted: Any, rate: Do, first: Actor, second: Actor, as_actor: Callable[..., Actor]
) -> None:
    rate(counted[1], 1, 1)
    city = as_actor("city_officer", scope="360100")
    assert [str(todo.url) for todo in ranking_todos.for_officer(city, JANUARY)] == ["/authority/scores/2025/"]
    assert [str(todo.url) for todo in ranking_todos.for_officer(first, JANUARY)] == ["/authority/stars/"]
