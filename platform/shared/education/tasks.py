"""Messages of continuing education: hours in from the learning site, out to the ministry's library (policy part 3)."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from shared.exchange.operations import arrivals as exchange_arrivals
from shared.exchange.queries import kinds
from shared.exchange.states import LEARNING, LIBRARY

from . import operations, queries

PERSON = {"name": "name", "id_number": "id", "mobile": "mobile", "born": "all", "sex": "all"}


class HoursBody(BaseModel):
    """Hours learnt on the learning site."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    record_no: str = Field(min_length=1, max_length=60)
    certificate_number: str = Field(min_length=1, max_length=32)
    name: str = Field(min_length=1, max_length=60)
    hours: Decimal = Field(gt=0, le=999, decimal_places=1)
    began_on: date
    ended_on: date
    topic: str = Field(default="", max_length=200)
    employer_code: str = Field(default="", max_length=18)
    employer_name: str = Field(default="", max_length=120)
    step: Literal[2] = 2


def record_hours(message: kinds.InboundMessage, *, at: datetime) -> kinds.Outcome:
    """Record the hours that the learning site reports."""
    body = message.body
    assert isinstance(body, HoursBody)
    if body.ended_on < body.began_on:
        return kinds.Outcome(
            False, "dates", exchange_arrivals.in_all_languages(_("The end lies before the beginning."))
        )
    facts = body.model_dump(exclude={"record_no", "name"})
    outcome = operations.record_hours(
        source=message.system,
        number=body.record_no,
        holder=body.name,
        **facts,
        as_of=message.as_of,
        at=at,
    )
    return kinds.Outcome(True, outcome, exchange_arrivals.in_all_languages(_("The hours are kept.")))


def compose_hours(subject: uuid.UUID, *, at: datetime) -> dict[str, Any]:
    """Return a record of hours as the library takes it."""
    row = queries.hours(subject)
    return {
        "record_no": row.number,
        "certificate_number": row.certificate_number,
        "name": row.holder,
        "employer_code": row.employer_code,
        "employer_name": row.employer_name,
        "step": row.step,
        "hours": str(row.hours),
        "began_on": row.began_on.isoformat(),
        "ended_on": row.ended_on.isoformat(),
        "topic": row.topic,
    }


kinds.register_inbound(
    kinds.InboundKind(
        system=LEARNING,
        name="hours",
        label=_("Hours learnt online"),
        schema=HoursBody,
        subject_of=lambda body: str(body.record_no),
        handle=record_hours,
        masks=PERSON,
    )
)
kinds.register_outbound(
    kinds.OutboundKind(LIBRARY, "hours", "hours", _("The employer's hours"), masks=PERSON, compose=compose_hours)
)
kinds.register_outbound(kinds.OutboundKind(LIBRARY, "staff", "staff", _("An employer's certified staff"), masks=PERSON))
kinds.register_outbound(
    kinds.OutboundKind(LIBRARY, "course-enrolment", "enrolments", _("Enrolment for courses"), masks=PERSON)
)
