"""States and choices of the policy's tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.roles import Role

PROVINCE = Role.PROVINCE_OFFICER
"""The role that writes and enters the law of its province."""


class Level(models.TextChoices):
    """What a division is; only counties have no authority of their own here."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("Prefecture-level city")
    NEW_AREA = "new_area", _("New area")
    COUNTY = "county", _("County or district")


class CapKind(models.TextChoices):
    """A ceiling, or the recorded decision that there is none."""

    CAPPED = "capped", _("Ceiling")
    UNCAPPED_DECISION = "uncapped_decision", _("No ceiling, by decision")


class Day(models.TextChoices):
    """What an override makes of a day."""

    OFF = "off", _("Day off")
    WORK = "work", _("Working day")


class Unit(models.TextChoices):
    """How a fee is counted."""

    PERSON = "person", _("per person")
    CLASS_HOUR = "class-hour", _("per class hour")
    ATTEMPT = "attempt", _("per attempt")
