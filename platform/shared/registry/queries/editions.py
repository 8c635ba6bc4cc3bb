"""Which rows the public pages show something of (kernel.shared_pages)."""

from kernel.editions import Rows
from shared.institutions.queries import editions as institution_editions
from shared.policy.queries import editions as policy_editions

from ..models.publicity import PublicNotice


def notices_rows() -> tuple[Rows, ...]:
    """Return what the list of public notices shows."""
    return (
        Rows(PublicNotice),
        *institution_editions.list_rows(),
        *policy_editions.law_rows(),
        *policy_editions.calendar_rows(),
    )
