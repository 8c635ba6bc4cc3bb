"""Years as the stars count them."""

from datetime import date, datetime

from kernel.clock import legal_day


def last_day(year: int) -> date:
    """Return the last day of a year: who is listed then takes part."""
    return date(year, 12, 31)


def ended_year(at: datetime) -> int:
    """Return the last calendar year that has ended in China by `at`: the one to be run now."""
    return legal_day(at).year - 1
