"""Kinds of incidents and commands, and the state chart of an incident."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.roles import Role
from kernel.states import Move, StateChart, Tone


class IncidentKind(models.TextChoices):
    """The kind of an incident (after the taxonomy of TAO and Pix)."""

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
    """The state of an incident."""

    OPEN = "open", pgettext_lazy("state of an incident", "Open")
    CLOSED = "closed", pgettext_lazy("state of an incident", "Closed")


INCIDENT = StateChart(
    name="incident",
    states=IncidentState,
    initial=IncidentState.OPEN,
    tones={IncidentState.OPEN: Tone.WARN, IncidentState.CLOSED: Tone.GOOD},
    moves=[
        Move("close", [IncidentState.OPEN], IncidentState.CLOSED, (Role.CHIEF_PROCTOR,), _("Close the incident")),
    ],
)


# Notes on an incident that are no moves of its chart, in words.
VERBS = {"incident.report": _("Reported")}


class Verb(models.TextChoices):
    """A command of a proctor."""

    CHECK_IN = "check-in", _("Check in")
    UNDO = "undo", _("Undo the check-in")
    HOLD = "hold", _("Hold")
    RESUME = "resume", _("Let go on")
    TIME = "time", _("Add time")
    END = "end", _("End")
    ANNUL = "annul", _("Annul")
