"""Which rows the public pages show something of (kernel.shared_pages)."""

from kernel.editions import Rows

from ..models import Programme, TrainingClass


def class_rows() -> tuple[Rows, ...]:
    """Return what classes show: also how many seats are free."""
    return Rows(Programme), Rows(TrainingClass)
