"""Tasks of the outside systems, and the kinds of message that belong to no other app yet."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from kernel import clock, later

from . import operations, queries
from .states import LEARNING, LIBRARY, MINISTRY


@later.task("exchange.push")
def push(*, message_id: str, at: datetime) -> None:
    """Take a message a step further."""
    operations.push(message_id=uuid.UUID(message_id), at=at, real=clock.real_now())


@later.task("exchange.process_arrival")
def process_arrival(*, arrival_id: str, at: datetime) -> None:
    """Take over a message that came in."""
    operations.process_arrival(arrival_id=uuid.UUID(arrival_id), at=at, real=clock.real_now())


@later.periodic_task("exchange.push_due", every=5)
def push_due(*, at: datetime) -> None:
    """Go on with what is due; with everything that is open where this is run by hand for a given time."""
    by_hand = clock.simulated_now() is not None
    operations.push_due(real=clock.real_now(), everything=by_hand)
    operations.process_due(real=clock.real_now(), everything=by_hand)


@later.periodic_task("exchange.reconcile", every=86400)
def reconcile(*, at: datetime) -> None:
    """Compare both sides' lists, once a day."""
    operations.reconcile_all(at=at, real=clock.real_now())


# --- Hours of continuing education: in from the learning site, out to the library (policy part 3) ----------


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


def _record_hours(message: queries.InboundMessage, *, at: datetime) -> queries.Outcome:
    body = message.body
    assert isinstance(body, HoursBody)
    if body.ended_on < body.began_on:
        return queries.Outcome(False, "dates", operations.in_all_languages(_("The end lies before the beginning.")))
    facts = body.model_dump(exclude={"record_no", "name"})
    outcome = operations.record_hours(
        source=message.system,
        number=body.record_no,
        holder=body.name,
        **facts,
        as_of=message.as_of,
        at=at,
    )
    return queries.Outcome(True, outcome, operations.in_all_languages(_("The hours are kept.")))


def _compose_hours(subject: uuid.UUID, *, at: datetime) -> dict[str, Any]:
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


PERSON = {"name": "name", "id_number": "id", "mobile": "mobile", "born": "all", "sex": "all"}

queries.register_inbound(
    queries.InboundKind(
        system=LEARNING,
        name="hours",
        label=_("Hours learnt online"),
        schema=HoursBody,
        subject_of=lambda body: str(body.record_no),
        handle=_record_hours,
        masks=PERSON,
    )
)
queries.register_outbound(
    queries.OutboundKind(LIBRARY, "hours", "hours", _("The employer's hours"), masks=PERSON, compose=_compose_hours)
)
queries.register_outbound(
    queries.OutboundKind(LIBRARY, "staff", "staff", _("An employer's certified staff"), masks=PERSON)
)
queries.register_outbound(
    queries.OutboundKind(LIBRARY, "course-enrolment", "enrolments", _("Enrolment for courses"), masks=PERSON)
)
queries.register_outbound(queries.OutboundKind(MINISTRY, "person", "persons", _("A person who enrolled"), masks=PERSON))
queries.register_outbound(
    queries.OutboundKind(MINISTRY, "enrolment-answer", "answers", _("Answer to an enrolment"), masks=PERSON)
)
