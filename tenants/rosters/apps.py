"""Who applies, who may, and who has a seat."""

from django.apps import AppConfig


class RostersConfig(AppConfig):
    """Applications, eligibility, enrolments."""

    name = "tenants.rosters"
    label = "rosters"
    verbose_name = "Rosters"
