"""Which rows the public pages show something of (kernel.shared_pages)."""

from kernel.editions import Rows
from shared.institutions import queries as institutions
from shared.policy import queries as policy
from tenants.courses import queries as courses

from ..models import Price


def window_rows() -> tuple[Rows, ...]:
    """Return what the institution's public window shows."""
    return Rows(Price), *courses.class_rows(), *institutions.standing_rows(), *policy.law_rows()
