"""The life of a star run (policy part 5): prepared by one officer, published by another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.roles import Role
from kernel.states import Move, StateChart, Tone

RUNNERS = (Role.PROVINCE_OFFICER,)
SCORERS = (Role.PROVINCE_OFFICER, Role.CITY_OFFICER)


class RunState(models.TextChoices):
    """Where a star run stands."""

    DRAFT = "draft", _("Preview, not published")
    PUBLISHED = "published", _("Made public")
    SUPERSEDED = "superseded", _("Replaced by a correction")
    DISCARDED = "discarded", _("Discarded")


STAR_RUN = StateChart(
    name="star_run",
    states=RunState,
    initial=RunState.DRAFT,
    tones={
        RunState.DRAFT: Tone.SIGNAL,
        RunState.PUBLISHED: Tone.GOOD,
    },
    moves=[
        Move("publish", [RunState.DRAFT], RunState.PUBLISHED, RUNNERS, _("Publish the stars")),
        Move("discard", [RunState.DRAFT], RunState.DISCARDED, RUNNERS, _("Discard")),
        Move("supersede", [RunState.PUBLISHED], RunState.SUPERSEDED, RUNNERS, _("Replace by a correction")),
    ],
)
