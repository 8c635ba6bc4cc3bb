"""The institution's own audit: notes on its own rows."""

from kernel.audit import AuditRow


class AuditEntry(AuditRow):
    """An act in this institution, with its actor."""

    class Meta(AuditRow.Meta):
        verbose_name = "note"
