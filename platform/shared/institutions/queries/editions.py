"""Which rows the public pages show something of (kernel.shared_pages)."""

from kernel.editions import Rows

from ..models import Institution, Organisation, Ruling, StandingEntry


def list_rows() -> tuple[Rows, ...]:
    """Return what the public list shows."""
    return Rows(Institution), Rows(Organisation)


def standing_rows() -> tuple[Rows, ...]:
    """Return what tells how institutions stand, and since when."""
    return *list_rows(), Rows(StandingEntry), Rows(Ruling)
