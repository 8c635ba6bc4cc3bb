"""Learning, the test, the certificate and the education that keeps it."""

import re
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from .base import Count, Flag, Limit, Named, Positive, Shape, Text, distinct


class Learning(Shape):
    """Hours: how many, how long, and what they open."""

    all_hours_before_test: Flag
    minutes_per_class_hour: Positive
    hours_per_day: Limit
    hours: dict[str, Positive]

    @property
    def seconds_per_class_hour(self) -> int:
        """Return the seconds of valid learning in a class hour."""
        return self.minutes_per_class_hour * 60


QuestionKind = Literal["single", "multiple", "judgement"]


class Examination(Shape):
    """How the test is held."""

    subjects: Positive
    on_site: Flag
    closed_book: Flag
    by_computer: Flag
    score_at_once: Flag


class Part(Shape):
    """One question of a case."""

    kind: QuestionKind
    points: Positive


class PaperSection(Named):
    """Items of one kind on a paper: how many, worth what each."""

    key: Literal["single", "multiple", "judgement", "case"]
    count: Positive
    points: Positive
    parts: tuple[Part, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.key == "case") != bool(self.parts):
            raise ValueError("a case has parts, and nothing else has")
        if self.parts and sum(part.points for part in self.parts) != self.points:
            raise ValueError("the parts of a case do not add up to its points")
        return self


class Paper(Shape):
    """The structure of a paper."""

    minutes: Positive
    full_mark: Positive
    pass_mark: Positive
    multiple_choice: Literal["all-or-nothing", "half-for-subset"]
    sections: tuple[PaperSection, ...] = Field(min_length=1)

    @property
    def items(self) -> int:
        """Return the number of items, a case being one."""
        return sum(section.count for section in self.sections)

    def section(self, key: str) -> PaperSection:
        """Return a section; KeyError where there is none of that key."""
        return {s.key: s for s in self.sections}[key]  # type: ignore[index]  # a key from outside is any string

    @model_validator(mode="after")
    def _fits(self) -> Self:
        distinct(self.sections, "sections")
        total = sum(section.count * section.points for section in self.sections)
        if total != self.full_mark:
            raise ValueError(f"the sections are worth {total}, the full mark is {self.full_mark}")
        if self.pass_mark > self.full_mark:
            raise ValueError("the pass mark lies above the full mark")
        return self


class Retest(Shape):
    """When a failed test may be taken again."""

    window_months: Positive
    attempts: Limit
    training_again: Flag


class Sitting(Shape):
    """The conduct of a sitting."""

    entry_opens_minutes: Count
    late_entry_minutes: Count
    earliest_leave_minutes: Count
    seats_per_room: Positive
    proctors_per_room: Positive
    teachers_may_proctor_own_trainees: Flag


_FIELDS = re.compile(r"\{(\w+)\}")


class Certificates(Shape):
    """What the certificate is called and where its number comes from."""

    title: Text
    title_en: Text
    numbering: Literal["external", "own"]
    demo_template: str

    @model_validator(mode="after")
    def _fits(self) -> Self:
        unknown = set(_FIELDS.findall(self.demo_template)) - {"yy", "yyyy", "position", "inst4", "seq6", "check"}
        if unknown or "{seq6}" not in self.demo_template:
            raise ValueError("the template needs {seq6} and knows yy, yyyy, position, inst4, seq6, check")
        return self


class ContinuingEducation(Shape):
    """Hours of continuing education in a cycle."""

    cycle_years: Positive
    employer_hours: Count
    online_hours: Count
    total_hours: Positive
    employer_first: Flag
    cycle_from: Literal["issue-date", "calendar-year"]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.employer_hours + self.online_hours != self.total_hours:
            raise ValueError("the hours of the two steps do not add up to the total")
        return self


class Conversion(Shape):
    """Paper certificates into electronic ones."""

    hours: Positive
    men_under: Positive
    women_under: Positive
    until: date
