"""The personal data law at work: what is held, why and how long; rights, deletions, incidents."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Register of personal data, self-service, erasure, incidents."""

    name = "shared.privacy"
    label = "privacy"
    verbose_name = "Privacy"
