"""Learning, the test, the certificate and the education that keeps it."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from .base import (
    Check,
    Flag,
    Halves,
    HoursADay,
    Key,
    Limit,
    Minutes,
    MinutesOrNone,
    Misfit,
    Months,
    Named,
    Positive,
    Shape,
    Template,
    TemplateOrNone,
    Text,
    Weight,
    duplicates,
    misfit,
)


class Learning(Shape):
    """Hours: how many, how long, and what they open."""

    all_hours_before_test: Flag
    minutes_per_class_hour: Minutes
    hours_per_day: HoursADay
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

    def checks(self) -> tuple[Check, ...]:
        """A case, and nothing else, has parts; they add up to it."""
        return (self._parts,)

    def _parts(self) -> Iterator[Misfit]:
        if (self.key == "case") != bool(self.parts):
            yield misfit("a case has parts, and nothing else has", "parts")
        elif self.parts and sum(part.points for part in self.parts) != self.points:
            yield misfit("the parts of a case do not add up to its points", "parts")


class Blueprint(Shape):
    """How the items of one position's paper are spread over the bank's blocks, in percent; `key` is the position."""

    key: Key
    blocks: dict[Key, Weight] = Field(min_length=1)

    def checks(self) -> tuple[Check, ...]:
        """The weights add up."""
        return (self._sum,)

    def _sum(self) -> Iterator[Misfit]:
        if sum(self.blocks.values()) != 100:
            yield misfit(f"the weights of the blocks add up to {sum(self.blocks.values())}, not to 100", "blocks")


class Paper(Shape):
    """The structure of a paper. Without a blueprint of its position it follows what the bank holds."""

    minutes: Minutes
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

    def checks(self) -> tuple[Check, ...]:
        """Sections add up to the full mark, the pass mark lies below it, half points have whole ones."""
        return (
            lambda: duplicates(self.sections, "sections"),
            lambda: duplicates(self.blueprints, "blueprints"),
            self._full,
            self._pass,
            self._halved,
        )

    def _full(self) -> Iterator[Misfit]:
        total = sum(section.count * section.points for section in self.sections)
        if total != self.full_mark:
            yield misfit(f"the sections are worth {total}, the full mark is {self.full_mark}", "full_mark")

    def _pass(self) -> Iterator[Misfit]:
        if self.pass_mark > self.full_mark:
            yield misfit("the pass mark lies above the full mark", "pass_mark")

    def _halved(self) -> Iterator[Misfit]:
        halved = [part.points for s in self.sections for part in (s.parts or (s,)) if _kind(part) == "multiple"]
        if self.multiple_choice == "half-for-subset" and any(points % 1 for points in halved):
            yield misfit("half the points of a multiple choice need whole points to begin with", "multiple_choice")


def _kind(part: Part | PaperSection) -> str:
    return part.kind if isinstance(part, Part) else part.key


class Retest(Shape):
    """When a failed test may be taken again."""

    window_months: Months
    attempts: Limit
    training_again: Flag

    def last_day(self, failed_on: date) -> date:
        """Return until which day a test that was failed on a day may be taken again: the same day of the month, or the
        last where that month is shorter.
        """
        month = failed_on.month - 1 + self.window_months
        year, month = failed_on.year + month // 12, month % 12 + 1
        return date(year, month, min(failed_on.day, monthrange(year, month)[1]))


class Sitting(Shape):
    """The conduct of a sitting."""

    entry_opens_minutes: MinutesOrNone
    late_entry_minutes: MinutesOrNone
    earliest_leave_minutes: MinutesOrNone
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
    template: TemplateOrNone
    demo_template: Template

    def checks(self) -> tuple[Check, ...]:
        """A template can be filled, and belongs to numbers of one's own."""
        return (self._fields, self._numbers)

    def _fields(self) -> Iterator[Misfit]:
        for name in ("template", "demo_template"):
            template = getattr(self, name) or "{seq6}"
            unknown = set(_FIELDS.findall(template)) - NUMBER_FIELDS
            if unknown or "{seq6}" not in template:
                yield misfit(f"a template needs {{seq6}} and knows only {', '.join(sorted(NUMBER_FIELDS))}", name)

    def _numbers(self) -> Iterator[Misfit]:
        if (self.numbering == "own") != (self.template is not None):
            yield misfit("numbers of one's own need a template, and outside numbers have none", "template")
