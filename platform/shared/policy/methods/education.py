"""Continuing education: what is lacking in one of its periods, and who may convert an old certificate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..values.shapes.admission import Ceiling, Position
from ..values.shapes.education import ContinuingEducation, Conversion, TwoStepCycle
from .ages import age_limit
from .periods import Period, period, period_on

__all__ = [
    "CompletedHours",
    "Period",
    "conversion_faults",
    "conversion_targets",
    "may_learn_online",
    "missing_hours",
    "period",
    "period_on",
]


@dataclass(frozen=True, slots=True)
class CompletedHours:
    """Class hours done in a period: at the employer and online, or common and on the position."""

    employer: int = 0
    online: int = 0
    common: int = 0
    position: int = 0


def missing_hours(rule: ContinuingEducation, completed: CompletedHours) -> dict[str, int]:
    """Return the class hours that a period still lacks, by what they are; empty when it is complete."""
    if isinstance(rule, TwoStepCycle):
        short = {"employer": rule.employer_hours - completed.employer, "online": rule.online_hours - completed.online}
    else:
        short = {
            "position": rule.position_hours - completed.position,
            "any": rule.hours_per_year - completed.position - completed.common,
        }
    return {what: hours for what, hours in short.items() if hours > 0}


def may_learn_online(rule: ContinuingEducation, completed: CompletedHours) -> bool:
    """Say whether the online step is open: where the employer's step comes first, when that is complete."""
    return not (isinstance(rule, TwoStepCycle) and rule.employer_first) or "employer" not in missing_hours(
        rule, completed
    )


def conversion_faults(
    rule: Conversion, *, day: date, born: date, sex: str, healthy: bool, clean: bool, hours: int
) -> list[str]:
    """Return why an old paper certificate cannot be converted on a day: closed, too-old, health, record, hours."""
    ceiling = Ceiling(strategy="fixed", men_under=rule.men_under, women_under=rule.women_under)
    limit = age_limit(ceiling, None, born=born, sex=sex)
    assert limit is not None  # a fixed ceiling has one
    faults = {
        "closed": day > rule.until,
        "too-old": day >= limit.day,
        "health": rule.healthy and not healthy,
        "record": rule.no_bad_record and not clean,
        "hours": hours < rule.hours,
    }
    return [fault for fault, true in faults.items() if true]


def conversion_targets(rule: Conversion, positions: Iterable[Position], held: str) -> list[str]:
    """Return the positions into which the holder of an old certificate may convert it: its own, or those of the groups
    that the law names for it.
    """
    keys = list(positions)
    substitute = next((s for s in rule.substitutes if s.key == held), None)
    groups = substitute.groups if substitute else ()
    return [p.key for p in keys if p.certifiable and (p.key == held or p.group in groups)]
