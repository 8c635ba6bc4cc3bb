"""Which rows the public pages show something of (kernel.shared_pages)."""

from kernel.editions import Rows
from shared.institutions import queries as institutions

from ..models import StarRun


def stars_rows() -> tuple[Rows, ...]:
    """Return what the published stars show; results never change without their run."""
    return Rows(StarRun), *institutions.list_rows()
