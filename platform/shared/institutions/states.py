"""The standing of an organisation on the list (policy parts 2.1 and 5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.states import Move, StateChart

AUTHORITY = ("province_officer", "city_officer")


class Standing(models.TextChoices):
    """Where an organisation stands."""

    REGISTERED = "registered", _("Registered, not listed")
    LISTED = "listed", _("Listed")
    NOT_ENROLLING = "not_enrolling", _("Listed, not enrolling")
    SUSPENDED = "suspended", _("Enrolment suspended")
    REMOVED = "removed", _("Removed from the list")


TONES = {
    Standing.REGISTERED: "muted",
    Standing.LISTED: "good",
    Standing.NOT_ENROLLING: "notice",
    Standing.SUSPENDED: "warn",
    Standing.REMOVED: "bad",
}

WORDS = {
    Standing.REGISTERED: _("It is registered but not on the public list, and may not train."),
    Standing.LISTED: _("It is on the public list and may enrol trainees."),
    Standing.NOT_ENROLLING: _("It is on the public list and takes no new trainees at present, by its own wish."),
    Standing.SUSPENDED: _("The authority has suspended its enrolment. Those already enrolled keep their rights."),
    Standing.REMOVED: _("The authority has removed it from the public list. Records and refunds stay open."),
}


class Decision(models.TextChoices):
    """What an authority may decide about a listed organisation; each is a move of the chart."""

    SUSPEND = "suspend", _("Suspend enrolment")
    RESUME = "resume", _("Lift the suspension")
    REMOVE = "remove", _("Remove from the list")


STANDING = StateChart(
    name="standing",
    states=Standing,
    initial=Standing.REGISTERED,
    moves=[
        Move("list", [Standing.REGISTERED], Standing.LISTED, ("system",), _("List")),
        Move("stop_enrolling", [Standing.LISTED], Standing.NOT_ENROLLING, ("principal",), _("Stop enrolling")),
        Move("enrol_again", [Standing.NOT_ENROLLING], Standing.LISTED, ("principal",), _("Enrol again")),
        Move(
            "suspend",
            [Standing.LISTED, Standing.NOT_ENROLLING],
            Standing.SUSPENDED,
            AUTHORITY,
            Decision.SUSPEND.label,
        ),
        Move("resume", [Standing.SUSPENDED], Standing.LISTED, AUTHORITY, Decision.RESUME.label),
        Move(
            "remove",
            [Standing.LISTED, Standing.NOT_ENROLLING, Standing.SUSPENDED],
            Standing.REMOVED,
            AUTHORITY,
            Decision.REMOVE.label,
        ),
    ],
)
