"""Eligibility: who asks, and the answer with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, Promise] = {
    "position-closed": _("%(position)s is no longer certified; please choose another position."),
    "too-young": _("Enrolment is open from the age of %(minimum)s; you are %(age)s."),
    "too-old": _("Enrolment is open to people under %(limit)s; you reached that age on %(day)s."),
    "education-too-low": _("The minimum education for %(position)s is: %(minimum)s. You entered: %(education)s."),
    "major-not-admitted": _("For %(position)s this major is not admitted: %(major)s."),
    "practice-too-short": _(
        "Full years of practice on site that %(position)s needs with your education and major: %(needed)s; "
        "you entered %(years)s."
    ),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who applies, and on which day. Of unknown sex the higher age limit holds."""

    born: date
    day: date
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why not: a code for machines, what fills its sentence, and where in the pack the rule stands.

    What the pack names (a position, an education) fills it as a whole, so that each language says its own name.
    """

    code: str
    rule: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence for the person, in the active language."""
        return str(WORDS[self.code]) % {name: getattr(value, "label", value) for name, value in self.params.items()}


@dataclass(frozen=True, slots=True)
class Eligible:
    """The person may enrol, by this row of the matrix."""

    rule: str
    years_needed: int


@dataclass(frozen=True, slots=True)
class NotEligible:
    """The person may not enrol, for all of these reasons."""

    reasons: tuple[Reason, ...]
