"""Taking a test, and what it yields."""

from django.apps import AppConfig


class AttemptsConfig(AppConfig):
    """Attempts, answers, scores and the live gateway."""

    name = "tenants.attempts"
    label = "attempts"
    verbose_name = "Attempts"
