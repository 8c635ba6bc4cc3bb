"""What can go wrong in a room, and the life of what did."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.states import Move, StateChart


class IncidentKind(models.TextChoices):
    """What happened (after the taxonomy of TAO and Pix)."""

    EQUIPMENT = "equipment", _("Computer or equipment failed")
    NETWORK = "network", _("Network failed")
    POWER = "power", _("Power failed")
    DISTURBANCE = "disturbance", _("Noise or disturbance")
    EVACUATION = "evacuation", _("Evacuation")
    HEALTH = "health", _("Health of a candidate")
    IDENTITY = "identity", _("Identity in doubt")
    FORBIDDEN_AID = "forbidden_aid", _("Forbidden aid")
    COPYING = "copying", _("Copying or talking")
    QUESTION = "question", _("Fault in a question")
    OTHER = "other", _("Other")


class IncidentState(models.TextChoices):
    """Where an incident stands."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


INCIDENT = StateChart(
    name="incident",
    states=IncidentState,
    initial=IncidentState.OPEN,
    moves=[
        Move(
            "close", [IncidentState.OPEN], IncidentState.CLOSED, ("chief_proctor", "principal"), _("Close the incident")
        ),
    ],
)


# Notes on an incident that are no moves of its chart, in words.
VERBS = {"incident.report": _("Reported")}


class Verb(models.TextChoices):
    """What a proctor may command."""

    CHECK_IN = "check-in", _("Check in")
    HOLD = "hold", _("Hold")
    RESUME = "resume", _("Let go on")
    TIME = "time", _("Add time")
    END = "end", _("End")
    ANNUL = "annul", _("Annul")
