"""The shared schema's concrete tables of the kernel's verbs."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Outbox, audit, files, tickets, idempotency keys."""

    name = "shared.records"
    label = "records"
    verbose_name = "Records"
