"""Policy: packs, calendar, authorities, fee caps."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """Policy packs, working days, authorities, ceilings."""

    name = "shared.policy"
    label = "policy"
    verbose_name = "Policy"
