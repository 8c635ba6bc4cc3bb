"""The legal entities that train, and the institutions they become when they are listed."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    """Organisations, institutions, domains."""

    name = "shared.institutions"
    label = "institutions"
    verbose_name = "Institutions"
