"""Exams as an installed app."""

from django.apps import AppConfig


class ExamsConfig(AppConfig):
    """Sittings, attempts, answers, scores."""

    name = "tenants.exams"
    label = "exams"
    verbose_name = "Tests"
