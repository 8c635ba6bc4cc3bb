"""`stars`: the yearly stars from every rating, as the run makes them, and from the monthly counts kept beside them.

The run reads every rating because its digest binds each of them (policy part 5); the counts are for live previews and
are checked against the ratings in every run. This bench says what that costs.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db import connection

from infra.bench import fixtures  # sets Django up, which what follows needs
from infra.bench.database import BenchDatabase
from infra.bench.report import Target, ratio
from kernel import tenancy
from kernel.fields import uuid7
from shared.institutions.models import Institution
from shared.rankings import methods as ranking_methods
from shared.rankings.methods import Entrant, StarMethod, Tally
from shared.rankings.models import AuthorityScore, EligibleTrainees, RatingMonth
from shared.rankings.operations import runs
from shared.rankings.queries import periods
from shared.rankings.queries import questions as ranking_questions
from shared.rankings.queries import runs as run_queries

INSTITUTIONS = 100
RATINGS = 200_000
PAIRS = 3
SHORT = 20  # repetitions of the short one of a pair


def run(database: BenchDatabase, seed: int) -> list[Target]:
    """Generate a year, rank it both ways in pairs, make the run, compare."""
    with fixtures.shared_tables():
        year = periods.ended_year(fixtures.now())
        method = ranking_questions.method_at(periods.last_day(year))
        _generate(fixtures.institutions(INSTITUTIONS), year, method, random.Random(seed))  # noqa: S311 - data of a bench
        fixtures.analyse()
        pairs = [
            (_seconds(lambda: _from_ratings(year, method)), _seconds(lambda: _from_months(year, method), SHORT))
            for _n in range(PAIRS)
        ]
        scan = median(_seconds(lambda: _scan(year)) for _n in range(PAIRS))
        differing = _differing(_from_ratings(year, method), _from_months(year, method))
        whole = _seconds(lambda: runs.run_year(year=year, by=fixtures.officer(), at=fixtures.now()))
    ratings = median(first for first, _second in pairs)
    return [
        Target("rollup_ratio", ratio(pairs), "x", must=20, goal=100),
        Target("differing", differing, "institutions", must=0, goal=0, sense="<="),
        Target("run", whole, "s", must=60, goal=10, sense="<="),
        Target("from_ratings", ratings, "s"),
        Target("from_months", median(second for _first, second in pairs), "s"),
        Target("over_scan", ratings / scan, "x"),
    ]


def _seconds(act: Callable[[], object], times: int = 1) -> float:
    began = time.perf_counter()
    for _n in range(times):
        act()
    return (time.perf_counter() - began) / times


def _from_ratings(year: int, method: StarMethod) -> list[ranking_methods.Outcome]:
    return ranking_methods.outcomes(run_queries.entrants(year, method), method)


def _from_months(year: int, method: StarMethod) -> list[ranking_methods.Outcome]:
    counted: dict[Any, Counter[tuple[str, int]]] = {}
    number: Counter[Any] = Counter()
    for key, n, counts in RatingMonth.objects.filter(year=year).values_list("institution_id", "n", "counts"):
        number[key] += n
        answer_counts = counted.setdefault(key, Counter())
        for item, row in counts.items():
            answer_counts.update({(item, int(answer) - 1): times for answer, times in row.items()})
    scores = dict(AuthorityScore.objects.filter(year=year).values_list("institution_id", "scores"))
    nothing = tuple([0] * method.best)
    entrants = [
        Entrant(
            str(key), "", None,
            Tally(number[key], _counts(answer_counts, method), nothing),
            scores.get(key), "",
        )
        for key, answer_counts in counted.items()
    ]  # fmt: skip
    return ranking_methods.outcomes(entrants, method)


def _counts(answer_counts: Counter[tuple[str, int]], method: StarMethod) -> dict[str, tuple[int, ...]]:
    return {item.key: tuple(answer_counts[item.key, answer] for answer in range(method.best)) for item in method.items}


def _differing(one: Sequence[ranking_methods.Outcome], other: Sequence[ranking_methods.Outcome]) -> int:
    """Return how many institutions get other figures the one way than the other."""
    actual, expected = ({o.institution: (o.n, o.total, o.stars, o.place) for o in side} for side in (one, other))
    return sum(actual.get(key) != expected.get(key) for key in actual | expected)


def _scan(year: int) -> None:
    """Read what has to be read at least: every rating of the year once, in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(length(answers::text)) FROM rankings_rating WHERE year = %s", [year])
        cursor.fetchone()


def _generate(rows: Sequence[Institution], year: int, method: StarMethod, chance: random.Random) -> None:
    keys = [item.key for item in method.items]
    with tenancy.as_owner(), connection.cursor() as cursor:  # COPY knows no row security
        cursor.execute("ALTER TABLE rankings_rating DISABLE TRIGGER rankings_rating_count")
        with cursor.copy(
            "COPY rankings_rating (id, institution_id, rater_key, answers, given_on, year, policy) FROM STDIN"
        ) as copy:
            for n in range(RATINGS):
                day = date(year, 1, 1) + timedelta(days=chance.randrange(365))
                answers = {key: chance.choices(range(1, method.best + 1), range(1, method.best + 1))[0] for key in keys}
                rater = b"bench" + n.to_bytes(27, "big")
                copy.write_row([uuid7(), rows[n % len(rows)].pk, rater, json.dumps(answers), day, year, method.policy])
        cursor.execute("ALTER TABLE rankings_rating ENABLE TRIGGER rankings_rating_count")
        EligibleTrainees.objects.bulk_create(
            EligibleTrainees(institution=one, counted_on=date(year, 1, 1), trainees=RATINGS) for one in rows
        )
        cursor.execute("SELECT count(*) FROM rollup_rankings_months(true)")
    AuthorityScore.objects.bulk_create([_score(one, year, method, chance) for one in rows])


def _score(one: Institution, year: int, method: StarMethod, chance: random.Random) -> AuthorityScore:
    return AuthorityScore(
        institution=one, year=year, authority_code=fixtures.AUTHORITY, entered_by=uuid7(), entered_at=fixtures.now(),
        scores={item.key: chance.randrange(40, 101) for item in method.items},
        reasons={item.key: "-" for item in method.items}, policy=method.policy,
    )  # fmt: skip
