"""Messages of certificates to the ministry's system and from it (policy parts 1.3 and 3)."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from kernel import clock, later
from kernel.errors import NotFound
from shared.exchange.operations import arrivals as exchange_arrivals
from shared.exchange.operations import messages as exchange_messages
from shared.exchange.queries import kinds
from shared.exchange.states import MINISTRY

from .operations import education as certificate_education
from .operations import numbering, reporting

MASKS = {"name": "name", "id_number": "id", "number": "none"}


class NumbersBody(BaseModel):
    """The answer to a report, sent by itself; its lines are read by the report's own reader."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    request_id: uuid.UUID
    certificates: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []


class EducationBody(BaseModel):
    """One year's hours of one certificate, as the ministry's system has them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    certificate_number: str = Field(min_length=1, max_length=32)
    year: int = Field(ge=2000, le=2100)
    hours: Decimal = Field(ge=0, le=999, decimal_places=1)


@later.task("certificates.assign_own_number", runs=later.Where.PLATFORM)
def assign_own_number(*, certificate_id: str, at: datetime) -> None:
    """Number a certificate by the pack's own template."""
    numbering.assign_own_number(certificate_id=uuid.UUID(certificate_id), at=at)


def receive_numbers(message: kinds.InboundMessage, *, at: datetime) -> kinds.Outcome:
    """Take an answer that came by itself, as if it had been asked for."""
    body = message.body
    assert isinstance(body, NumbersBody)
    try:
        decides = exchange_messages.take_answer(
            system=message.system,
            kind="result",
            key=str(body.request_id),
            body=body.model_dump(mode="json", exclude={"request_id"}),
            at=at,
            real=clock.real_now(),
        )
    except NotFound:
        raise kinds.RetryLater(str(body.request_id)) from None
    text = _("The answer is taken.") if decides else _("The answer decides nothing; the report still waits.")
    return kinds.Outcome(decides, "taken" if decides else "undecided", exchange_arrivals.in_all_languages(text))


def take_education(message: kinds.InboundMessage, *, at: datetime) -> kinds.Outcome:
    """Enter a year's hours on the certificate; one whose number has not come yet waits for it."""
    body = message.body
    assert isinstance(body, EducationBody)
    try:
        outcome = certificate_education.take_education(
            number=body.certificate_number, year=body.year, hours=body.hours, as_of=message.as_of, at=at
        )
    except NotFound:
        raise kinds.RetryLater(body.certificate_number) from None
    return kinds.Outcome(True, outcome, exchange_arrivals.in_all_languages(_("The hours stand on the certificate.")))


kinds.register_outbound(
    kinds.OutboundKind(
        system=MINISTRY,
        name="result",
        path="results",
        label=_("A passed test"),
        masks=MASKS,
        compose=reporting.compose_report,
        on_acknowledged=reporting.note_sent,
        on_answered=reporting.take_answer,
        on_refused=reporting.note_refused,
        resendable=False,
    )
)
kinds.register_inbound(
    kinds.InboundKind(
        system=MINISTRY,
        name="certificate",
        label=_("Certificate numbers"),
        schema=NumbersBody,
        subject_of=lambda body: str(body.request_id),
        handle=receive_numbers,
        masks=MASKS,
    )
)
kinds.register_inbound(
    kinds.InboundKind(
        system=MINISTRY,
        name="education",
        label=_("Hours for the certificate"),
        schema=EducationBody,
        subject_of=lambda body: f"{body.certificate_number}:{body.year}",
        handle=take_education,
    )
)
