"""Which rows the public pages show something of (kernel.shared_pages)."""

from kernel.editions import Rows

from ..models import Authority, CalendarDay, FeeCap, PolicyPack


def law_rows() -> tuple[Rows, ...]:
    """Return what says which law is in force, with the names of authorities."""
    return Rows(PolicyPack), Rows(Authority)


def ceiling_rows() -> tuple[Rows, ...]:
    """Return what says which ceilings are in force."""
    return (Rows(FeeCap),)


def calendar_rows() -> tuple[Rows, ...]:
    """Return what says which days are working days."""
    return (Rows(CalendarDay),)
