"""Notices about corrections of hours: to whom they count, and to whoever proposed them."""

from kernel.errors import NotFound
from kernel.states import MadeMove, moves_made
from shared.identity.queries import accounts as account_queries
from shared.institutions.queries import listing as institution_listing_queries
from shared.notices import operations as notices


@moves_made.connect("hour_correction.approve")
def approved(made: MadeMove) -> None:
    """Tell the trainee that hours were corrected, and whoever proposed it."""
    seat = made.row.participant
    url = institution_listing_queries.address_here(f"/my/classes/{seat.training_class_id}/")
    context = {"day": made.row.day, "minutes": f"{round(made.row.seconds / 60):+d}", "url": url}
    key = f"hours-corrected:{made.row.pk}"
    notices.send_person(
        person_id=seat.person_id,
        by=made.by,
        template="courses.hours_corrected",
        context=context,
        at=made.at,
        key=key,
        channels=(notices.IN_APP,),
    )
    _tell_proposer(made, "approved")


@moves_made.connect("hour_correction.reject")
def rejected(made: MadeMove) -> None:
    """Tell whoever proposed a correction that it was rejected."""
    _tell_proposer(made, "rejected")


def _tell_proposer(made: MadeMove, what: str) -> None:
    url = institution_listing_queries.address_here(f"/staff/corrections/{made.row.pk}/")
    try:
        account = account_queries.account(made.row.proposed_by)
    except NotFound:  # closed since
        return
    notices.send(
        to=account,
        template=f"courses.correction_{what}",
        context={"day": made.row.day, "url": url},
        at=made.at,
        channels=(notices.IN_APP,),
        key=f"correction:{made.row.pk}",
    )
