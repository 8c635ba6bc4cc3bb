"""Notices: in the application, by SMS and by e-mail."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Notices and messages."""

    name = "shared.notices"
    label = "notices"
    verbose_name = "Notices"
