"""Facts that institutions filed."""

from django.apps import AppConfig


class FilingsConfig(AppConfig):
    """Sittings, incidents and prices as institutions filed them."""

    name = "shared.filings"
    label = "filings"
    verbose_name = "Filings"
