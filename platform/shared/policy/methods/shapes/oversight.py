"""What the authority does: its terms, its calendar, its draws and the yearly stars."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import Count, Key, Named, Percent, Positive, Shape, distinct

MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class Clocks(Shape):
    """Terms in working days."""

    verification_days: Positive
    notice_days: Positive
    result_confirmation_days: Count
    publication_days: Positive


class CalendarRules(Shape):
    """The days off that the law names, for years whose plan is not published."""

    fixed_holidays: tuple[MonthDay, ...]
    dated_holidays: tuple[date, ...]


class Draw(Shape):
    """The random inspection."""

    ratio_percent: Percent
    minimum: Count
    inspectors: Positive


class StarItem(Named):
    """One thing that is rated, and its weight in percent."""

    weight: Percent


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
        distinct(self.items, "items")
        distinct(self.cuts, "cuts")
        if self.learner_percent + self.authority_percent != 100:
            raise ValueError("the learners' and the authority's share do not add up to 100")
        if sum(item.weight for item in self.items) != 100:
            raise ValueError("the weights of the items do not add up to 100")
        falling = [(cut.stars, cut.at_least) for cut in self.cuts]
        if any(a <= c or b <= d for (a, b), (c, d) in pairwise(falling)):
            raise ValueError("the cuts must fall, in stars and in points")
        if self.cuts[-1].at_least != 0:
            raise ValueError("the last cut must begin at 0, so that every total has its stars")
        return self
