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


STANDING = StateChart(
    name="standing",
    states=Standing,
    initial=Standing.REGISTERED,
    moves=[
        Move("list", [Standing.REGISTERED], Standing.LISTED, ("system",), _("List")),
        Move("stop_enrolling", [Standing.LISTED], Standing.NOT_ENROLLING, ("principal",), _("Stop enrolling")),
        Move("enrol_again", [Standing.NOT_ENROLLING], Standing.LISTED, ("principal",), _("Enrol again")),
        Move(
            "suspend", [Standing.LISTED, Standing.NOT_ENROLLING], Standing.SUSPENDED, AUTHORITY, _("Suspend enrolment")
        ),
        Move("resume", [Standing.SUSPENDED], Standing.LISTED, AUTHORITY, _("Lift the suspension")),
        Move(
            "remove",
            [Standing.LISTED, Standing.NOT_ENROLLING, Standing.SUSPENDED],
            Standing.REMOVED,
            AUTHORITY,
            _("Remove from the list"),
        ),
    ],
)
