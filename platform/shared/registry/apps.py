"""Commitments, their verification on site, public notice, objections, and the ministry's receipt (policy part 2.1)."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The commitment registry."""

    name = "shared.registry"
    label = "registry"
    verbose_name = "Registry"
