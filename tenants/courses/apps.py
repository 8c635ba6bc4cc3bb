"""Courses as an installed app: programmes, classes and hours."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Programmes, classes, lessons, the hour ledger."""

    name = "tenants.courses"
    label = "courses"
    verbose_name = "Courses"
