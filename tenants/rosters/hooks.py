"""Notices to people whose enrolment somebody else has moved on."""

from kernel.states import MadeMove, moves_made
from shared.institutions.queries import listing as institution_listing_queries
from shared.notices import operations as notices
from tenants.courses.queries import catalogue

from .states import Channel


def _tell(made: MadeMove, what: str) -> None:
    """Tell the person of an enrolment, unless it was their own act."""
    row = made.row
    training_class = catalogue.training_class(row.training_class_id)
    url = institution_listing_queries.address_here(f"/my/enrolments/{row.pk}/")
    context = {"name": training_class.name, "why": made.why, "url": url}
    key = f"enrolment-{what}:{row.pk}"
    notices.send_person(
        person_id=row.person_id, by=made.by, template=f"rosters.{what}", context=context, at=made.at, key=key
    )


@moves_made.connect("enrolment.find_eligible")
def found_eligible(made: MadeMove) -> None:
    """Tell that the conditions are met; who applied online has read it at once."""
    if made.row.channel != Channel.ONLINE:
        _tell(made, "eligible")


@moves_made.connect("enrolment.refuse")
def refused(made: MadeMove) -> None:
    """Tell that the conditions are not met; who applied online has read it at once."""
    if made.row.channel != Channel.ONLINE:
        _tell(made, "refused")


@moves_made.connect("enrolment.admit_by_decision")
def admitted(made: MadeMove) -> None:
    """Tell that the principal has decided for the person."""
    _tell(made, "eligible")


@moves_made.connect("enrolment.enrol")
def reserved(made: MadeMove) -> None:
    """Tell that a seat is reserved and waits for the fee."""
    _tell(made, "reserved")


@moves_made.connect("enrolment.withdraw")
def withdrawn(made: MadeMove) -> None:
    """Tell that the enrolment has ended."""
    _tell(made, "withdrawn")
