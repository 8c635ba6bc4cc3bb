"""The demonstration as an installed app, for its commands only; installed where NUOXING_DEMO is set."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Commands that load and show the demonstration."""

    name = "infra.demo"
    label = "demo"
    verbose_name = "Demonstration"
