"""The education that keeps a certificate, and how old paper certificates become electronic ones."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Count, Flag, Key, Positive, Shape, inconsistent


class TwoStepCycle(Shape):
    """Hours at the employer first and online after it, in each cycle of some years (rule set JX2020)."""

    method: Literal["JX2020"]
    cycle_years: Positive
    employer_hours: Count
    online_hours: Count
    total_hours: Positive
    employer_first: Flag
    cycle_from: Literal["issue-date", "calendar-year"]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.employer_hours + self.online_hours != self.total_hours:
            raise inconsistent("the hours of the two steps do not add up to the total", "total_hours")
        return self


class Yearly(Shape):
    """Hours in each year, at least some of them on the position, and a total over some years that keeps the certificate
    valid (rule set MOHURD_YEARLY). Nobody learns ahead; a missed year may be made up in the next if the rule says so.
    """

    method: Literal["MOHURD_YEARLY"]
    cycle_years: Positive
    hours_per_year: Positive
    position_hours: Count
    total_hours: Positive
    make_up_previous_year: Flag
    common_hours_once: Flag
    cycle_from: Literal["issue-date", "calendar-year"]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.position_hours > self.hours_per_year:
            raise inconsistent("the hours on the position are more than those of the year", "position_hours")
        if self.hours_per_year * self.cycle_years < self.total_hours:
            raise inconsistent("the hours of the years do not reach the total", "total_hours")
        return self


ContinuingEducation = Annotated[TwoStepCycle | Yearly, Field(discriminator="method")]


class Substitute(Shape):
    """A position without a number of its own, and the groups of positions of which its holder may choose one."""

    key: Key
    groups: tuple[Key, ...] = Field(min_length=1)


class Conversion(Shape):
    """Old paper certificates into electronic ones: who may, with how many hours, until which day."""

    hours: Positive
    men_under: Positive
    women_under: Positive
    healthy: Flag
    no_bad_record: Flag
    until: date
    substitutes: tuple[Substitute, ...] = ()
