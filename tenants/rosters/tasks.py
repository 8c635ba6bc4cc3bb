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
from shared.exchange import operations as exchange
from shared.exchange import queries as ledger
from shared.exchange.states import CENTRE, MINISTRY, SYSTEMS
from shared.institutions import queries as institutions

from . import operations


class PersonBody(BaseModel):
    """Whoever enrolled, as their document says; birthday and sex only where its number does not hold them."""

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


def hand_to_institution(heard: ledger.Heard, *, at: datetime) -> ledger.Outcome | None:
    """Ask for the taking over in the schema of the institution that was chosen; refuse one that is not on the list."""
    body = heard.body
    assert isinstance(body, EnrolmentBody)
    chosen = institutions.institution_by_code(body.institution)
    if chosen is None:
        words = exchange.said(_("No announced institution has this credit code."))
        return ledger.Outcome(False, "unknown-institution", words)
    if not chosen.ready:
        raise ledger.NotYet("being set up")
    with tenancy.open_institution(chosen.schema_name):
        later.later("rosters.take_arrival", arrival_id=str(heard.id))
    return None


@later.task("rosters.take_arrival")
def take_arrival(*, arrival_id: str, at: datetime) -> None:
    """Take an enrolment over, here in the institution, and say in the ledger what became of it."""
    heard = ledger.heard(uuid.UUID(arrival_id))
    body = heard.body
    assert isinstance(body, EnrolmentBody)
    told = operations.Applicant(**body.person.model_dump(), **body.model_dump(exclude={"person", "institution"}))
    name = SYSTEMS[heard.system].name_zh
    outcome = operations.apply_from_outside(system=heard.system, told=told, by=name, at=at)
    exchange.conclude(arrival_id=heard.id, outcome=outcome, at=at)


def _about(body: EnrolmentBody) -> str:
    return blind(f"{body.institution}:{body.position}:{body.person.id_number}").hex()


def _scope(body: EnrolmentBody) -> str:
    chosen = institutions.institution_by_code(body.institution)
    return chosen.authority_code if chosen else ""


MASKS = {"name": "name", "id_number": "id", "mobile": "mobile", "born": "all", "sex": "all"}
for system, replies in ((MINISTRY, "enrolment-answer"), (CENTRE, "")):
    ledger.hears(
        ledger.Incoming(
            system=system,
            name="enrolment",
            label=_("Enrolments"),
            shape=EnrolmentBody,
            about=_about,
            handle=hand_to_institution,
            masks=MASKS,
            scope=_scope,
            replies=replies,
        )
    )
