"""Enrolments that come from outside systems: from the shared ledger into the institution that was chosen; and those of
files, some rows at a time.

The deleting jobs of rosters are registered where they are defined, in operations.
"""

import uuid
from datetime import date, datetime
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field

from kernel import folding, later, tenancy
from kernel.crypto import blind
from kernel.errors import NotFound
from shared.exchange.operations import arrivals as exchange_arrivals
from shared.exchange.queries import kinds
from shared.exchange.queries import messages as exchange_message_queries
from shared.exchange.queries.systems import named_system
from shared.exchange.states import CENTRE, MINISTRY
from shared.institutions.queries import listing as institution_listing_queries

from .operations import arrivals as roster_arrivals
from .operations import rosters as roster_operations


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


def forward_to_institution(message: kinds.InboundMessage, *, at: datetime) -> kinds.Outcome | None:
    """Forward an enrolment to the schema of the institution that was chosen; refuse one that is not on the list."""
    body = message.body
    assert isinstance(body, EnrolmentBody)
    institution = institution_listing_queries.institution_by_code(body.institution)
    if institution is None:
        words = exchange_arrivals.in_all_languages(_("No announced institution has this credit code."))
        return kinds.Outcome(False, "unknown-institution", words)
    if not institution.ready:
        raise kinds.RetryLater("being set up")
    later.later_in(institution.schema_name, "rosters.take_arrival", arrival_id=str(message.id))
    return None


@later.task("rosters.take_arrival", runs=later.Where.INSTITUTION, asked_by=later.Where.PLATFORM)
def take_arrival(*, arrival_id: str, at: datetime) -> None:
    """Take an enrolment over in the institution, and record the outcome in the ledger; refuses (NotFound) one that
    chose another institution.
    """
    message = exchange_message_queries.inbound_message(uuid.UUID(arrival_id))
    body = message.body
    assert isinstance(body, EnrolmentBody)
    if body.institution != institution_listing_queries.institution(tenancy.institution_id()).credit_code:
        raise NotFound
    applicant = roster_arrivals.Applicant(
        **body.person.model_dump(), **body.model_dump(exclude={"person", "institution"})
    )
    name = named_system(message.system).name_zh
    outcome = roster_arrivals.apply_from_outside(system=message.system, applicant=applicant, by=name, at=at)
    exchange_arrivals.conclude(arrival_id=message.id, outcome=outcome, at=at)


def _about(body: EnrolmentBody) -> str:
    return blind(f"{body.institution}:{body.position}:{folding.number(body.person.id_number)}").hex()


def _scope(body: EnrolmentBody) -> str:
    institution = institution_listing_queries.institution_by_code(body.institution)
    return institution.authority_code if institution else ""


MASKS = {"name": "name", "id_number": "id", "mobile": "mobile", "born": "all", "sex": "all"}
for system, replies in ((MINISTRY, "enrolment-answer"), (CENTRE, "")):
    kinds.register_inbound(
        kinds.InboundKind(
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


@later.task("rosters.enrol_rows", runs=later.Where.INSTITUTION)
def enrol_rows(*, roster_id: str, at: datetime) -> None:
    """Enrol the next rows of a file; whoever waits for it sees how far it is."""
    roster_operations.enrol_rows(roster_id=uuid.UUID(roster_id), at=at)


@later.task("rosters.drop_roster", runs=later.Where.INSTITUTION, priority=later.Priority.BULK)
def drop_roster(*, roster_id: str, at: datetime) -> None:
    """Take a file away whose days are over."""
    roster_operations.expire_roster(roster_id=uuid.UUID(roster_id), at=at)
