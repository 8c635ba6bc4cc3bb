"""The life of a message that leaves the house."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.states import Move, StateChart


class Channel(models.TextChoices):
    """By what way a message goes."""

    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")


class Sending(models.TextChoices):
    """Where a message stands."""

    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Message sent")
    FAILED = "failed", _("Not delivered")


SENDING = StateChart(
    name="message",
    states=Sending,
    initial=Sending.QUEUED,
    moves=[
        Move("send", [Sending.QUEUED], Sending.SENT, ("system",), _("Send")),
        Move("fail", [Sending.QUEUED], Sending.FAILED, ("system",), _("Give up")),
    ],
)
