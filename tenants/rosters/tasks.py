"""Enrolments that come from outside systems: from the shared ledger into the institution that was chosen.

The deleting jobs of rosters are registered where they are defined, in operations.
"""

import uuid
from datetime import date, datetime
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from kernel import later, tenancy
from kernel.crypto import blind
from shared.exchange import operations as exchange_operations
from shared.exchange import queries as exchange
from shared.exchange.states import CENTRE, MINISTRY, SYSTEMS
from shared.institutions import queries as institutions

from . import operations


class PersonBody(BaseModel):
    """The person enrolled, as their document says; birthday and sex only where its number does not hold them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=60)
    id_type: str = Field(default="resident", max_length=20)
    id_number: str = Field(min_length=1, max_length=40)
    mobile: str = Field(min_length=1, max_length=20)
    born: date | None = None
    sex: Literal["", "male", "female"] = ""
    agreed_to: str = Field(default="", max_length=20, description="version of our privacy notice that was agreed to")


class EnrolmentBody(BaseModel):
    """An enrolment: who, where, for which position, with what declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    institution: str = Field(min_length=18, max_length=18, description="unified social credit code")
    position: str = Field(min_length=1, max_length=40)
    class_id: uuid.UUID | None = None
    person: PersonBody
    education: str = Field(min_length=1, max_length=40)
    major_kind: str = Field(min_length=1, max_length=40)
    practice_years: int = Field(ge=0, le=80)


def forward_to_institution(message: exchange.InboundMessage, *, at: datetime) -> exchange.Outcome | None:
    """Forward an enrolment to the schema of the institution that was chosen; refuse one that is not on the list."""
    body = message.body
    assert isinstance(body, EnrolmentBody)
    institution = institutions.institution_by_code(body.institution)
    if institution is None:
        words = exchange_operations.in_all_languages(_("No announced institution has this credit code."))
        return exchange.Outcome(False, "unknown-institution", words)
    if not institution.ready:
        raise exchange.RetryLater("being set up")
    with tenancy.open_institution(institution.schema_name):
        later.later("rosters.take_arrival", arrival_id=str(message.id))
    return None


@later.task("rosters.take_arrival")
def take_arrival(*, arrival_id: str, at: datetime) -> None:
    """Take an enrolment over in the institution, and record the outcome in the ledger."""
    message = exchange.inbound_message(uuid.UUID(arrival_id))
    body = message.body
    assert isinstance(body, EnrolmentBody)
    applicant = operations.Applicant(**body.person.model_dump(), **body.model_dump(exclude={"person", "institution"}))
    name = SYSTEMS[message.system].name_zh
    outcome = operations.apply_from_outside(system=message.system, applicant=applicant, by=name, at=at)
    exchange_operations.conclude(arrival_id=message.id, outcome=outcome, at=at)


def _about(body: EnrolmentBody) -> str:
    return blind(f"{body.institution}:{body.position}:{body.person.id_number}").hex()


def _scope(body: EnrolmentBody) -> str:
    institution = institutions.institution_by_code(body.institution)
    return institution.authority_code if institution else ""


MASKS = {"name": "name", "id_number": "id", "mobile": "mobile", "born": "all", "sex": "all"}
for system, replies in ((MINISTRY, "enrolment-answer"), (CENTRE, "")):
    exchange.register_inbound(
        exchange.InboundKind(
            system=system,
            name="enrolment",
            label=_("Enrolments"),
            schema=EnrolmentBody,
            subject_of=_about,
            handle=forward_to_institution,
            masks=MASKS,
            scope=_scope,
            reply_kind=replies,
        )
    )
