"""Reports of results to the ministry's system and its answers as plain values; shared.exchange delivers them.

Test results are reported under a request id that the other side keeps apart, so a report may be repeated; the numbers
come later under the same id, late, twice, or as a refusal. The form is ours until the official one is known.
"""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError


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


class AssignedNumber(BaseModel):
    """A certificate number for one result."""

    model_config = ConfigDict(frozen=True)

    result_id: uuid.UUID
    number: str = Field(min_length=1, max_length=32)
    issued_on: date


class RefusedResult(BaseModel):
    """A result that gets no number, and why."""

    model_config = ConfigDict(frozen=True)

    result_id: uuid.UUID
    reason: str = Field(default="", max_length=2000)


class Answer(BaseModel):
    """What has been decided about a report so far."""

    model_config = ConfigDict(frozen=True)

    certificates: tuple[AssignedNumber, ...] = ()
    refused: tuple[RefusedResult, ...] = ()


def report(line: ResultLine) -> dict[str, Any]:
    """Return one passed test as the body of a report."""
    return {"results": [{key: str(value) for key, value in asdict(line).items()}]}


def parse_answer(body: Mapping[str, Any]) -> Answer | None:
    """Return what an answer decides, None where it cannot be read."""
    try:
        return Answer.model_validate(body)
    except ValidationError:
        return None
