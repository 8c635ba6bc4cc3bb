"""Privacy: the register of personal data, rights of the person, deletions, incidents."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Register of personal data, self-service, erasure, incidents."""

    name = "shared.privacy"
    label = "privacy"
    verbose_name = "Privacy"
