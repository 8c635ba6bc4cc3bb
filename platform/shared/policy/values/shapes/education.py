"""The education that keeps a certificate, and how old paper certificates become electronic ones."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from .base import Age, Check, Count, Cycle, Day, Flag, Key, Misfit, Positive, Shape, misfit, repeated


class TwoStepCycle(Shape):
    """Hours at the employer first and online after it, in each cycle of some years (rule set JX2020)."""

    method: Literal["JX2020"]
    cycle_years: Cycle
    employer_hours: Count
    online_hours: Count
    total_hours: Positive
    employer_first: Flag
    cycle_from: Literal["issue-date", "calendar-year"]

    def checks(self) -> tuple[Check, ...]:
        """The steps add up."""
        return (self._sum,)

    def _sum(self) -> Iterator[Misfit]:
        if self.employer_hours + self.online_hours != self.total_hours:
            yield misfit("the hours of the two steps do not add up to the total", "total_hours")


class Yearly(Shape):
    """Hours in each year, at least some of them on the position, and a total over some years that keeps the certificate
    valid (rule set MOHURD_YEARLY). Nobody learns ahead; a missed year may be made up in the next if the rule says so.
    """

    method: Literal["MOHURD_YEARLY"]
    cycle_years: Cycle
    hours_per_year: Positive
    position_hours: Count
    total_hours: Positive
    make_up_previous_year: Flag
    common_hours_once: Flag
    cycle_from: Literal["issue-date", "calendar-year"]

    def checks(self) -> tuple[Check, ...]:
        """A part is not more than its whole."""
        return (self._position, self._total)

    def _position(self) -> Iterator[Misfit]:
        if self.position_hours > self.hours_per_year:
            yield misfit("the hours on the position are more than those of the year", "position_hours")

    def _total(self) -> Iterator[Misfit]:
        if self.hours_per_year * self.cycle_years < self.total_hours:
            yield misfit("the hours of the years do not reach the total", "total_hours")


ContinuingEducation = Annotated[TwoStepCycle | Yearly, Field(discriminator="method")]


class Substitute(Shape):
    """A position without a number of its own, and the groups of positions of which its holder may choose one."""

    key: Key
    groups: tuple[Key, ...] = Field(min_length=1)

    def checks(self) -> tuple[Check, ...]:
        """A group stands once."""
        return (lambda: repeated(self.groups, "groups"),)


class Conversion(Shape):
    """Old paper certificates into electronic ones: who may, with how many hours, until which day."""

    hours: Positive
    men_under: Age
    women_under: Age
    healthy: Flag
    no_bad_record: Flag
    until: Day
    substitutes: tuple[Substitute, ...] = ()
