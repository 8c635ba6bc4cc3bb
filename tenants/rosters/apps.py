"""Rosters as an installed app: applications, eligibility and enrolments."""

from django.apps import AppConfig


class RostersConfig(AppConfig):
    """Applications, eligibility, enrolments."""

    name = "tenants.rosters"
    label = "rosters"
    verbose_name = "Rosters"
