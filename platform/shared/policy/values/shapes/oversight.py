"""Oversight by the authority: its terms, its calendar, its draws and the yearly stars."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Count, Flag, Key, Limit, Named, Percent, Positive, Shape, Weight, inconsistent, refuse_duplicates

MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class Clocks(Shape):
    """Terms in working days."""

    verification_days: Positive
    notice_days: Positive
    result_confirmation_days: Count
    publication_days: Positive


class CalendarRules(Shape):
    """The days off that the law names, for years whose plan is not published.

    One that falls on a Saturday or Sunday is given on a working day after it, unless the pack says otherwise.
    """

    fixed_holidays: tuple[MonthDay, ...]
    dated_holidays: tuple[date, ...]
    days_in_lieu: Flag = True


class Draw(Shape):
    """The random inspection: how many institutions, how often the same one at most, by how many inspectors."""

    ratio_percent: Percent
    minimum: Count
    inspectors: Positive
    at_most_per_year: Limit
    results: tuple[Named, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        refuse_duplicates(self.results, "results")
        return self


class Sanction(Named):
    """One step against an institution that breaks the rules; `removes` takes it off the list."""

    serious: Flag
    removes: Flag
    correct_within_days: Limit


class Sanctions(Shape):
    """The steps, the mildest first."""

    steps: tuple[Sanction, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        refuse_duplicates(self.steps, "steps")
        return self


class RetentionPeriod(Named):
    """How long one kind of record is kept, from which moment on."""

    years: Count
    days: Count
    after: Literal["created", "result-confirmed", "certificate-ended", "account-closed"]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.years and not self.days:
            raise inconsistent("nothing is kept for no time: give years or days", "years")
        return self


class Retention(Shape):
    """How long records are kept, kind by kind."""

    kinds: tuple[RetentionPeriod, ...] = Field(min_length=1)

    def kind(self, key: str) -> RetentionPeriod:
        """Return how long a kind of record is kept; KeyError where there is none of that key."""
        return {k.key: k for k in self.kinds}[key]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        refuse_duplicates(self.kinds, "kinds")
        return self


class RetirementClass(Named):
    """People of one sex who retired at `age`, and whose age rises to `until_age` by a month every `months_a_step`."""

    sex: Literal["male", "female"]
    age: Positive
    until_age: Positive
    months_a_step: Positive

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.until_age < self.age:
            raise inconsistent("until_age lies below age", "until_age")
        return self


class Retirement(Shape):
    """The reform of retirement ages: from which month on, and how fast for whom."""

    begins: date
    classes: tuple[RetirementClass, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        refuse_duplicates(self.classes, "classes")
        return self


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

    @model_validator(mode="after")
    def _fits(self) -> Self:
        refuse_duplicates(self.items, "items")
        refuse_duplicates(self.cuts, "cuts")
        if self.learner_percent + self.authority_percent != 100:
            raise inconsistent("the learners' and the authority's share do not add up to 100", "learner_percent")
        if (total := sum(item.weight for item in self.items)) != 100:
            raise inconsistent(f"the weights of the items add up to {total}, not to 100", "items", 0, "weight")
        for number, (above, below) in enumerate(pairwise(self.cuts), start=1):
            if above.stars <= below.stars or above.at_least <= below.at_least:
                raise inconsistent("the cuts must fall, in stars and in points", "cuts", number)
        if self.cuts[-1].at_least != 0:
            raise inconsistent(
                "the last cut must begin at 0, so that every total has its stars", "cuts", len(self.cuts) - 1
            )
        return self
