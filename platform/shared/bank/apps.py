"""The bank as an installed app."""

from django.apps import AppConfig


class BankConfig(AppConfig):
    """Items, papers, keys."""

    name = "shared.bank"
    label = "bank"
    verbose_name = "Question bank"
