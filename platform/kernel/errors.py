"""Foreseen refusals: a no with words for people and a code for machines."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Refusal(Exception):
    """A foreseen no. Subclasses are defined beside the operation that raises them.

    `words` say to the person refused what happened and what to do; they may hold %(name)s, filled from `params`.
    `field` names the form field at which the sentence belongs, if any.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    title: ClassVar[Words] = _("This cannot be done")
    words: Words = _("The request was refused.")

    def __init__(self, words: Words | None = None, *, field: str | None = None, **params: Any) -> None:
        """Keep the words and what fills them."""
        self.words = words if words is not None else type(self).words
        self.field = field
        self.params: Mapping[str, Any] = params
        super().__init__(self.code)

    def __str__(self) -> str:
        """Return the sentence for people, in the active language."""
        return str(self.words) % self.params if self.params else str(self.words)


class NotFound(Refusal):
    """There is no such thing, or this person may not know of it."""

    code = "not-found"
    status = 404
    title = _("Not found")
    words = _("There is nothing at this address, or it is not open to you.")


class Forbidden(Refusal):
    """The person is known and may not do this."""

    code = "forbidden"
    status = 403
    title = _("Not allowed")
    words = _("Your role does not allow this.")


class Invalid(Refusal):
    """What was entered cannot be right."""

    code = "invalid"
    status = 422
    title = _("Please correct this")
    words = _("What was entered cannot be right.")
