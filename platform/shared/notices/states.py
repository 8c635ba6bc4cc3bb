"""States of a message (SMS, e-mail)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.states import Move, StateChart


class Channel(models.TextChoices):
    """By what way a message goes."""

    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")


class MessageState(models.TextChoices):
    """Where a message stands."""

    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Message sent")
    FAILED = "failed", _("Not delivered")


ASKED_FOR_AGAIN = frozenset({"identity.code", "identity.password_reset"})
"""Templates of messages for which somebody waits at a page that sends another one by a button."""

MESSAGE = StateChart(
    name="message",
    states=MessageState,
    initial=MessageState.QUEUED,
    moves=[
        Move("send", [MessageState.QUEUED], MessageState.SENT, ("system",), _("Send")),
        Move("fail", [MessageState.QUEUED], MessageState.FAILED, ("system",), _("Give up")),
    ],
)
