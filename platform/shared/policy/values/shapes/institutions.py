"""Institutions: who verifies them, what they declare, what they may take fees for."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from kernel.languages import localized

from .base import Check, Day, DaysLimit, Flag, Key, Limit, Misfit, Named, Shape, duplicates, misfit, repeated


class Category(Named):
    """A kind of institution and whose authority verifies it."""

    verified_by: Literal["province", "prefecture"]


class Institutions(Shape):
    """Kinds of institution and how they are routed to an authority; who trained before a day is not new."""

    existing_examine_themselves: Flag
    existing_before: Day
    routing_address: Literal["test-site", "registered"]
    categories: tuple[Category, ...] = Field(min_length=1)

    def category(self, key: str) -> Category:
        """Return a category; KeyError where there is none of that key."""
        return {c.key: c for c in self.categories}[key]

    def checks(self) -> tuple[Check, ...]:
        """A kind stands once."""
        return (lambda: duplicates(self.categories, "categories"),)


class Line(Named):
    """One line of the commitment form and of the inspector's check list."""

    kind: Literal["number", "yes-no", "text", "date"]
    unit: Annotated[str, Field(max_length=40)] = ""
    unit_en: Annotated[str, Field(max_length=40)] = ""
    minimum: Limit = None

    @property
    def unit_label(self) -> str:
        """Return the unit in the active language."""
        return localized(self.unit, self.unit_en)


class LineSection(Named):
    """A group of lines."""

    lines: tuple[Line, ...] = Field(min_length=1)


class Commitment(Shape):
    """The commitment form as data: lines to fill in, clauses to accept."""

    sections: tuple[LineSection, ...] = Field(min_length=1)
    clauses: tuple[Named, ...] = Field(min_length=1)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return all lines in order."""
        return tuple(line for section in self.sections for line in section.lines)

    def checks(self) -> tuple[Check, ...]:
        """Sections and clauses stand once; a line stands once in the whole form."""
        return (
            lambda: duplicates(self.sections, "sections"),
            lambda: duplicates(self.clauses, "clauses"),
            self._lines,
        )

    def _lines(self) -> Iterator[Misfit]:
        seen: set[str] = set()
        for number, section in enumerate(self.sections):
            yield from (
                found
                for found in duplicates(section.lines, "sections", number, "lines")
                if found.path[-1] in ("name", "name_en")
            )
            for place, line in enumerate(section.lines):
                if line.key in seen:
                    yield misfit(f"lines named twice: {line.key}", "sections", number, "lines", place)
                seen.add(line.key)


Unit = Literal["person", "class-hour", "attempt"]


class FeeItem(Named):
    """Something a fee may be taken for, how it may be counted, and when it is owed: from enrolment on, or only when it
    arises (a re-test). What is `required` must have a price before anybody can enrol.
    """

    units: tuple[Unit, ...] = Field(min_length=1)
    owed: Literal["enrolment", "later"]
    required: Flag

    def checks(self) -> tuple[Check, ...]:
        """A unit stands once."""
        return (lambda: repeated(self.units, "units"),)


class Fees(Shape):
    """The fee items, and how long a reserved seat waits for its fees; ceilings are rows of their own.

    A pack that says nothing of the term (one of before) sets none.
    """

    document: Key
    pay_within_days: DaysLimit = None
    items: tuple[FeeItem, ...] = Field(min_length=1)

    def item(self, key: str) -> FeeItem:
        """Return a fee item; KeyError where there is none of that key."""
        return {i.key: i for i in self.items}[key]

    @property
    def required(self) -> frozenset[str]:
        """Return the items without whose price nobody can enrol."""
        return frozenset(item.key for item in self.items if item.required)

    @property
    def later(self) -> frozenset[str]:
        """Return the items that an enrolment does not owe from its beginning."""
        return frozenset(item.key for item in self.items if item.owed == "later")

    def checks(self) -> tuple[Check, ...]:
        """An item stands once, and what enrolment needs is owed from then on."""
        return (lambda: duplicates(self.items, "items"), self._owed)

    def _owed(self) -> Iterator[Misfit]:
        for number, item in enumerate(self.items):
            if item.required and item.owed == "later":
                yield misfit("what is required for enrolment is owed from enrolment on", "items", number, "owed")
