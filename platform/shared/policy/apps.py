"""The law as data: packs, calendar, authorities, fee ceilings."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """Policy packs, working days, authorities, ceilings."""

    name = "shared.policy"
    label = "policy"
    verbose_name = "Policy"
