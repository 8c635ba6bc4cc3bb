"""Proctoring as an installed app."""

from django.apps import AppConfig


class ProctoringConfig(AppConfig):
    """The live room."""

    name = "tenants.proctoring"
    label = "proctoring"
    verbose_name = "Proctoring"
