"""Learning, the test, the certificate and the education that keeps it."""

import re
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from .base import (
    Count,
    Flag,
    Halves,
    Key,
    Limit,
    Named,
    Positive,
    Shape,
    Text,
    TextOrNone,
    Weight,
    inconsistent,
    refuse_duplicates,
)


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
    points: Halves


class PaperSection(Named):
    """Items of one kind on a paper: how many, worth what each."""

    key: Literal["single", "multiple", "judgement", "case"]
    count: Positive
    points: Halves
    parts: tuple[Part, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.key == "case") != bool(self.parts):
            raise inconsistent("a case has parts, and nothing else has", "parts")
        if self.parts and sum(part.points for part in self.parts) != self.points:
            raise inconsistent("the parts of a case do not add up to its points", "parts")
        return self


class Blueprint(Shape):
    """How the items of one position's paper are spread over the bank's blocks, in percent; `key` is the position."""

    key: Key
    blocks: dict[Key, Weight] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if sum(self.blocks.values()) != 100:
            raise inconsistent(f"the weights of the blocks add up to {sum(self.blocks.values())}, not to 100", "blocks")
        return self


class Paper(Shape):
    """The structure of a paper. Without a blueprint of its position it follows what the bank holds."""

    minutes: Positive
    full_mark: Positive
    pass_mark: Positive
    multiple_choice: Literal["all-or-nothing", "half-for-subset"]
    sections: tuple[PaperSection, ...] = Field(min_length=1)
    blueprints: tuple[Blueprint, ...] = ()

    def blocks(self, position: str) -> Mapping[str, int | float]:
        """Return the weights of the bank's blocks for a position; empty where none are set."""
        return next((plan.blocks for plan in self.blueprints if plan.key == position), {})

    @property
    def items(self) -> int:
        """Return the number of items, a case being one."""
        return sum(section.count for section in self.sections)

    def section(self, key: str) -> PaperSection:
        """Return a section; KeyError where there is none of that key."""
        return {s.key: s for s in self.sections}[key]  # type: ignore[index]  # a key from outside is any string

    @model_validator(mode="after")
    def _fits(self) -> Self:
        refuse_duplicates(self.sections, "sections")
        refuse_duplicates(self.blueprints, "blueprints")
        total = sum(section.count * section.points for section in self.sections)
        if total != self.full_mark:
            raise inconsistent(f"the sections are worth {total}, the full mark is {self.full_mark}", "full_mark")
        if self.pass_mark > self.full_mark:
            raise inconsistent("the pass mark lies above the full mark", "pass_mark")
        halved = [part.points for s in self.sections for part in (s.parts or (s,)) if _kind(part) == "multiple"]
        if self.multiple_choice == "half-for-subset" and any(points % 1 for points in halved):
            raise inconsistent(
                "half the points of a multiple choice need whole points to begin with", "multiple_choice"
            )
        return self


def _kind(part: Part | PaperSection) -> str:
    return part.kind if isinstance(part, Part) else part.key


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


NUMBER_FIELDS = frozenset({"yy", "yyyy", "position", "inst4", "seq6", "check"})
_FIELDS = re.compile(r"\{([^{}]*)\}")


class Certificates(Shape):
    """What the certificate is called and where its number comes from: an outside system, or a template of one's own.
    Until an outside number arrives a demonstration gives numbers by a template that can be mistaken for none.
    """

    title: Text
    title_en: Text
    numbering: Literal["external", "own"]
    template: TextOrNone
    demo_template: Text

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name in ("template", "demo_template"):
            template = getattr(self, name) or "{seq6}"
            unknown = set(_FIELDS.findall(template)) - NUMBER_FIELDS
            if unknown or "{seq6}" not in template:
                raise inconsistent(f"a template needs {{seq6}} and knows only {', '.join(sorted(NUMBER_FIELDS))}", name)
        if (self.numbering == "own") != (self.template is not None):
            raise inconsistent("numbers of one's own need a template, and outside numbers have none", "template")
        return self
