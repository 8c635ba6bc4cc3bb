"""Pages of learning for a trainee, and the protocol of <nx-lesson>."""

import uuid
from datetime import timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import access
from kernel.errors import Invalid
from kernel.tables import paged
from kernel.web.bodies import raw, read_json
from kernel.web.http import Request, page
from kernel.web.openapi import described
from shared.records import queries as record_queries

from ..operations import study
from ..queries import hours as hour_queries
from ..queries import learning
from ..states import LessonKind
from ..tables import LedgerTable
from . import bodies


@access.signed_in
@require_safe
def my_class(request: Request, class_id: uuid.UUID) -> HttpResponse:
    """Show a class to its participant: hours, lessons, what to open next."""
    mine = learning.my_class(class_id, by=request.actor)
    following = next((lesson for lesson in mine.lessons if lesson.online and not lesson.done), None)
    lines = paged(request, LedgerTable(hour_queries.ledger(mine.participant_id)))
    refusal = study.lesson_refusal(
        mine.training_class, admitted=mine.admitted, kind=LessonKind.DOCUMENT, at=request.now
    )
    context = {"mine": mine, "following": following, "lines": lines, "refusal": refusal}
    return page(request, "courses/my_class.html", context)


@access.signed_in
@require_safe
def my_lesson(request: Request, lesson_id: uuid.UUID) -> HttpResponse:
    """Show a lesson; the element on it does the rest."""
    mine, lesson, row = learning.my_lesson(lesson_id, by=request.actor)
    context = {
        "mine": mine,
        "lesson": lesson,
        "refusal": study.lesson_refusal(mine.training_class, admitted=mine.admitted, kind=lesson.kind, at=request.now),
        "body": row.body,
        "video": record_queries.signed_path(row.media, life=_video_life(row.seconds)) if row.media else "",
        "position": learning.last_position(mine.participant_id, lesson.id),
    }
    return page(request, "courses/my_lesson.html", context)


def _video_life(seconds: int) -> timedelta:
    """Return how long a lesson's video can be fetched from an open page: twice the lesson, an hour at least."""
    return max(timedelta(seconds=2 * seconds), timedelta(hours=1))


@described("study_session_open", responses={201: bodies.StudySessionSerializer})
@access.signed_in
@require_POST
def sessions(request: Request, lesson_id: uuid.UUID) -> JsonResponse:
    """Open a study session: {"session", "nonce", "every", "heartbeats", "ending", "lesson"}."""
    session = study.begin_study(lesson_id=lesson_id, by=request.actor, at=request.now)
    base = f"/live/study/{session.session_id}"
    body = {
        "session": str(session.session_id),
        "nonce": session.nonce,
        "every": session.every,
        "heartbeats": f"{base}/heartbeats/",
        "ending": f"{base}/ending/",
        "lesson": {"seconds": session.lesson.seconds, "credited": session.lesson.credited},
    }
    return JsonResponse(body, status=201)


@described("study_heartbeat", request=bodies.HeartbeatSerializer, responses=bodies.HeartbeatResultSerializer)
@access.signed_in
@require_POST
def heartbeats(request: Request, session_id: uuid.UUID) -> JsonResponse:
    """Take a heartbeat {"nonce", "seconds", "position"?}; say what was credited and, where less, why."""
    body = _body(request)
    result = study.heartbeat(
        session_id=session_id,
        nonce=str(body.get("nonce", "")),
        claimed_seconds=_whole(body, "seconds"),
        position=_whole(body, "position") if body.get("position") is not None else None,
        by=request.actor,
        at=request.now,
    )
    hours = result.progress
    return JsonResponse(
        {
            "nonce": result.nonce,
            "credited": result.credited,
            "stop": result.stop.value,
            "words": str(result.stop.label),
            "lesson": {"seconds": result.lesson_seconds, "credited": result.lesson_credited},
            "hours": {"credited": hours.credited_hours, "required": hours.required_hours, "complete": hours.complete},
        }
    )


@described("study_session_end", responses={204: None})
@access.signed_in
@require_POST
def ending(request: Request, session_id: uuid.UUID) -> HttpResponse:
    """End a session."""
    study.end_study(session_id=session_id, by=request.actor, at=request.now)
    return HttpResponse(status=204)


def _body(request: Request) -> dict[str, Any]:
    try:
        body = read_json(raw(request))
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Invalid(_("The body must be a JSON object."))
    return body


def _whole(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 86_400:
        raise Invalid(_("%(name)s must be a whole number of seconds."), field=name, name=name)
    return value
