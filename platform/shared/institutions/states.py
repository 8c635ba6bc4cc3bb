"""The standing of an organisation on the list (policy parts 2.1 and 5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.roles import Role
from kernel.states import Move, StateChart, Tone

OPERATOR = (Role.PLATFORM_OPERATOR,)
AUTHORITY = (Role.PROVINCE_OFFICER, Role.CITY_OFFICER)


class Standing(models.TextChoices):
    """Where an organisation stands."""

    REGISTERED = "registered", _("Registered, not listed")
    LISTED = "listed", _("Listed")
    NOT_ENROLLING = "not_enrolling", _("Listed, not enrolling")
    SUSPENDED = "suspended", _("Enrolment suspended")
    REMOVED = "removed", _("Removed from the list")


DESCRIPTIONS = {
    Standing.REGISTERED: _("It is registered but not on the public list, and may not train."),
    Standing.LISTED: _("It is on the public list and may enrol trainees."),
    Standing.NOT_ENROLLING: _("It is on the public list and takes no new trainees at present, by its own wish."),
    Standing.SUSPENDED: _("The authority has suspended its enrolment. Those already enrolled keep their rights."),
    Standing.REMOVED: _("The authority has removed it from the public list. Records and refunds stay open."),
}


class Activity(models.TextChoices):
    """What an institution does that its standing may forbid, in words that follow "may not"."""

    PLAN = "plan", pgettext_lazy("may not", "plan classes")
    PRICE = "price", pgettext_lazy("may not", "publish prices")
    OPEN = "open", pgettext_lazy("may not", "open classes for enrolment")
    ENROL = "enrol", pgettext_lazy("may not", "take new trainees")
    COLLECT = "collect", pgettext_lazy("may not", "take fees for reserved seats")


ALLOWED = {
    Activity.PLAN: (Standing.LISTED, Standing.NOT_ENROLLING, Standing.SUSPENDED),
    Activity.PRICE: (Standing.LISTED, Standing.NOT_ENROLLING, Standing.SUSPENDED),
    Activity.OPEN: (Standing.LISTED,),
    Activity.ENROL: (Standing.LISTED,),
    Activity.COLLECT: (Standing.LISTED, Standing.NOT_ENROLLING),
}
"""Where an institution must stand to do what. Teaching and testing those who have paid, records and refunds are not
asked for here: they stay open to every institution.
"""


class Decision(models.TextChoices):
    """What an authority may decide about a listed organisation; each is a move of the chart."""

    SUSPEND = "suspend", _("Suspend enrolment")
    RESUME = "resume", _("Lift the suspension")
    REMOVE = "remove", _("Remove from the list")


STANDING = StateChart(
    name="standing",
    states=Standing,
    initial=Standing.REGISTERED,
    tones={
        Standing.LISTED: Tone.GOOD,
        Standing.NOT_ENROLLING: Tone.NOTICE,
        Standing.SUSPENDED: Tone.WARN,
        Standing.REMOVED: Tone.BAD,
    },
    moves=[
        Move("list", [Standing.REGISTERED], Standing.LISTED, ("system",), _("List")),
        Move("stop_enrolling", [Standing.LISTED], Standing.NOT_ENROLLING, (Role.PRINCIPAL,), _("Stop enrolling")),
        Move("enrol_again", [Standing.NOT_ENROLLING], Standing.LISTED, (Role.PRINCIPAL,), _("Enrol again")),
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


class SchemaOrigin(models.TextChoices):
    """How an institution's schema came to be."""

    SPARE = "spare", _("A spare schema was handed out")
    TEMPLATE = "template", _("Made by the template after listing")
    MIGRATIONS = "migrations", _("Made by migrations after listing")


class Lifecycle(models.TextChoices):
    """What may be done in an institution's schema, and whether it is still there."""

    WORKING = "working", _("At work")
    RETIRED = "retired", _("Retired, records are read only")
    LEAVING = "leaving", _("Retired, its deletion is asked for")
    DELETED = "deleted", _("Deleted after its retention")


LIFECYCLE = StateChart(
    name="institution_lifecycle",
    field="lifecycle",
    states=Lifecycle,
    initial=Lifecycle.WORKING,
    moves=[
        Move("retire", [Lifecycle.WORKING], Lifecycle.RETIRED, OPERATOR, _("Retire")),
        Move("reopen", [Lifecycle.RETIRED], Lifecycle.WORKING, OPERATOR, _("Open again")),
        Move("ask_deletion", [Lifecycle.RETIRED], Lifecycle.LEAVING, OPERATOR, _("Ask for its deletion")),
        Move("withdraw_deletion", [Lifecycle.LEAVING], Lifecycle.RETIRED, OPERATOR, _("Withdraw the deletion")),
        Move("delete", [Lifecycle.LEAVING], Lifecycle.DELETED, OPERATOR, _("Approve the deletion")),
    ],
)
