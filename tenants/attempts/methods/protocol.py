"""The protocol of a test page: requests read strictly, and the words that go back."""

import json
import re
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from ..states import RESULT, AttemptState

MOST_ANSWERS = 200
HIGHEST_SEQ = 1_000_000
_QUESTION = re.compile(r"[1-9][0-9]{0,2}(\.[a-z])?")
_CHOICE = re.compile(r"[A-Z]{0,8}")


class BadRequest(ValueError):
    """The body is not what the protocol says; the text says where."""


class Answer(NamedTuple):
    """One change of an answer: its number, the question's name, the letters chosen, the client's own time."""

    seq: int
    question: str
    choice: str
    client_at: datetime


class Save(NamedTuple):
    """Changes of answers under one lease."""

    epoch: int
    answers: tuple[Answer, ...]


class Finish(NamedTuple):
    """The word that the candidate is done, and the number of their last change."""

    epoch: int
    last_seq: int


def _body(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)  # what is in it is read strictly below: no control character, no number without end
    except (ValueError, RecursionError):
        raise BadRequest("the body is no JSON") from None
    if not isinstance(body, dict):
        raise BadRequest("the body is no object")
    return body


def _whole(body: dict[str, Any], name: str, lowest: int) -> int:
    value = body.get(name)
    if type(value) is not int or not lowest <= value <= HIGHEST_SEQ:
        raise BadRequest(f"{name} must be a whole number from {lowest} to {HIGHEST_SEQ}")
    return value


def read_save(raw: bytes) -> Save:
    """Return the changes in a body; BadRequest says what is wrong with it."""
    body = _body(raw)
    answers = body.get("answers")
    if not isinstance(answers, list) or not 1 <= len(answers) <= MOST_ANSWERS:
        raise BadRequest(f"answers must be a list of 1 to {MOST_ANSWERS}")
    return Save(_whole(body, "epoch", 1), tuple(map(_answer, answers)))


def _answer(entry: Any) -> Answer:
    if not isinstance(entry, dict):
        raise BadRequest("an answer is no object")
    question, choice, moment = entry.get("question"), entry.get("choice"), entry.get("client_at")
    if not isinstance(question, str) or not _QUESTION.fullmatch(question):
        raise BadRequest("question must be a name like 12 or 71.a")
    if not isinstance(choice, str) or not _CHOICE.fullmatch(choice):
        raise BadRequest("choice must be up to 8 capital letters")
    return Answer(_whole(entry, "seq", 1), question, choice, _moment(moment))


def _moment(text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise BadRequest("client_at must be an ISO 8601 time") from None
    if moment.tzinfo is None or not 2000 <= moment.year <= 2200:
        raise BadRequest("client_at must have an offset and lie in this century")
    return moment


def read_finish(raw: bytes) -> Finish:
    """Return the word that the candidate is done; BadRequest says what is wrong with the body."""
    body = _body(raw)
    return Finish(_whole(body, "epoch", 1), _whole(body, "last_seq", 0))


def page_state(state: str, *, sitting_running: bool) -> str:
    """Return the word for a candidate's page: waiting, admitted, ready, started, held or finished."""
    if state == AttemptState.CHECKED_IN:
        return "ready" if sitting_running else "admitted"
    if state == AttemptState.PREPARED:
        return "waiting"
    if state == AttemptState.STARTED:
        return "started"
    return "held" if state == AttemptState.ON_HOLD else "finished"


def has_result(state: str) -> bool:
    """Say whether there is a score to show."""
    return state in RESULT


def score_text(points: Decimal) -> str:
    """Return points as people read them: 86, or 86.5."""
    return f"{points.normalize():f}"
