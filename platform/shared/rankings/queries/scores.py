"""The authority's scores: which are due, which are given."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from kernel.access import Actor
from kernel.errors import NotFound
from shared.institutions.queries import listing as institution_listing_queries

from .. import methods, rules
from ..models import AuthorityScore, RatingMonth
from .periods import last_day


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One institution that an authority scores for a year."""

    institution_id: uuid.UUID
    name: str
    ratings: int
    points: Decimal | None
    entered_at: datetime | None


def score_lines(by: Actor, year: int, method: methods.StarMethod) -> list[ScoreLine]:
    """Return the institutions that the officer's own authority scores for a year, unscored ones first."""
    scopes = rules.scores.scopes(by)
    listed = institution_listing_queries.listed(last_day(year), scopes)
    ids = [i.id for i in listed]
    scores = {s.institution_id: s for s in AuthorityScore.objects.filter(year=year, institution__in=ids)}
    months = RatingMonth.objects.filter(year=year, institution__in=ids).values_list("institution")
    rating_counts = dict(months.annotate(total=Sum("n")))
    lines = []
    for institution in listed:
        score = scores.get(institution.id)
        points = methods.authority_score(score.scores, method) if score else None
        ratings = rating_counts.get(institution.id, 0)
        when = score.entered_at if score else None
        lines.append(ScoreLine(institution.id, institution.name, ratings, points, when))
    return sorted(lines, key=lambda line: line.points is not None)  # each half by name, as they were listed


def institution_for_scoring(by: Actor, institution_id: uuid.UUID) -> institution_listing_queries.InstitutionValue:
    """Return an institution that this officer scores; refuses (NotFound) one of another authority."""
    institution = institution_listing_queries.institution(institution_id)
    if not rules.scores(by, scope=institution.authority_code):
        raise NotFound
    return institution


def score_of(institution_id: uuid.UUID, year: int) -> AuthorityScore | None:
    """Return what the authority gave an institution for a year. The caller has checked who asks."""
    return AuthorityScore.objects.filter(institution=institution_id, year=year).first()


def by_item(scores: Mapping[str, int], reasons: Mapping[str, str]) -> dict[str, list[Any]]:
    """Return points and reason of each item, as pages carry them."""
    return {key: [points, reasons.get(key, "")] for key, points in scores.items()}


def scores_missing(by: Actor, year: int, method: methods.StarMethod) -> int:
    """Return how many institutions of the officer's own authority enough people rated and nobody scored."""
    lines = score_lines(by, year, method)
    return sum(line.points is None and line.ratings >= method.minimum_sample for line in lines)
