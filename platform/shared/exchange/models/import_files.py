"""Files of existing platforms that were uploaded."""

from django.db import models

from kernel.fields import Model

from ..states import IMPORT_FILE, ImportState


class ImportFile(Model):
    """A file of an existing platform: previewed first, imported by a second step, harmless to repeat."""

    kind = models.CharField(max_length=14, help_text="key of the kind of file")
    file = models.OneToOneField("records.File", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    faulty = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.UUIDField()
    import_counts = models.JSONField(
        default=dict, help_text='{"new", "changed", "same", "older", "left_out"} once taken over'
    )
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.PREVIEWED)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [IMPORT_FILE.constraint("exchange_import_state")]
        ordering = ["-id"]
