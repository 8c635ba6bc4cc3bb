"""Imported records of existing platforms and the learning site: hours, announced institutions, files."""

from django.db import models
from django.db.models import Q

from kernel.fields import Model, Personal, personal

from ..states import IMPORT_FILE, FileKind, ImportState

BASIS = "statutory duty of continuing education (PIPL 13.3)"
LIFE = "life of the certificate and 3 years"


class HourRecord(Model):
    """Hours of continuing education of one holder, as one source reported them.

    Step 1 is the employer's own training, step 2 the ministry's learning site (policy part 3). A record that
    comes again under the same number replaces the earlier one if it is newer.
    """

    source = models.CharField(max_length=30, help_text="key of the system, ours for a file")
    number = models.CharField(max_length=60, help_text="the record's number there")
    certificate_number = models.CharField(max_length=32)
    holder = personal(models.CharField(max_length=60), Personal("count a holder's hours", BASIS, LIFE, "name"))
    employer_code = models.CharField(max_length=18, blank=True)
    employer_name = models.CharField(max_length=120, blank=True)
    step = models.PositiveSmallIntegerField()
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    began_on = models.DateField()
    ended_on = models.DateField()
    topic = models.CharField(max_length=200, blank=True)
    as_of = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="exchange_hours_once"),
            models.CheckConstraint(condition=Q(step__in=[1, 2]), name="exchange_hours_step"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="exchange_hours_some"),
            models.CheckConstraint(condition=Q(ended_on__gte=models.F("began_on")), name="exchange_hours_order"),
        ]
        indexes = [models.Index(fields=["certificate_number", "step"], name="exchange_hours_of")]
        ordering = ["-ended_on", "-id"]


class Announcement(Model):
    """An institution as the existing publicity platform announces it, with the opinion signed there."""

    credit_code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120)
    category = models.CharField(max_length=40)
    division_code = models.CharField(max_length=6)
    address = models.CharField(max_length=200, blank=True)
    positions = models.JSONField(default=list)
    opinion = models.CharField(max_length=5, help_text="true or false, as shared.registry.states.Opinion")
    signed_on = models.DateField()
    notice_from = models.DateField(null=True)
    notice_to = models.DateField(null=True)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(opinion__in=["true", "false"]), name="exchange_opinion")]
        ordering = ["name"]


class ImportFile(Model):
    """A file of an existing platform: previewed first, imported by a second step, harmless to repeat."""

    kind = models.CharField(max_length=14, choices=FileKind.choices)
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
