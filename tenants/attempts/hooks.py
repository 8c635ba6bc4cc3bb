"""Answers of attempts to the hooks of lower apps, and notices of what became of a test."""

from kernel.states import MadeMove, moves_made
from shared.institutions.queries import listing as institution_listing_queries
from shared.notices import operations as notices
from tenants.sittings.values.leaving import candidate_left
from tenants.sittings.values.results import results

from .models.attempts import Attempt
from .operations.interventions import release
from .queries.results import results_of

candidate_left.connect()(release)
results.connect()(results_of)


def _tell(made: MadeMove, what: str, path: str) -> None:
    """Tell the candidate of an attempt."""
    row = Attempt.objects.select_related("candidacy").get(pk=made.row.pk)
    notices.send_person(
        person_id=row.candidacy.person_id,
        by=made.by,
        template=f"attempts.{what}",
        context={"url": institution_listing_queries.address_here(path), "why": made.why},
        at=made.at,
        key=f"attempt-{what}:{row.pk}",
    )


@moves_made.connect("attempt.confirm")
def confirmed(made: MadeMove) -> None:
    """Tell that the result counts; whether the test is passed stands behind the sign-in."""
    _tell(made, "confirmed", f"/my/attempts/{made.row.pk}/score/")


@moves_made.connect("attempt.annul")
def annulled(made: MadeMove) -> None:
    """Tell that the test does not count, and why."""
    _tell(made, "annulled", "/my/tests/")


@moves_made.connect("attempt.miss")
def missed(made: MadeMove) -> None:
    """Tell that somebody was written down as absent; where the sitting was cancelled, that is what is told."""
    if not made.by.system:
        _tell(made, "absent", "/my/tests/")


@moves_made.connect("attempt.expect")
@moves_made.connect("attempt.readmit")
def expected(made: MadeMove) -> None:
    """Tell who was written down as absent that the test goes on with them."""
    _tell(made, "expected", "/my/tests/")
