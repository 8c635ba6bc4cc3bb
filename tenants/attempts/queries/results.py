"""Results as sittings asks for them."""

import uuid
from collections.abc import Collection

from django.db.models import OuterRef, Subquery

from tenants.sittings.values.results import Result

from ..methods import protocol
from ..models.attempts import Attempt, IdCheck, Score
from ..states import RESULT, WRITING, AttemptState, Document

NO_ATTEMPT = Result(None, AttemptState.PREPARED, AttemptState.PREPARED.label, over=False)
UNFINISHED = (AttemptState.PREPARED, AttemptState.CHECKED_IN, *WRITING)


def results_of(candidacy_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Result]:
    """Return how each candidate's test stands, in two queries however many."""
    checks = IdCheck.objects.filter(candidacy_id=OuterRef("candidacy_id"), undone_at=None)
    attempts = Attempt.objects.filter(candidacy_id__in=candidacy_ids).annotate(
        document=Subquery(checks.values("document")[:1])
    )
    rows = Score.objects.filter(attempt__candidacy_id__in=candidacy_ids).order_by("run")
    scores = {score.attempt_id: score for score in rows}
    values = {attempt.candidacy_id: _result(attempt, scores.get(attempt.pk), attempt.document) for attempt in attempts}
    return {key: values.get(key, NO_ATTEMPT) for key in candidacy_ids}


def _result(attempt: Attempt, score: Score | None, document: str | None) -> Result:
    scored = score if attempt.state in RESULT else None
    return Result(
        attempt_id=attempt.pk,
        state=attempt.state,
        state_label=attempt.get_state_display(),
        over=attempt.state not in UNFINISHED,
        passed=scored.passed if scored else None,
        points=protocol.score_text(scored.points) if scored else "",
        document=str(Document(document).label) if document else "",
        started_at=attempt.started_at,
        finished_at=attempt.finished_at,
        finished_by=str(attempt.get_finished_by_display()) if attempt.finished_by else "",
    )
