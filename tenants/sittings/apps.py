"""Planning of tests."""

from django.apps import AppConfig


class SittingsConfig(AppConfig):
    """Rooms, sittings, duties, candidates and filing."""

    name = "tenants.sittings"
    label = "sittings"
    verbose_name = "Sittings"
