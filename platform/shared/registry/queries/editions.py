"""Which rows the public pages show something of (kernel.shared_pages)."""

from kernel.editions import Rows
from shared.institutions import queries as institutions
from shared.policy import queries as policy

from ..models import PublicNotice


def notices_rows() -> tuple[Rows, ...]:
    """Return what the list of public notices shows."""
    return Rows(PublicNotice), *institutions.list_rows(), *policy.law_rows(), *policy.calendar_rows()
