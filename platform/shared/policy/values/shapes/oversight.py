"""Oversight by the authority: its terms, its calendar, its draws and the yearly stars."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from .base import (
    Age,
    Check,
    Count,
    Day,
    Days,
    DaysLimit,
    DaysOrAtOnce,
    Flag,
    Key,
    Limit,
    Misfit,
    Months,
    Named,
    Percent,
    Positive,
    Shape,
    Weight,
    Years,
    duplicates,
    misfit,
    repeated,
)


def _of_the_year(value: str) -> str:
    """Return a month and day that some year has; 29 February is one."""
    try:
        date.fromisoformat(f"2024-{value}")
    except ValueError:
        raise ValueError("there is no such day in the calendar") from None
    return value


MonthDay = Annotated[str, Field(pattern=r"^[0-9]{2}-[0-9]{2}$"), AfterValidator(_of_the_year)]


class Clocks(Shape):
    """Terms in working days."""

    verification_days: Days
    notice_days: Days
    result_confirmation_days: DaysOrAtOnce
    publication_days: Days


class CalendarRules(Shape):
    """The days off that the law names, for years whose plan is not published.

    One that falls on a Saturday or Sunday is given on a working day after it, unless the pack says otherwise.
    """

    fixed_holidays: tuple[MonthDay, ...]
    dated_holidays: tuple[Day, ...]
    days_in_lieu: Flag = True

    def checks(self) -> tuple[Check, ...]:
        """A day stands once."""
        return (
            lambda: repeated(self.fixed_holidays, "fixed_holidays"),
            lambda: repeated(self.dated_holidays, "dated_holidays"),
        )


class Draw(Shape):
    """The random inspection: how many institutions, how often the same one at most, by how many inspectors."""

    ratio_percent: Percent
    minimum: Count
    inspectors: Positive
    at_most_per_year: Limit
    results: tuple[Named, ...] = Field(min_length=1)

    def checks(self) -> tuple[Check, ...]:
        """An entry stands once."""
        return (lambda: duplicates(self.results, "results"),)


class Sanction(Named):
    """One step against an institution that breaks the rules; `removes` takes it off the list."""

    serious: Flag
    removes: Flag
    correct_within_days: DaysLimit


class Sanctions(Shape):
    """The steps, the mildest first."""

    steps: tuple[Sanction, ...] = Field(min_length=1)

    def checks(self) -> tuple[Check, ...]:
        """An entry stands once."""
        return (lambda: duplicates(self.steps, "steps"),)


class RetentionPeriod(Named):
    """How long one kind of record is kept, from which moment on."""

    years: Years
    days: Annotated[int, Field(strict=True, ge=0, le=36_600)]
    after: Literal["created", "result-confirmed", "certificate-ended", "account-closed"]

    def checks(self) -> tuple[Check, ...]:
        """A period lasts."""
        return (self._lasts,)

    def _lasts(self) -> Iterator[Misfit]:
        if not self.years and not self.days:
            yield misfit("nothing is kept for no time: give years or days", "years")


class Retention(Shape):
    """How long records are kept, kind by kind."""

    kinds: tuple[RetentionPeriod, ...] = Field(min_length=1)

    def kind(self, key: str) -> RetentionPeriod:
        """Return how long a kind of record is kept; KeyError where there is none of that key."""
        return {k.key: k for k in self.kinds}[key]

    def checks(self) -> tuple[Check, ...]:
        """An entry stands once."""
        return (lambda: duplicates(self.kinds, "kinds"),)


class RetirementClass(Named):
    """People of one sex who retired at `age`, and whose age rises to `until_age` by a month every `months_a_step`."""

    sex: Literal["male", "female"]
    age: Age
    until_age: Age
    months_a_step: Months

    def checks(self) -> tuple[Check, ...]:
        """An age rises."""
        return (self._rises,)

    def _rises(self) -> Iterator[Misfit]:
        if self.until_age < self.age:
            yield misfit("until_age lies below age", "until_age")


class Retirement(Shape):
    """The reform of retirement ages: from which month on, and how fast for whom."""

    begins: Day
    classes: tuple[RetirementClass, ...] = Field(min_length=1)

    def checks(self) -> tuple[Check, ...]:
        """An entry stands once."""
        return (lambda: duplicates(self.classes, "classes"),)


class StarItem(Named):
    """One thing that is rated, and its weight in percent."""

    weight: Weight


class Cut(Shape):
    """From how many points on so many stars are given."""

    key: Key
    stars: Annotated[int, Field(strict=True, ge=1, le=5)]
    at_least: Percent


class Stars(Shape):
    """The yearly star method."""

    learner_percent: Percent
    authority_percent: Percent
    run_month: Annotated[int, Field(strict=True, ge=1, le=12)]
    window: Literal["previous-calendar-year"]
    minimum_sample: Count
    answer_points: tuple[Percent, ...] = Field(min_length=2)
    decimals: Annotated[int, Field(strict=True, ge=0, le=4)]
    items: tuple[StarItem, ...] = Field(min_length=1)
    cuts: tuple[Cut, ...] = Field(min_length=1)

    def checks(self) -> tuple[Check, ...]:
        """Shares and weights add up, and the cuts fall to nought."""
        return (
            lambda: duplicates(self.items, "items"),
            lambda: duplicates(self.cuts, "cuts"),
            self._shares,
            self._weights,
            self._falling,
        )

    def _shares(self) -> Iterator[Misfit]:
        if self.learner_percent + self.authority_percent != 100:
            yield misfit("the learners' and the authority's share do not add up to 100", "learner_percent")

    def _weights(self) -> Iterator[Misfit]:
        if (total := sum(item.weight for item in self.items)) != 100:
            yield misfit(f"the weights of the items add up to {total}, not to 100", "items", 0, "weight")

    def _falling(self) -> Iterator[Misfit]:
        for number, (above, below) in enumerate(pairwise(self.cuts), start=1):
            if above.stars <= below.stars or above.at_least <= below.at_least:
                yield misfit("the cuts must fall, in stars and in points", "cuts", number)
        if self.cuts[-1].at_least != 0:
            last = len(self.cuts) - 1
            yield misfit("the last cut must begin at 0, so that every total has its stars", "cuts", last)
