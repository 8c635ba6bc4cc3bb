"""Choices of courses, and the state charts of a class and of a correction of hours."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.roles import Role
from kernel.states import Move, StateChart, Tone

DESK = (Role.REGISTRAR, Role.PRINCIPAL)


class LessonKind(models.TextChoices):
    """The kind of a lesson."""

    VIDEO = "video", _("Video")
    DOCUMENT = "document", _("Reading")
    ONSITE = "onsite", _("In the classroom")


class HourKind(models.TextChoices):
    """The source of an entry of the hour ledger."""

    ONLINE = "online", _("Online learning")
    ONSITE = "onsite", _("Attendance on site")
    CORRECTION = "correction", _("Correction")


class Stop(models.TextChoices):
    """The reason why a heartbeat was credited with less than it claimed; "" when nothing was cut."""

    NONE = "", _("Time is being counted.")
    SILENT = "silent", _("Nothing reached us for a while; only the last minute counts.")
    AHEAD = "ahead", _("The connection was slow; this time counts as far as it reached us.")
    ELSEWHERE = "elsewhere", _("This time was already counted in another window.")
    LESSON_FULL = "lesson_full", _("This lesson is complete. Choose the next one.")
    DAY_FULL = "day_full", _("The most that may be learnt in one day is reached. Go on tomorrow.")


class SessionEnd(models.TextChoices):
    """The reason why a study session ended."""

    LEFT = "left", _("You ended it.")
    TAKEN_OVER = "taken_over", _("Learning went on in another window or on another device.")


class ClassState(models.TextChoices):
    """The state of a class."""

    DRAFT = "draft", _("In preparation")
    OPEN = "open", _("Enrolling")
    RUNNING = "running", _("Running")
    CLOSED = "closed", pgettext_lazy("state of a class", "Closed")


CLASS = StateChart(
    name="training_class",
    states=ClassState,
    initial=ClassState.DRAFT,
    tones={ClassState.OPEN: Tone.GOOD, ClassState.RUNNING: Tone.NOTICE},
    moves=[
        Move("open", [ClassState.DRAFT], ClassState.OPEN, DESK, _("Open for enrolment")),
        Move(
            "start",
            [ClassState.OPEN],
            ClassState.RUNNING,
            (*DESK, Role.TEACHER, "system"),
            _("Stop enrolling and start"),
        ),
        Move("close", [ClassState.RUNNING], ClassState.CLOSED, DESK, _("Close the class")),
    ],
)


VERBS = {
    "training_class.plan": _("Planned"),
    "training_class.edit": _("Edited"),
    "hours.attend": _("Attendance entered"),
}
"""Labels of notes on a class that are no moves of its chart."""


class CorrectionState(models.TextChoices):
    """The state of a proposed correction of hours."""

    PROPOSED = "proposed", _("Waiting for a second person")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")


CORRECTION = StateChart(
    name="hour_correction",
    states=CorrectionState,
    initial=CorrectionState.PROPOSED,
    moves=[
        Move("approve", [CorrectionState.PROPOSED], CorrectionState.APPROVED, DESK, _("Approve")),
        Move("reject", [CorrectionState.PROPOSED], CorrectionState.REJECTED, DESK, _("Reject")),
    ],
)
