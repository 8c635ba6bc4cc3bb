"""Reasons: whoever decides about somebody, or against a rule, says why; the reason is kept with what was decided."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.errors import Invalid

SHORTEST = 2
"""Characters of the shortest reason: “停电” says all that there is to say."""


class ReasonRequired(Invalid):
    """What is done needs a reason, and came without one."""

    code = "reason-required"
    message = _("Please give the reason; it is kept.")


def require(text: str, *, field: str = "why", message: str | Promise | None = None, longest: int | None = None) -> str:
    """Return the reason without blanks around it; refuses (ReasonRequired) one that says nothing.

    `message` says instead of the usual sentence what is to be explained here. What goes beyond `longest` is cut off.
    """
    reason = text.strip()[:longest]
    if len(reason) < SHORTEST:
        raise ReasonRequired(message, field=field)
    return reason
