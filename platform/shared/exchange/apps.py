"""The named outside systems: what goes out, what comes in, and whether both sides say the same."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """The ledger of the outside systems as an installed app."""

    name = "shared.exchange"
    verbose_name = "Outside systems"
