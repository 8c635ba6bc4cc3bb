"""The ministry's information system as far as results and certificate numbers go: one interface over HTTP.

Test results are reported under a request id that the other side keeps apart, so a report may be repeated; the numbers
are fetched later by the same id, and may come late, twice, or as a refusal.
"""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import httpx
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

TIMEOUT = httpx.Timeout(8.0, connect=3.0)
PATH = "/ministry/results/"


class Unreachable(Exception):
    """No usable answer: the other side is down, not configured, or says what we cannot read. To be tried again."""


class NotAccepted(Exception):
    """The other side read the report and refuses it; the words are its own."""


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One passed test as it is reported."""

    result_id: uuid.UUID
    position: str
    name: str
    id_number: str
    score: Decimal
    institution_credit_code: str
    tested_on: date


class Numbered(BaseModel):
    """A certificate number for one result."""

    model_config = ConfigDict(frozen=True)

    result_id: uuid.UUID
    number: str = Field(min_length=1, max_length=32)
    issued_on: date


class Refused(BaseModel):
    """A result that gets no number, and why."""

    model_config = ConfigDict(frozen=True)

    result_id: uuid.UUID
    reason: str = Field(default="", max_length=2000)


class Answer(BaseModel):
    """What has been decided about a report so far."""

    model_config = ConfigDict(frozen=True)

    certificates: tuple[Numbered, ...] = ()
    refused: tuple[Refused, ...] = ()


def report(*, request_id: uuid.UUID, results: Sequence[ResultLine], at: datetime) -> None:
    """Report results; harmless to repeat. Raises NotAccepted with the other side's words, or Unreachable."""
    # A demonstration's requests carry their own time, and the stand-in for the ministry's system issues on that day.
    headers = {"Nuoxing-Now": at.isoformat()} if settings.NUOXING_DEMO_CLOCK else {}
    lines = [{key: str(value) for key, value in asdict(line).items()} for line in results]
    response = _call("POST", PATH, json={"request_id": str(request_id), "results": lines}, headers=headers)
    if response.status_code in (400, 409, 422):
        raise NotAccepted(_words(response))
    if not response.is_success:
        raise Unreachable(f"answered {response.status_code} to a report")


def answer(*, request_id: uuid.UUID) -> Answer | None:
    """Return what has been decided about a report, None where nothing is yet; raises Unreachable."""
    response = _call("GET", f"{PATH}{request_id}/")
    if response.status_code in (202, 404):
        return None
    if response.status_code in (400, 409, 410, 422):
        raise NotAccepted(_words(response))
    if not response.is_success:
        raise Unreachable(f"answered {response.status_code} to a question")
    try:
        return Answer.model_validate_json(response.content)
    except ValidationError as fault:
        raise Unreachable(f"answered what cannot be read: {fault.error_count()} faults") from None


def _call(method: str, path: str, **rest: Any) -> httpx.Response:
    if not settings.NUOXING_FAKES_URL:
        raise Unreachable("no address of the ministry's system is configured")
    try:
        with httpx.Client(base_url=settings.NUOXING_FAKES_URL, timeout=TIMEOUT, trust_env=False) as client:
            return client.request(method, path, **rest)
    except httpx.HTTPError as fault:
        raise Unreachable(type(fault).__name__) from None


def _words(response: httpx.Response) -> str:
    """Return the reason in an answer that refuses: its "detail" or "reason", else its text."""
    try:
        told = response.json()
    except ValueError:
        told = None
    if isinstance(told, dict):
        return str(told.get("detail") or told.get("reason") or told)[:300]
    return response.text[:300] or f"HTTP {response.status_code}"
