"""The published stars: a year's table, its re-computation, an institution's history."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from kernel.errors import NotFound
from shared.institutions.queries import listing as institution_listing_queries

from .. import methods
from ..models import StarResult, StarRun
from ..states import RunState
from .questions import MethodFact, method_facts
from .runs import published


@dataclass(frozen=True, slots=True)
class Row:
    """One institution in a year's table. `stars` is None where it is not rated."""

    institution_id: uuid.UUID
    slug: str
    name: str
    place: int | None
    stars: int | None
    total: Decimal | None
    learner: Decimal | None
    authority: Decimal | None
    n: int
    eligible: int | None
    spread: tuple[int, ...]
    year: int
    policy: str

    @property
    def response_rate(self) -> int | None:
        """Return the response in whole percent, None where nobody counted who could have answered."""
        return round(100 * self.n / self.eligible) if self.eligible else None

    @property
    def bars(self) -> list[tuple[int, int, int]]:
        """Return the spread as bars: answer, times, height in 20 steps of the highest."""
        most = max(self.spread, default=0) or 1
        return [(worth, count, -(-20 * count // most)) for worth, count in enumerate(self.spread, 1)]

    @property
    def stars_display(self) -> dict[str, Any]:
        """Return what components/stars.html shows."""
        best_first = reversed(list(enumerate(self.spread, 1)))
        return {
            "value": self.stars,
            "n": self.n,
            "response_rate": self.response_rate,
            "year": self.year,
            "method": self.policy,
            "distribution": [{"stars": worth, "count": count} for worth, count in best_first] if self.stars else [],
            "score": self.total,
        }


@dataclass(frozen=True, slots=True)
class Ranking:
    """A year's stars as published."""

    run_id: uuid.UUID
    year: int
    revision: int
    state: str
    prepared_at: datetime
    published_at: datetime | None
    policy: str
    reason: str
    input_digest: str
    result_digest: str
    rows: tuple[Row, ...]
    facts: tuple[MethodFact, ...]
    minimum_sample: int

    @property
    def rated_count(self) -> int:
        """Return how many institutions have stars."""
        return sum(row.stars is not None for row in self.rows)

    @property
    def unrated_count(self) -> int:
        """Return how many institutions have none."""
        return len(self.rows) - self.rated_count

    @property
    def shares(self) -> list[tuple[int, int]]:
        """Return how many institutions have 5, 4, … stars."""
        return [(stars, sum(row.stars == stars for row in self.rows)) for stars in range(5, 0, -1)]


@dataclass(frozen=True, slots=True)
class Check:
    """What a fresh computation from the frozen inputs gives, beside what was published."""

    year: int
    input_digest: str
    inputs_hold: bool
    result_digest: str
    results_hold: bool
    first_difference: str

    @property
    def holds(self) -> bool:
        """Say whether the published table is what its inputs give."""
        return self.inputs_hold and self.results_hold and not self.first_difference


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One year of an institution."""

    row: Row
    revision: int
    published_at: datetime


def years() -> list[int]:
    """Return the years with published stars, newest first."""
    return list(StarRun.objects.filter(state=RunState.PUBLISHED).order_by("-year").values_list("year", flat=True))


def latest_year() -> int | None:
    """Return the newest year with published stars."""
    return next(iter(years()), None)


def ranking(year: int) -> Ranking:
    """Return the published stars of a year, best first; refuses (NotFound) a year without."""
    run = StarRun.objects.filter(year=year, state=RunState.PUBLISHED).defer("inputs").first()
    if run is None:
        raise NotFound
    return preview(run)


def preview(run: StarRun) -> Ranking:
    """Return a run as its table would show it, published or not. The caller has checked who asks."""
    method = methods.StarMethod.from_json(run.method)
    results = list(run.results.all())
    known = institution_listing_queries.slugs(result.institution_id for result in results)
    return Ranking(
        run_id=run.pk,
        year=run.year,
        revision=run.revision,
        state=run.state,
        prepared_at=run.prepared_at,
        published_at=run.published_at,
        policy=run.policy,
        reason=run.reason,
        input_digest=run.input_digest,
        result_digest=run.result_digest,
        rows=tuple(_row(result, run, known) for result in results),
        facts=tuple(method_facts(method)),
        minimum_sample=method.minimum_sample,
    )


def row_of(institution_id: uuid.UUID) -> Row | None:
    """Return an institution's newest published stars, None where it never was in a run."""
    rows = _results().filter(institution=institution_id).order_by("-run__year")
    result = rows.first()
    return _row(result, result.run, institution_listing_queries.slugs([institution_id])) if result else None


def history(slug: str) -> tuple[str, list[HistoryRow]]:
    """Return an institution's name and its published years, newest first; refuses (NotFound) an unknown one."""
    institution = institution_listing_queries.public_institution(slug)
    known = institution_listing_queries.slugs([institution.id])
    results = _results().filter(institution=institution.id).order_by("-run__year")
    rows = [
        HistoryRow(_row(result, result.run, known), result.run.revision, result.run.published_at)
        for result in results
        if result.run.published_at is not None
    ]
    return institution.name, rows


def check(year: int) -> Check:
    """Compute a published year anew from its frozen inputs and compare; refuses (NotFound) a year without stars."""
    run = published(year)
    if run is None:
        raise NotFound
    method = methods.StarMethod.from_json(run.method)
    entrants = [methods.Entrant.from_json(entrant) for entrant in run.inputs]
    input_digest = methods.input_digest(year=run.year, method=method, entrants=entrants)
    outcomes = methods.outcomes(entrants, method)
    result_digest = methods.result_digest(outcomes)
    return Check(
        year=year,
        input_digest=input_digest,
        inputs_hold=input_digest == run.input_digest,
        result_digest=result_digest,
        results_hold=result_digest == run.result_digest,
        first_difference=_first_difference(outcomes, run.results.all()),
    )


def _first_difference(outcomes: Sequence[methods.Outcome], results: Iterable[StarResult]) -> str:
    """Return the first place where the kept rows say something else than the computation, "" where there is none."""
    rows = {str(result.institution_id): result for result in results}
    for outcome in outcomes:
        result = rows.pop(outcome.institution, None)
        if result is None:
            return f"{outcome.name}: —"
        for name, value in asdict(outcome).items():
            if name != "institution" and _plain(getattr(result, name)) != _plain(value):
                return f"{outcome.name}: {name} {getattr(result, name)} ≠ {value}"
    return next((f"{result.name}: —" for result in rows.values()), "")


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _results() -> Any:
    rows = StarResult.objects.filter(run__state=RunState.PUBLISHED)
    return rows.select_related("run").defer("run__inputs", "run__method")


def _row(result: StarResult, run: StarRun, slugs: dict[uuid.UUID, str]) -> Row:
    return Row(
        institution_id=result.institution_id,
        slug=slugs.get(result.institution_id, ""),
        name=result.name,
        place=result.place,
        stars=result.stars,
        total=result.total,
        learner=result.learner,
        authority=result.authority,
        n=result.n,
        eligible=result.eligible,
        spread=tuple(result.spread),
        year=run.year,
        policy=run.policy,
    )
