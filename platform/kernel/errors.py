"""Refusals: a foreseen no with a message for people and a code for machines (RFC 9457: title, detail)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

StrOrPromise = str | Promise


class Refusal(Exception):
    """A foreseen no. Subclasses are defined beside the operation that raises them.

    `message` says to the person refused what happened and what to do; it may hold %(name)s, filled from `params`.
    `field` names the form field at which the sentence belongs, if any.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    retry_in: ClassVar[int | None] = None
    title: ClassVar[StrOrPromise] = _("This cannot be done")
    message: StrOrPromise = _("The request was refused.")

    def __init__(self, message: StrOrPromise | None = None, *, field: str | None = None, **params: Any) -> None:
        """Keep the message and what fills it."""
        self.message = message if message is not None else type(self).message
        self.field = field
        self.params: Mapping[str, Any] = params
        self.retry_after = self.retry_in  # seconds, where waiting helps
        super().__init__(self.code)

    def __str__(self) -> str:
        """Return the sentence for people, in the active language."""
        return str(self.message) % self.params if self.params else str(self.message)


class NotFound(Refusal):
    """There is no such thing, or this person may not know of it."""

    code = "not-found"
    status = 404
    title = _("Not found")
    message = _("There is nothing at this address, or it is not open to you.")


class Forbidden(Refusal):
    """The person is known and may not do this."""

    code = "forbidden"
    status = 403
    title = _("Not allowed")
    message = _("Your role does not allow this.")


class Invalid(Refusal):
    """What was entered cannot be right."""

    code = "invalid"
    status = 422
    title = _("Please correct this")
    message = _("What was entered cannot be right.")
