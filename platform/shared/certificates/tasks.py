"""What certificates say to the ministry's system and hear from it (policy parts 1.3 and 3)."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from kernel import clock, later
from kernel.errors import NotFound
from shared.exchange import operations as ledger
from shared.exchange import queries as exchange
from shared.exchange.states import MINISTRY

from . import operations

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


@later.task("certificates.give_own_number")
def give_own_number(*, certificate_id: str, at: datetime) -> None:
    """Number a certificate by the pack's own template."""
    operations.give_own_number(certificate_id=uuid.UUID(certificate_id), at=at)


def take_numbers(heard: exchange.Heard, *, at: datetime) -> exchange.Outcome:
    """Take an answer that came by itself, as if it had been asked for."""
    body = heard.body
    assert isinstance(body, NumbersBody)
    try:
        decides = ledger.take_answer(
            system=heard.system,
            kind="result",
            key=str(body.request_id),
            body=body.model_dump(mode="json", exclude={"request_id"}),
            at=at,
            real=clock.real_now(),
        )
    except NotFound:
        raise exchange.NotYet(str(body.request_id)) from None
    words = _("The answer is taken.") if decides else _("The answer decides nothing; the report still waits.")
    return exchange.Outcome(decides, "taken" if decides else "undecided", ledger.said(words))


def take_education(heard: exchange.Heard, *, at: datetime) -> exchange.Outcome:
    """Enter a year's hours on the certificate; one whose number has not come yet waits for it."""
    body = heard.body
    assert isinstance(body, EducationBody)
    try:
        done = operations.take_education(
            number=body.certificate_number, year=body.year, hours=body.hours, as_of=heard.as_of, at=at
        )
    except NotFound:
        raise exchange.NotYet(body.certificate_number) from None
    return exchange.Outcome(True, done, ledger.said(_("The hours stand on the certificate.")))


exchange.speaks(
    exchange.Outgoing(
        system=MINISTRY,
        name="result",
        path="results",
        label=_("A passed test"),
        masks=MASKS,
        compose=operations.told,
        acknowledged=operations.note_sent,
        answered=operations.take_answer,
        refused=operations.note_refused,
        again=False,
    )
)
exchange.hears(
    exchange.Incoming(
        system=MINISTRY,
        name="certificate",
        label=_("Certificate numbers"),
        shape=NumbersBody,
        about=lambda body: str(body.request_id),
        handle=take_numbers,
        masks=MASKS,
    )
)
exchange.hears(
    exchange.Incoming(
        system=MINISTRY,
        name="education",
        label=_("Hours for the certificate"),
        shape=EducationBody,
        about=lambda body: f"{body.certificate_number}:{body.year}",
        handle=take_education,
    )
)
