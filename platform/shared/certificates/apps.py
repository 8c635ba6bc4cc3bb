"""Certificates: numbers, issue, correction, revocation, public verification."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """The certificates as an installed app."""

    name = "shared.certificates"
    verbose_name = "Certificates"
