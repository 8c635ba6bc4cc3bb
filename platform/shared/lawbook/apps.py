"""The law as people read and write it."""

from django.apps import AppConfig


class LawbookConfig(AppConfig):
    """Pages of the law, and the drafts of its next version."""

    name = "shared.lawbook"
    label = "lawbook"
    verbose_name = "Lawbook"
