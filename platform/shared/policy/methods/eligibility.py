"""Eligibility: who may enrol for a position, or exactly why not."""

from typing import Protocol

from kernel.idnumbers import age_on

from ..values.eligibility import Eligible, NotEligible, Person, Reason
from ..values.shapes.admission import Education, Eligibility, Position, Row
from ..values.shapes.oversight import Retirement
from .ages import age_limit

__all__ = ["Eligible", "NotEligible", "Person", "Reason", "age_on", "eligibility"]


class EligibilityRules(Protocol):
    """What a pack says about who may enrol."""

    @property
    def eligibility(self) -> Eligibility:
        """Return the matrix."""

    @property
    def retirement(self) -> Retirement | None:
        """Return the reform of retirement ages, where the pack knows it."""


def eligibility(
    pack: EligibilityRules, position: Position, *, education: str, major: str, years: int, person: Person
) -> Eligible | NotEligible:
    """Return whether a person may enrol for `position`, or every reason why not.

    `education` and `major` are keys of the matrix, `years` completed years of practice on site, `person` who applies on
    which day. Refuses (KeyError) a key that the matrix does not know.
    """
    matrix = pack.eligibility
    reasons = [*_position_reasons(position), *_age_reasons(pack, person)]
    fitting, reason = _rows(matrix, position, education, major)
    if reason is not None:
        return NotEligible((*reasons, reason))
    row = min(fitting, key=lambda r: r.years)
    if years < row.years:
        params = {"position": position, "needed": row.years, "years": years}
        reasons.append(Reason("practice-too-short", f"eligibility.rows.{row.key}.years", params))
    return NotEligible(tuple(reasons)) if reasons else Eligible(f"eligibility.rows.{row.key}", row.years)


def _position_reasons(position: Position) -> list[Reason]:
    if position.certifiable:
        return []
    return [Reason("position-closed", f"positions.{position.key}.certifiable", {"position": position})]


def _age_reasons(pack: EligibilityRules, person: Person) -> list[Reason]:
    matrix, age = pack.eligibility, age_on(person.born, person.day)
    if age < matrix.minimum_age:
        return [Reason("too-young", "eligibility.minimum_age", {"minimum": matrix.minimum_age, "age": age})]
    limit = age_limit(matrix.ceiling, pack.retirement, born=person.born, sex=person.sex)
    if limit is not None and person.day >= limit.day:
        return [Reason("too-old", "eligibility.ceiling", {"limit": limit, "day": limit.day.isoformat()})]
    return []


def _rows(matrix: Eligibility, position: Position, education: str, major: str) -> tuple[list[Row], Reason | None]:
    """Return the rows that a person may use for a position, or why there is none."""
    schooling, subject = matrix.education(education), matrix.major(major)
    usable = [row for row in matrix.applied if matrix.opens(schooling, row)]
    if not usable:
        params = {"position": position, "minimum": _least(matrix), "education": schooling}
        return [], Reason("education-too-low", f"eligibility.educations.{schooling.key}.counts_as", params)
    fitting = [row for row in usable if row.major == subject.key and position.admission in row.admissions]
    if not fitting:
        params = {"position": position, "major": subject}
        nearest = next((row for row in usable if row.major == subject.key), usable[0])
        return [], Reason("major-not-admitted", f"eligibility.rows.{nearest.key}.admissions", params)
    return fitting, None


def _least(matrix: Eligibility) -> Education:
    """Return the lowest education that opens any row."""
    return next(e for e in matrix.educations if any(matrix.opens(e, row) for row in matrix.applied))
