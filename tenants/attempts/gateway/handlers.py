"""Handlers of loading, starting and handing in: each ONE synchronous function, run with the schema open."""

import uuid
from datetime import datetime
from typing import Any

from django.urls import reverse

from kernel import clock
from kernel.access import Actor

from ..methods.protocol import Finish
from ..methods.tokens import Token
from ..operations import attempts
from ..queries import attempts as attempt_queries
from ..queries.attempts import AttemptPage, ScoreView


def iso(moment: datetime | None) -> str | None:
    """Return a moment as the protocol has it."""
    return None if moment is None else moment.isoformat()


def load(token: Token) -> dict[str, Any]:
    """Return everything the test page needs; refuses (LeaseSuperseded) a page that is no longer the newest."""
    now = clock.real_now()
    page = attempt_queries.paper_page(token.attempt_id, at=now)
    if page.epoch != token.epoch and page.page_state != "finished":
        raise attempts.LeaseSuperseded
    return _page(page, now)


def start(token: Token) -> dict[str, Any]:
    """Start the clock and return what the page needs."""
    attempts.start_attempt(
        attempt_id=token.attempt_id, epoch=token.epoch, by=_candidate(token.attempt_id), at=clock.real_now()
    )
    return load(token)


def finish(token: Token, request: Finish) -> dict[str, Any]:
    """Hand in and return the result, which is shown at once (policy 1.2)."""
    candidate = _candidate(token.attempt_id)
    attempts.finish_attempt(
        attempt_id=token.attempt_id, epoch=request.epoch, last_seq=request.last_seq, by=candidate, at=clock.real_now()
    )
    return _result(attempt_queries.score_for(token.attempt_id, candidate.person_id))


def _candidate(attempt_id: uuid.UUID) -> Actor:
    """Return who is acting: the candidate, by the token, without a web session."""
    person_id, name = attempt_queries.candidate_of(attempt_id)
    return Actor(person_id=person_id, name=name, level=1)


def _page(page: AttemptPage, now: datetime) -> dict[str, Any]:
    body: dict[str, Any] = {
        "state": page.page_state,
        "epoch": page.epoch,
        "last_seq": page.last_seq,
        "server_now": iso(now),
        "deadline": iso(page.deadline) if page.page_state in ("started", "held") else None,
        "notice": page.notice,
        "answers": dict(page.answers),
        "trainee": {"name": page.name, "seat": str(page.seat or "")},
    }
    if page.sheet is not None:
        body["paper"] = [_item(item) for item in page.sheet.items]
        body["demo"] = page.sheet.demo
    if page.score is not None:
        body["result"] = _result(page.score)
    return body


def _item(item: Any) -> dict[str, Any]:
    body = {"no": item.no, "code": item.code, "kind": item.kind, "stem": item.stem}
    if item.parts:
        parts = [{"code": p.code, "kind": p.kind, "stem": p.stem, "options": _options(p)} for p in item.parts]
        return body | {"options": [], "parts": parts}
    return body | {"options": _options(item), "parts": []}


def _options(question: Any) -> list[dict[str, str]]:
    return [{"key": option.key, "text": option.text} for option in question.options]


def _result(score: ScoreView) -> dict[str, Any]:
    return {
        "score": score.points,
        "passed": score.passed,
        "provisional": score.provisional,
        "full_mark": score.full_mark,
        "pass_mark": score.pass_mark,
        "rating_url": reverse("attempts:rating", args=[score.attempt_id]),
    }
