"""The named outside systems: messages out, messages in, and the comparison of both sides' lists."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The ledger of the outside systems as an installed app."""

    name = "shared.exchange"
    verbose_name = "Outside systems"
