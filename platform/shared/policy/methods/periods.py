"""The periods of continuing education: from which day to which one hours count."""

from dataclasses import dataclass
from datetime import date, timedelta

from ..values.shapes.education import ContinuingEducation, TwoStepCycle
from .ages import birthday


@dataclass(frozen=True, slots=True)
class Period:
    """One period in which hours count: its number from 1, the year it is called by, its first and its last day."""

    number: int
    label: int
    first: date
    last: date


def period(education: ContinuingEducation, issued: date, number: int) -> Period:
    """Return a period of a certificate. In the two-step rule a period is a cycle, which begins with the issue; in the
    yearly rule it is a year, and the first one begins a year after the issue (issued 2020-03-10, "2021" runs from
    2021-03-10 to 2022-03-09). By calendar years the first one begins on 1 January after the issue.
    """
    years = education.cycle_years if isinstance(education, TwoStepCycle) else 1
    if education.cycle_from == "calendar-year":
        first = date(issued.year + 1 + (number - 1) * years, 1, 1)
        return Period(number, first.year, first, date(first.year + years - 1, 12, 31))
    ahead = (number - 1) * years if isinstance(education, TwoStepCycle) else number
    last = birthday(issued, ahead + years) - timedelta(days=1)
    return Period(number, issued.year + ahead, birthday(issued, ahead), last)


def period_on(education: ContinuingEducation, issued: date, day: date) -> Period | None:
    """Return the period in which a day lies; None before the first one."""
    number = 1
    candidate = period(education, issued, number)
    while candidate.last < day:
        number += 1
        candidate = period(education, issued, number)
    return candidate if candidate.first <= day else None
