"""Homes of every role at the platform's host."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Home pages and to-do lists, which import every other app."""

    name = "shared.portal"
    label = "portal"
    verbose_name = "Portal"
