"""What regulators see: what institutions have told, and later draws, inspections, findings."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Told facts and the authorities' board."""

    name = "shared.oversight"
    label = "oversight"
    verbose_name = "Oversight"
