"""Star runs as the province's officers see them, and what a run is made from."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Min, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.errors import NotFound
from kernel.languages import enumeration
from kernel.states import LifeStep, timeline
from shared.institutions.queries import listing as institution_listing_queries

from .. import methods
from ..models import AuthorityScore, Rating, RatingMonth, StarRun
from ..states import RunState
from .periods import ended_year, last_day

MAX_NAMES = 10  # institutions that a sentence names before it counts the rest


@dataclass(frozen=True, slots=True)
class UnscoredInstitutions:
    """The institutions that have no score of their authority though enough people rated them."""

    names: tuple[str, ...]

    def __bool__(self) -> bool:
        """Say whether anything blocks."""
        return bool(self.names)

    def __str__(self) -> str:
        """Return the names, many of them cut short."""
        more = len(self.names) - MAX_NAMES
        return enumeration(self.names[:MAX_NAMES]) + (f" … +{more}" if more > 0 else "")


def runs() -> QuerySet[StarRun]:
    """Return all runs, newest year and revision first, without their frozen inputs."""
    return StarRun.objects.defer("inputs")


def run_for(run_id: uuid.UUID) -> StarRun:
    """Return a run; refuses (NotFound) an unknown one. The caller has checked the role."""
    row = StarRun.objects.filter(pk=run_id).first()
    if row is None:
        raise NotFound
    return row


def years_to_run(at: datetime) -> list[int]:
    """Return the ended years of which there are ratings or runs, newest first; the last one in any case."""
    last = ended_year(at)
    known = [
        Rating.objects.aggregate(first=Min("year"))["first"],
        StarRun.objects.aggregate(first=Min("year"))["first"],
    ]
    first = min([year for year in known if year is not None], default=last)
    return list(range(last, min(first, last) - 1, -1))


def published(year: int) -> StarRun | None:
    """Return the run of a year that stands."""
    return StarRun.objects.filter(year=year, state=RunState.PUBLISHED).first()


def entrants(year: int, method: methods.StarMethod) -> list[methods.Entrant]:
    """Return everything that a run of a year is made from: the institutions listed at its end, ratings, scores."""
    listed = institution_listing_queries.listed(last_day(year))
    scores = dict(AuthorityScore.objects.filter(year=year).values_list("institution_id", "scores"))
    eligible: dict[uuid.UUID, int] = defaultdict(int)
    for institution_id, number in RatingMonth.objects.filter(year=year).values_list("institution_id", "eligible"):
        eligible[institution_id] += number
    tallies = {key: _counted(rows, method) for key, rows in _by_institution(year)}
    nobody = _counted([], method)
    result = []
    for institution in listed:
        tally, digest = tallies.get(institution.id, nobody)
        could_rate = eligible[institution.id]
        result.append(
            methods.Entrant(
                institution=str(institution.id),
                name=institution.name,
                eligible=could_rate if could_rate >= tally.n and could_rate > 0 else None,
                tally=tally,
                scores=scores.get(institution.id),
                ratings_digest=digest,
            )
        )
    return result


def _by_institution(year: int) -> Iterable[tuple[uuid.UUID, list[tuple[str, dict[str, int]]]]]:
    rows = Rating.objects.filter(year=year).order_by("institution_id", "rater_key")
    values = rows.values_list("institution_id", "rater_key", "answers").iterator(chunk_size=2000)
    for institution_id, ratings in groupby(values, key=lambda row: row[0]):
        yield institution_id, [(bytes(key).hex(), answers) for _id, key, answers in ratings]


def _counted(ratings: Sequence[tuple[str, dict[str, int]]], method: methods.StarMethod) -> tuple[methods.Tally, str]:
    """Return the counts of an institution's ratings, and a digest that binds them to the ratings one by one."""
    return methods.tally((answers for _key, answers in ratings), method), methods.digest(list(ratings))


def months_differ(year: int, run_entrants: Sequence[methods.Entrant]) -> list[str]:
    """Return the names of the institutions whose monthly counts are not those of their ratings."""
    monthly: dict[str, Any] = defaultdict(lambda: defaultdict(int))
    for institution_id, n, counts in RatingMonth.objects.filter(year=year).values_list("institution_id", "n", "counts"):
        months = monthly[str(institution_id)]
        months["n"] += n
        for item, row in counts.items():
            for answer, times in row.items():
                months[item, int(answer)] += times
    return [entrant.name for entrant in run_entrants if not _agrees(entrant.tally, monthly[entrant.institution])]


def _agrees(tally: methods.Tally, months: dict[Any, int]) -> bool:
    same = all(
        months[item, answer] == times for item, row in tally.counts.items() for answer, times in enumerate(row, 1)
    )
    return same and months["n"] == tally.n


def unscored(run_entrants: Sequence[methods.Entrant], method: methods.StarMethod) -> UnscoredInstitutions:
    """Return the institutions without which a run cannot be made, in the order of the entrants: by name."""
    return UnscoredInstitutions(tuple(e.name for e in run_entrants if methods.lacks_score(e, method)))


VERB_LABELS = {"star_run.prepare": _("Counted into a preview")}


def run_life(run: StarRun) -> list[LifeStep]:
    """Return who did what with a run."""
    return timeline(run, VERB_LABELS)
