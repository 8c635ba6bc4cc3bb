"""States and severities of filed facts. The institution's own charts move; here only the last state is stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SittingState(models.TextChoices):
    """State of a filed sitting."""

    FILED = "filed", _("Filed")
    CHECKIN_OPEN = "checkin_open", _("Check-in open")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")
    MINUTES_SIGNED = "minutes_signed", _("Minutes signed")
    FINALISED = "finalised", _("Finalised")
    CANCELLED = "cancelled", _("Cancelled")


LIVE = (SittingState.CHECKIN_OPEN, SittingState.RUNNING)
UPCOMING = (SittingState.FILED,)

SITTING_TONES = {
    SittingState.FILED: "notice",
    SittingState.CHECKIN_OPEN: "signal",
    SittingState.RUNNING: "signal",
    SittingState.CLOSED: "muted",
    SittingState.MINUTES_SIGNED: "muted",
    SittingState.FINALISED: "good",
    SittingState.CANCELLED: "bad",
}


class Severity(models.TextChoices):
    """How grave an incident is."""

    NOTE = "note", _("For the record")
    MINOR = "minor", _("Minor")
    SERIOUS = "serious", _("Serious")


SEVERITY_TONES = {Severity.NOTE: "muted", Severity.MINOR: "warn", Severity.SERIOUS: "bad"}
