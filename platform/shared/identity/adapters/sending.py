"""Messages to addresses, and their ceilings: anybody may ask for a code, so how many are sent has an end.

Counted are messages to one number or e-mail address, from one network address, and altogether (settings). A flow asks
for room before it sends and counts afterwards; where nothing is sent, because no account is found, it counts alike, so
that no answer tells which numbers have accounts.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from allauth.core import context as allauth_context
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kernel import clock, rates
from kernel.later import Priority
from kernel.rates import Rate
from kernel.web import limits
from kernel.web.callers import counted_as
from kernel.web.limits import TooMany

from ..values import AddressedMessage
from ..values import messages as addressed_messages

TO_ONE = limits.declare("messages.recipient", _("Codes and links to one number or e-mail address"))
FROM_ONE = limits.declare("messages.caller", _("Codes and links asked for from one network address"))
TO_ALL = limits.declare("messages.all", _("Codes and links altogether"))


class TooManyMessages(TooMany):
    """The ceiling of messages to this recipient, from this caller or altogether is reached."""

    code = "too-many-messages"
    title = _("No more messages for now")
    message = _(
        "So many messages were sent to this number or address, or asked for from where you are, that no more are sent"
        " for now. Use the newest one, or come again later. If you cannot wait, go to a counter: see “Lost your phone”."
    )


URGENT = frozenset({
    "identity.account_exists", "identity.code", "identity.password_reset", "identity.recovered",
    "identity.recovery_asked", "identity.recovery_checked", "identity.unknown_account",
})  # fmt: skip
ONE_OF_MANY = frozenset({"identity.granted", "identity.invitation"})


def queue_message(to: str, template: str, *, channels: tuple[str, ...] = ("sms",), **context: Any) -> None:
    """Ask for a message to an address after commit; who sends it, and how, is the hook's to know.

    Whoever signs in or is in recovery waits for it at this moment; nobody does for an invitation.
    """
    urgent = Priority.URGENT if template in URGENT else Priority.NORMAL
    priority = Priority.BULK if template in ONE_OF_MANY else urgent
    message = AddressedMessage(to, template, context, channels, language(), priority)
    for send in addressed_messages.functions():
        send(message)


def language() -> str:
    """Return the language of this request."""
    return translation.get_language() or "zh-hans"


def demand_room(request: HttpRequest, to: str) -> None:
    """Refuse (TooManyMessages) where no more messages are sent to `to`, for this caller, or at all."""
    for name, who, ceiling in _ceilings(request, to):
        limits.demand(name, who, ceiling, real=clock.real_now(), refusal=TooManyMessages)


def send_code(to: str, code: str) -> None:
    """Send a code to a number; refuses (TooManyMessages) where somebody's request asks for one too many."""
    request = allauth_context.request
    if request is not None:
        count_message(request, to)
    queue_message(to, "identity.code", code=code)


def count_message(request: HttpRequest, to: str) -> None:
    """Count a message to `to`, sent or not; refuses (TooManyMessages) over a ceiling."""
    for name, who, ceiling in _ceilings(request, to):
        limits.consume(name, who, ceiling, real=clock.real_now(), refusal=TooManyMessages)


def _ceilings(request: HttpRequest, to: str) -> Iterator[tuple[str, str, tuple[Rate, ...]]]:
    yield TO_ONE, to, _read(settings.NUOXING_MESSAGES_TO_ONE)
    yield FROM_ONE, counted_as(request), _read(settings.NUOXING_MESSAGES_FROM_ONE)
    yield TO_ALL, "", _read(settings.NUOXING_MESSAGES_TO_ALL)


_read = cache(rates.read_all)
