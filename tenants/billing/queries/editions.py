"""Which rows the public pages show something of (kernel.shared_pages)."""

from kernel.editions import Rows
from shared.institutions.queries import editions as institution_editions
from shared.policy.queries import editions as policy_editions
from tenants.courses.queries import editions as course_editions

from ..models import Price


def window_rows() -> tuple[Rows, ...]:
    """Return what the institution's public window shows."""
    return (
        Rows(Price),
        *course_editions.class_rows(),
        *institution_editions.standing_rows(),
        *policy_editions.law_rows(),
    )
