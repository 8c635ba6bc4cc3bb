"""States and severities of filed facts. The institution's own charts move; here each version has its state."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.states import Tone


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

# From version to version: the moves of the institution's own chart once it is filed (a trigger of the database).
SITTING_MOVES = frozenset(
    {
        (SittingState.FILED, SittingState.CHECKIN_OPEN),
        (SittingState.FILED, SittingState.CANCELLED),
        (SittingState.CHECKIN_OPEN, SittingState.RUNNING),
        (SittingState.CHECKIN_OPEN, SittingState.CLOSED),
        (SittingState.CHECKIN_OPEN, SittingState.CANCELLED),
        (SittingState.RUNNING, SittingState.CLOSED),
        (SittingState.CLOSED, SittingState.RUNNING),
        (SittingState.CLOSED, SittingState.MINUTES_SIGNED),
        (SittingState.MINUTES_SIGNED, SittingState.FINALISED),
    }
)

# The institution's own chart shows the same tones.
SITTING_TONES: Mapping[str, Tone] = {
    SittingState.FILED: Tone.NOTICE,
    SittingState.CHECKIN_OPEN: Tone.SIGNAL,
    SittingState.RUNNING: Tone.SIGNAL,
    SittingState.CLOSED: Tone.MUTED,
    SittingState.MINUTES_SIGNED: Tone.MUTED,
    SittingState.FINALISED: Tone.GOOD,
    SittingState.CANCELLED: Tone.BAD,
}


class Severity(models.TextChoices):
    """How grave an incident is."""

    NOTE = "note", _("For the record")
    MINOR = "minor", _("Minor")
    SERIOUS = "serious", _("Serious")


SEVERITY_TONES = {Severity.NOTE: Tone.MUTED, Severity.MINOR: Tone.WARN, Severity.SERIOUS: Tone.BAD}
