"""Employers: registered and proven, their clerks, and the people who agreed that they work there (policy part 1.1)."""

from django.apps import AppConfig


class EmployersConfig(AppConfig):
    """The platform's half of what an employer does."""

    name = "shared.employers"
    label = "employers"
    verbose_name = "Employers"
