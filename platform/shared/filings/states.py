"""States and severities of filed facts. The institution's own charts move; here each version has its state."""

from collections.abc import Mapping
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class ClassState(models.TextChoices):
    """State of a filed class; one in preparation is not filed."""

    OPEN = "open", _("Enrolling")
    RUNNING = "running", _("Running")
    CLOSED = "closed", pgettext_lazy("state of a class", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("state of a class", "Cancelled")


CLASS_TONES: Mapping[str, Tone] = {
    ClassState.OPEN: Tone.GOOD,
    ClassState.RUNNING: Tone.NOTICE,
    ClassState.CLOSED: Tone.MUTED,
    ClassState.CANCELLED: Tone.BAD,
}


def takes_enrolments(state: str, until: date, day: date) -> bool:
    """Say whether a class takes enrolments on a day: it is open, and its last day for them has not passed.

    The one rule of enrolment, of an institution's own page and of the search over all of them.
    """
    return state == ClassState.OPEN and day <= until


def enrolling_on(day: date) -> Q:
    """Return the same rule as a condition on filed classes."""
    return Q(state=ClassState.OPEN, enrols_until__gte=day)
