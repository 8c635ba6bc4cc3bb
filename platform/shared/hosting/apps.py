"""An institution's schema from spare to deletion."""

from django.apps import AppConfig


class HostingConfig(AppConfig):
    """Spare schemas, migration runs, archives, copies and deletions."""

    name = "shared.hosting"
    label = "hosting"
    verbose_name = "Hosting"
