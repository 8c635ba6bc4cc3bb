"""Documents, positions, and who may enrol for them."""

from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, model_validator

from .base import Count, Flag, Key, Limit, Named, Positive, Shape, Text, distinct, told


class Document(Shape):
    """A document that values rest on."""

    key: Key
    number: Text
    title: Text
    title_en: Text

    @property
    def label(self) -> str:
        """Return the title in the active language."""
        return told(self.title, self.title_en)


Admission = Literal["technical", "clerical"]


class Position(Named):
    """A position; `certifiable` is false for what lives on in old certificates only."""

    group: Key
    admission: Admission
    certifiable: Flag
    ministry_code: str | None = None


class Education(Named):
    """A level of education and the row of the matrix that it may use."""

    counts_as: Literal["below", "vocational", "college"]


class Row(Shape):
    """One row of the entry matrix: the least years of practice for an education and a kind of major."""

    key: Key
    education: Literal["vocational", "college"]
    major: Key
    admissions: tuple[Admission, ...]
    years: Count

    @property
    def open_to(self) -> frozenset[str]:
        """Return what kinds of education may use this row: its own and higher ones."""
        return frozenset({"college", self.education})


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """A row of the entry matrix in words."""

    education: str
    major: str
    technical: int | None
    clerical: int | None


class Eligibility(Shape):
    """Who may enrol."""

    minimum_age: Positive
    maximum_age: Limit
    educations: tuple[Education, ...] = Field(min_length=1)
    majors: tuple[Named, ...] = Field(min_length=1)
    rows: tuple[Row, ...] = Field(min_length=1)

    def education(self, key: str) -> Education:
        """Return an education; KeyError where there is none of that key."""
        return {e.key: e for e in self.educations}[key]

    def major(self, key: str) -> Named:
        """Return a kind of major; KeyError where there is none of that key."""
        return {m.key: m for m in self.majors}[key]

    def shown(self) -> list[MatrixLine]:
        """Return the matrix as people read it: for each row the years by kind of position, None where not admitted."""
        named = {e.key: e.label for e in self.educations}
        return [
            MatrixLine(
                named[row.education],
                self.major(row.major).label,
                row.years if "technical" in row.admissions else None,
                row.years if "clerical" in row.admissions else None,
            )
            for row in self.rows
        ]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for entries, what in ((self.educations, "educations"), (self.majors, "majors"), (self.rows, "rows")):
            distinct(entries, what)
        known = {entry.key for entry in (*self.educations, *self.majors)}
        unknown = {name for row in self.rows for name in (row.education, row.major)} - known
        if unknown:
            raise ValueError(f"rows name unknown educations or majors: {', '.join(sorted(unknown))}")
        return self
