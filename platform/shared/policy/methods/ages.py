"""Age limits: the day on which a person reaches one, as it was fixed or as the reform of retirement ages moved it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from ..values.shapes.admission import Ceiling
from ..values.shapes.oversight import Retirement, RetirementClass


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """An age in years and months, and the day on which a person reaches it."""

    years: int
    months: int
    day: date

    @property
    def label(self) -> str:
        """Return the age in words of the active language."""
        if not self.months:
            return str(self.years)
        return _("%(years)s years and %(months)s months") % {"years": self.years, "months": self.months}


def birthday(born: date, years: int, months: int = 0) -> date:
    """Return the day on which somebody is so old. Where the month has no such day (29 February) it is the first of the
    next one.
    """
    ahead = born.month - 1 + months
    year, month = born.year + years + ahead // 12, ahead % 12 + 1
    try:
        return date(year, month, born.day)
    except ValueError:
        return date(year + month // 12, month % 12 + 1, 1)


def age_limit(ceiling: Ceiling, retirement: Retirement | None, *, born: date, sex: str) -> AgeLimit | None:
    """Return the age that a person must not have reached; None without one. Of unknown sex (""), the later."""
    if ceiling.strategy == "none":
        return None
    sexes = (sex,) if sex else ("male", "female")
    return max((_limit(ceiling, retirement, born, each) for each in sexes), key=lambda limit: limit.day)


def _limit(ceiling: Ceiling, retirement: Retirement | None, born: date, sex: str) -> AgeLimit:
    years = ceiling.men_under if sex == "male" else ceiling.women_under
    assert years is not None  # the shape asks for both ages wherever a strategy is chosen
    if ceiling.strategy == "fixed" or retirement is None:
        return AgeLimit(years, 0, birthday(born, years))
    retirement_class = next(c for c in retirement.classes if (c.sex, c.age) == (sex, years))
    more = delay(retirement_class, retirement.begins, born)
    return AgeLimit(years + more // 12, more % 12, birthday(born, years, more))


def delay(retirement_class: RetirementClass, begins: date, born: date) -> int:
    """Return by how many months the reform moves somebody's age: none for who reached it before the reform began, then
    one more for every `months_a_step` months, until the age that the reform ends with.
    """
    months_after_start = (born.year + retirement_class.age - begins.year) * 12 + born.month - begins.month
    if months_after_start < 0:
        return 0
    return min(
        months_after_start // retirement_class.months_a_step + 1,
        (retirement_class.until_age - retirement_class.age) * 12,
    )
