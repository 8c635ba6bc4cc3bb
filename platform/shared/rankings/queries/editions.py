"""Which rows the public pages show something of (kernel.shared_pages)."""

from kernel.editions import Rows
from shared.institutions.queries import editions as institution_editions

from ..models import StarRun


def stars_rows() -> tuple[Rows, ...]:
    """Return what the published stars show; results never change without their run."""
    return Rows(StarRun), *institution_editions.list_rows()
