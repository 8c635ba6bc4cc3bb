"""Continuing education."""

from django.apps import AppConfig


class EducationConfig(AppConfig):
    """Hours of continuing education."""

    name = "shared.education"
    label = "education"
    verbose_name = "Education"
