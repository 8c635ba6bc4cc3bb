"""Documents, positions, and who may enrol for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from kernel.languages import localized

from .base import (
    Age,
    AgeLimit,
    Check,
    Flag,
    Key,
    KeyOrNone,
    Misfit,
    Named,
    Shape,
    Text,
    Years,
    duplicates,
    misfit,
    repeated,
    unlisted,
)


class Document(Shape):
    """A document that values rest on."""

    key: Key
    number: Text
    title: Text
    title_en: Text

    @property
    def label(self) -> str:
        """Return the title in the active language."""
        return localized(self.title, self.title_en)


class Position(Named):
    """A position; `certifiable` is false for what lives on in old certificates only. `legacy_names` are what old
    certificates called it.
    """

    group: Key
    admission: Key
    certifiable: Flag
    ministry_code: Text | None = None
    legacy_names: tuple[Text, ...] = ()

    def checks(self) -> tuple[Check, ...]:
        """An earlier name stands once."""
        return (lambda: repeated(self.legacy_names, "legacy_names"),)


class Education(Named):
    """A level of education, and as which level it counts in the matrix (None: it opens no row)."""

    counts_as: KeyOrNone


class Row(Shape):
    """One row of the entry matrix: the least years of practice for an education and a kind of major. A row that is not
    `enabled` is known from elsewhere and not applied here.
    """

    key: Key
    education: Key
    major: Key
    admissions: tuple[Key, ...] = Field(min_length=1)
    years: Years
    enabled: Flag = True

    def checks(self) -> tuple[Check, ...]:
        """A kind of position stands once."""
        return (lambda: repeated(self.admissions, "admissions"),)


class Ceiling(Shape):
    """The age that a person must not have reached: none, a fixed one for men and women, or that age as the reform of
    retirement ages has moved it.
    """

    strategy: Literal["none", "fixed", "statutory-retirement"]
    men_under: AgeLimit
    women_under: AgeLimit

    def checks(self) -> tuple[Check, ...]:
        """A strategy has its ages."""
        return (self._ages,)

    def _ages(self) -> Iterator[Misfit]:
        if self.strategy != "none" and (self.men_under is None or self.women_under is None):
            yield misfit(f"the strategy {self.strategy} needs an age for men and one for women", "strategy")


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """A row of the entry matrix in words: the years of each kind of position, None where not admitted."""

    education: str
    major: str
    years: tuple[int | None, ...]

    @property
    def least(self) -> int:
        """Return the years of the kind of position that asks least."""
        return min(years for years in self.years if years is not None)

    @property
    def for_some(self) -> bool:
        """Say whether some kinds of position do not admit it."""
        return None in self.years


class Eligibility(Shape):
    """Who may enrol. Educations stand in rising order; an education opens the rows of its own level and below."""

    minimum_age: Age
    ceiling: Ceiling
    admissions: tuple[Named, ...] = Field(min_length=1)
    educations: tuple[Education, ...] = Field(min_length=1)
    majors: tuple[Named, ...] = Field(min_length=1)
    rows: tuple[Row, ...] = Field(min_length=1)

    def education(self, key: str) -> Education:
        """Return an education; KeyError where there is none of that key."""
        return {e.key: e for e in self.educations}[key]

    def major(self, key: str) -> Named:
        """Return a kind of major; KeyError where there is none of that key."""
        return {m.key: m for m in self.majors}[key]

    def admission(self, key: str) -> Named:
        """Return a kind of position; KeyError where there is none of that key."""
        return {a.key: a for a in self.admissions}[key]

    @property
    def applied(self) -> tuple[Row, ...]:
        """Return the rows that are applied."""
        return tuple(row for row in self.rows if row.enabled)

    def level_of(self, education: Education) -> Education | None:
        """Return as which level an education counts; None where it opens no row."""
        return self.education(education.counts_as) if education.counts_as else None

    def opens(self, education: Education, row: Row) -> bool:
        """Say whether an education may use a row: its level is that of the row or higher."""
        ranks = [e.key for e in self.educations]
        return education.counts_as is not None and ranks.index(education.counts_as) >= ranks.index(row.education)

    def matrix_lines(self) -> list[MatrixLine]:
        """Return the matrix as people read it, the kinds of position in the order of `admissions`."""
        return [
            MatrixLine(
                self.education(row.education).label,
                self.major(row.major).label,
                tuple(row.years if kind.key in row.admissions else None for kind in self.admissions),
            )
            for row in self.applied
        ]

    def checks(self) -> tuple[Check, ...]:
        """Lists name each entry once, what is named is listed, educations count as levels, rows do not overlap."""
        return (
            lambda: duplicates(self.admissions, "admissions"),
            lambda: duplicates(self.educations, "educations"),
            lambda: duplicates(self.majors, "majors"),
            lambda: duplicates(self.rows, "rows"),
            self._levels,
            self._named,
            self._overlaps,
        )

    def _levels(self) -> Iterator[Misfit]:
        """Yield the educations that count as what is no level: a level is what counts as itself."""
        counts = {education.key: education.counts_as for education in self.educations}
        for number, education in enumerate(self.educations):
            level, path = education.counts_as, ("educations", number, "counts_as")
            yield from unlisted(level, self.educations, *path)
            if level is None or counts.get(level, level) == level:
                continue
            chain = [education.key, level]
            while (following := counts.get(chain[-1])) is not None and following not in chain:
                chain.append(following)
            ring = f"counts in a circle: {' -> '.join([*chain, str(following)])}"
            if following is None:
                ring = f"counts as {level}, which counts as none"
            elif following == chain[-1]:
                ring = f"counts as {level}, which counts as {counts[level]}: name {following} itself"
            yield misfit(ring, *path)

    def _named(self) -> Iterator[Misfit]:
        for number, row in enumerate(self.rows):
            yield from unlisted(row.education, self.educations, "rows", number, "education")
            yield from unlisted(row.major, self.majors, "rows", number, "major")
            for kind in row.admissions:
                yield from unlisted(kind, self.admissions, "rows", number, "admissions")

    def _overlaps(self) -> Iterator[Misfit]:
        claims: dict[tuple[str, str, str], str] = {}
        for number, row in enumerate(self.rows):
            for kind in dict.fromkeys(row.admissions):
                claim = (row.education, row.major, kind)
                if row.enabled and (other := claims.setdefault(claim, row.key)) != row.key:
                    what = f"overlaps with the row {other}: both say the years of {'/'.join(claim)}"
                    yield misfit(what, "rows", number)
                    break
