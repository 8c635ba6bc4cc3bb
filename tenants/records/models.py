"""This institution's own audit: notes on its own rows."""

from kernel.audit import AuditRow


class AuditEntry(AuditRow):
    """Who did what in this institution."""

    class Meta(AuditRow.Meta):
        verbose_name = "note"
