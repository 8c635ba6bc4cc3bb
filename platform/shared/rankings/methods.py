"""The star method, pure: counts of answers and the authority's points in, stars out (policy part 5).

L = mean over the trainees of their weighted items, 0-100; A = the authority's weighted items, 0-100; both rounded half
up; total = share * L + share * A, rounded half up. So every figure shown follows from the figures shown beside it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is rated, and its weight in percent."""

    key: str
    weight: float  # whole or half: exact


@dataclass(frozen=True, slots=True)
class Cut:
    """From how many points on so many stars are given."""

    stars: int
    at_least: int


@dataclass(frozen=True, slots=True)
class StarMethod:
    """Shares, weights, points and cuts of one version of the policy; percents add up to 100."""

    policy: str
    learner_percent: int
    authority_percent: int
    minimum_sample: int
    answer_points: tuple[int, ...]
    decimals: int
    items: tuple[Item, ...]
    cuts: tuple[Cut, ...]

    @property
    def best(self) -> int:
        """Return the highest answer that can be given (answers are 1 to this)."""
        return len(self.answer_points)

    def to_json(self) -> dict[str, Any]:
        """Return the method as JSON may hold it."""
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]  # a dict of plain values

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "StarMethod":
        """Return the method that `frozen` gave."""
        return cls(
            **{
                **data,
                "answer_points": tuple(data["answer_points"]),
                "items": tuple(Item(**item) for item in data["items"]),
                "cuts": tuple(Cut(**cut) for cut in data["cuts"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each answer was given to each item, how many rated, and how many came to 1, 2, … on the whole."""

    n: int
    counts: Mapping[str, tuple[int, ...]]
    spread: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entrant:
    """All that a run knows of one institution."""

    institution: str
    name: str
    eligible: int | None
    tally: Tally
    scores: Mapping[str, int] | None
    ratings_digest: str

    def to_json(self) -> dict[str, Any]:
        """Return the entrant as JSON may hold it."""
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]  # as above

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Entrant":
        """Return the entrant that `frozen` gave."""
        tally_data = data["tally"]
        counts = {key: tuple(row) for key, row in tally_data["counts"].items()}
        return cls(**{**data, "tally": Tally(tally_data["n"], counts, tuple(tally_data["spread"]))})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the run finds for one institution; without stars where too few rated it."""

    institution: str
    name: str
    n: int
    eligible: int | None
    learner: Decimal | None
    authority: Decimal | None
    total: Decimal | None
    stars: int | None
    place: int | None
    spread: tuple[int, ...]


def half_up(value: Fraction, decimals: int) -> Decimal:
    """Return a value of 0 or more, rounded half up to so many decimals."""
    scale = 10**decimals
    return Decimal((value.numerator * scale * 2 + value.denominator) // (value.denominator * 2)).scaleb(-decimals)


def overall(answers: Mapping[str, int], method: StarMethod) -> int:
    """Return what one rating comes to on the whole: its weighted mean, rounded half up, from 1 to the best answer."""
    return int(half_up(_weighted(answers, method), 0))


def _weighted(values: Mapping[str, int], method: StarMethod) -> Fraction:
    """Return the mean of the items' values by their weights, exactly."""
    return sum((Fraction(item.weight) * values[item.key] for item in method.items), Fraction(0)) / 100


def tally(ratings: Iterable[Mapping[str, int]], method: StarMethod) -> Tally:
    """Return the counts of some ratings, in whatever order they come."""
    counts = {item.key: [0] * method.best for item in method.items}
    spread = [0] * method.best
    n = 0
    for answers in ratings:
        n += 1
        for item in method.items:
            counts[item.key][answers[item.key] - 1] += 1
        spread[overall(answers, method) - 1] += 1
    return Tally(n, {key: tuple(row) for key, row in counts.items()}, tuple(spread))


def learner_score(counted: Tally, method: StarMethod) -> Decimal | None:
    """Return L, 0-100: the mean over the trainees of their weighted items; None without ratings."""
    if counted.n == 0:
        return None
    worth = method.answer_points
    points = {
        key: sum(times * points for times, points in zip(counts, worth, strict=True))
        for key, counts in counted.counts.items()
    }
    return half_up(_weighted(points, method) / counted.n, method.decimals)


def authority_score(scores: Mapping[str, int], method: StarMethod) -> Decimal:
    """Return A, 0-100: the authority's weighted items."""
    return half_up(_weighted(scores, method), method.decimals)


def total_score(learner: Decimal, authority: Decimal, method: StarMethod) -> Decimal:
    """Return the total, 0-100: both parts by their shares (policy part 5)."""
    weighted = method.learner_percent * Fraction(learner) + method.authority_percent * Fraction(authority)
    return half_up(weighted / 100, method.decimals)


def stars_of(total: Decimal, method: StarMethod) -> int:
    """Return the stars of a total."""
    return next(cut.stars for cut in method.cuts if total >= cut.at_least)


def lacks_score(entrant: Entrant, method: StarMethod) -> bool:
    """Say whether an institution that enough people rated lacks its authority's score: then nothing may be computed."""
    return entrant.tally.n >= method.minimum_sample and entrant.scores is None


def outcomes(entrants: Sequence[Entrant], method: StarMethod) -> list[Outcome]:
    """Return what the run finds, best first, those not rated last; the order of `entrants` does not matter.

    Raises ValueError where an institution `lacks_score`: a missing score is never a nought.
    """
    result = [_outcome(entrant, method) for entrant in entrants]
    totals = sorted((o.total for o in result if o.total is not None), reverse=True)
    ranked = [_with_place(o, totals) for o in result]
    return sorted(ranked, key=lambda o: (o.place is None, o.place, o.institution))


def _outcome(entrant: Entrant, method: StarMethod) -> Outcome:
    if lacks_score(entrant, method):
        raise ValueError(f"{entrant.institution} has no score of its authority")
    counted = entrant.tally
    authority = authority_score(entrant.scores, method) if entrant.scores is not None else None
    if counted.n < method.minimum_sample or authority is None or (learner := learner_score(counted, method)) is None:
        # Fewer than the least sample would show what single people said: then nothing of it is shown.
        hidden = tuple([0] * method.best)
        return Outcome(
            **_identity(entrant), learner=None, authority=authority, total=None, stars=None, place=None, spread=hidden
        )
    total = total_score(learner, authority, method)
    return Outcome(
        **_identity(entrant),
        learner=learner,
        authority=authority,
        total=total,
        stars=stars_of(total, method),
        place=0,
        spread=counted.spread,
    )


def _identity(entrant: Entrant) -> dict[str, Any]:
    identity = {"institution": entrant.institution, "name": entrant.name}
    return {**identity, "n": entrant.tally.n, "eligible": entrant.eligible}


def _with_place(outcome: Outcome, totals: Sequence[Decimal]) -> Outcome:
    """Give an outcome its place: one more than the number of better totals."""
    if outcome.total is None:
        return outcome
    values = {name: getattr(outcome, name) for name in Outcome.__slots__}
    return Outcome(**{**values, "place": totals.index(outcome.total) + 1})


def digest(value: Any) -> str:
    """Return the SHA-256 of plain values in one canonical writing (sorted keys, no blanks, decimals as written)."""
    raw = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(raw.encode()).hexdigest()


def input_digest(*, year: int, method: StarMethod, entrants: Sequence[Entrant]) -> str:
    """Return the digest of everything a run is made from."""
    ordered = sorted((entrant.to_json() for entrant in entrants), key=lambda e: str(e["institution"]))
    return digest({"year": year, "method": method.to_json(), "entrants": ordered})


def result_digest(results: Sequence[Outcome]) -> str:
    """Return the digest of what a run found, in whatever order it is given."""
    return digest(sorted((asdict(outcome) for outcome in results), key=lambda o: str(o["institution"])))
