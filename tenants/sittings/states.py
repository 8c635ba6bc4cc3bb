"""The state chart of a sitting, its duties and its kinds of event."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.roles import Role
from kernel.states import Move, StateChart
from shared.filings.states import SITTING_TONES

DESK = (Role.REGISTRAR, Role.PRINCIPAL)
CHIEF = Role.CHIEF_PROCTOR
PROCTOR = Role.PROCTOR
WATCH = (CHIEF, PROCTOR)


class SittingState(models.TextChoices):
    """The state of a sitting."""

    DRAFT = "draft", _("Being prepared")
    FILED = "filed", _("Filed with the authority")
    CHECKIN_OPEN = "checkin_open", _("Check-in open")
    RUNNING = "running", _("Test in progress")
    CLOSED = "closed", _("Test ended, minutes open")
    MINUTES_SIGNED = "minutes_signed", _("Minutes signed")
    FINALISED = "finalised", _("Results confirmed")
    CANCELLED = "cancelled", _("Cancelled")


SITTING = StateChart(
    name="sitting",
    states=SittingState,
    initial=SittingState.DRAFT,
    tones=SITTING_TONES,
    moves=[
        Move("file", [SittingState.DRAFT], SittingState.FILED, DESK, _("File with the authority")),
        Move("open_checkin", [SittingState.FILED], SittingState.CHECKIN_OPEN, WATCH, _("Open check-in")),
        Move("begin", [SittingState.CHECKIN_OPEN], SittingState.RUNNING, (CHIEF,), _("Begin the test")),
        Move(
            "close",
            [SittingState.CHECKIN_OPEN, SittingState.RUNNING],
            SittingState.CLOSED,
            (CHIEF,),
            _("End the test"),
        ),
        Move(
            "reopen",
            [SittingState.CLOSED],
            SittingState.RUNNING,
            (CHIEF,),
            _("Take the end of the test back"),
            expected=False,
        ),
        Move("sign_minutes", [SittingState.CLOSED], SittingState.MINUTES_SIGNED, (CHIEF,), _("Sign the minutes")),
        Move("finalise", [SittingState.MINUTES_SIGNED], SittingState.FINALISED, DESK, _("Confirm the results")),
        Move(
            "cancel",
            [SittingState.DRAFT, SittingState.FILED, SittingState.CHECKIN_OPEN],
            SittingState.CANCELLED,
            DESK,
            _("Cancel the sitting"),
            expected=False,
        ),
    ],
)

LIVE = (SittingState.CHECKIN_OPEN, SittingState.RUNNING)
"""People are in the room."""

CHIEF_REPLACEABLE = (SittingState.FILED, SittingState.CHECKIN_OPEN, SittingState.RUNNING, SittingState.CLOSED)
"""While another chief proctor may take over."""
CHIEF_MOVES = ("begin", "close", "reopen", "sign_minutes")


# Notes on a sitting that are no moves of its chart, in words.
VERBS = {
    "sitting.schedule": _("Planned"),
    "candidacy.remove": _("A candidate was taken off the list"),
    "candidacy.leave": _("A candidate is not ready for the test any more"),
    "sitting.replace-chief": _("Another chief proctor took over"),
}


class DutyRole(models.TextChoices):
    """The role of a person on duty in one sitting."""

    CHIEF = "chief", _("Chief proctor")
    PROCTOR = "proctor", _("Proctor")


class EventKind(models.TextChoices):
    """The kind of an event in a room."""

    CHECKIN_OPEN = "checkin_open", _("Check-in opened")
    BEGUN = "begun", _("The test began")
    CLOSED = "closed", _("The test ended")
    REOPENED = "reopened", _("The end of the test was taken back")
    CHIEF_REPLACED = "chief_replaced", _("Another chief proctor took over")
    CHECKED_IN = "checked_in", _("Checked in")
    CHECKIN_UNDONE = "checkin_undone", _("Check-in undone")
    STARTED = "started", _("Started writing")
    SAVED = "saved", _("Answers saved")
    LEASE_TAKEN = "lease_taken", _("Opened the test page")
    LEASE_WANTED = "lease_wanted", _("Asks to go on at another computer")
    HELD = "held", _("Put on hold")
    RESUMED = "resumed", _("Goes on")
    TIME_GRANTED = "time_granted", _("Time added")
    FINISHED = "finished", _("Handed in")
    ABSENT = "absent", _("Absent")
    LEFT = "left", _("Not ready for the test any more")
    ANNULLED = "annulled", _("Annulled")
    INCIDENT = "incident", _("Incident reported")
    INCIDENT_RESOLVED = "incident_resolved", _("Incident closed")
