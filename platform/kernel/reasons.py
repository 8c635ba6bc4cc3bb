"""Reasons: whoever decides about somebody, or against a rule, says why; the reason is kept with what was decided."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.errors import Invalid

# What a reason must say at least. No law sets these: they are the product's, so that what is kept can be read.
SHORTEST = 2
"""Letters and digits of the shortest reason: “停电” says all that there is to say."""
DIFFERENT = 2
"""How many of them differ at least: “无无” says nothing."""
LONGER = 4
"""From how many of them on more must differ."""
DIFFERENT_IN_LONGER = 3
"""How many differ in a longer one: “aaab” says nothing."""


class ReasonRequired(Invalid):
    """What is done needs a reason, and came without one."""

    code = "reason-required"
    message = _("Please give the reason; it is kept.")


class ReasonSaysNothing(Invalid):
    """A reason was written that says nothing: a sign or two, or one piece over and over."""

    code = "reason-says-nothing"
    message = _("This says nothing. Write in a few words what the reason is, so that others understand it later.")


def require(text: str, *, field: str = "why", message: str | Promise | None = None, longest: int | None = None) -> str:
    """Return the reason without blanks around it; refuses (ReasonRequired) none, and (ReasonSaysNothing) one without
    sense.

    `message` says instead of the usual sentence what is to be explained here. What goes beyond `longest` is cut off.
    """
    reason = require_text(text, field=field, message=message, longest=longest)
    if says_nothing(reason):
        raise ReasonSaysNothing(field=field)
    return reason


def require_text(
    text: str, *, field: str = "why", message: str | Promise | None = None, longest: int | None = None
) -> str:
    """Return a text that is a fact, not a reason, without blanks around it; refuses (ReasonRequired) an empty one."""
    text = text.strip()[:longest]
    if len(text) < SHORTEST:
        raise ReasonRequired(message, field=field)
    return text


def says_nothing(reason: str) -> bool:
    """Say whether a reason is one in form alone: few different signs, or one piece repeated (“核对核对”)."""
    signs = [sign for sign in reason.casefold() if sign.isalnum()]
    different = DIFFERENT if len(signs) < LONGER else DIFFERENT_IN_LONGER
    return len(signs) < SHORTEST or len(set(signs)) < different or _repeats(signs)


def _repeats(signs: list[str]) -> bool:
    return any(signs[size:] == signs[:-size] for size in range(1, len(signs) // 2 + 1))
