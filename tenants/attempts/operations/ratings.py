"""Ratings of the training by a trainee after the test (policy part 5)."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from kernel import tenancy
from kernel.errors import NotFound
from shared.rankings.operations import ratings as ranking_ratings

from ..queries import attempts as attempt_queries


def rate(*, attempt_id: uuid.UUID, person_id: uuid.UUID | None, items: Mapping[str, int], at: datetime) -> None:
    """Record what the person behind a finished test answers, once per enrolment.

    Refuses (NotFound) another person's test and one without a result, and what `record_rating` refuses.
    """
    score = attempt_queries.score_for(attempt_id, person_id)
    institution_id = tenancy.current_institution_id()
    if institution_id is None:
        raise NotFound
    key = attempt_queries.rating_key(score.enrolment_id)
    ranking_ratings.record_rating(institution_id=institution_id, enrolment_key=key, items=items, at=at)
