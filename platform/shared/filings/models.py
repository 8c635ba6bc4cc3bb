"""Facts that institutions filed with the platform.

The shared row is the evidence: an institution can change its own tables, not what it has filed
(architecture.md, "How data goes between the schemas"). Rows speak of an institution's things by UUID, never by key.
"""

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, Personal, personal

from .states import LIVE, UPCOMING, Severity, SittingState


class FiledFact(models.Model):
    """A fact filed by an institution: its key there, when it was first received, and when last."""

    id = models.UUIDField(primary_key=True, help_text="the thing's key in the institution's own schema")
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    first_received_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        abstract = True


class FiledSitting(FiledFact):
    """A sitting filed by an institution, and where it stands."""

    position = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    site = models.CharField(max_length=200)
    candidates = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=SittingState.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SittingState.values), name="filings_sitting_state"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="filings_sitting_ends"),
        ]
        indexes = [
            models.Index(fields=["-starts_at"], name="filings_sitting_start"),
            models.Index(fields=["starts_at"], name="filings_sitting_open", condition=Q(state__in=[*LIVE, *UPCOMING])),
            models.Index(fields=["institution", "-starts_at"], name="filings_sitting_of"),
        ]


class ReportedIncident(FiledFact):
    """Something that happened in a sitting and that the authority must know."""

    sitting_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    words = personal(
        models.TextField(),
        Personal("oversight of the test", "statutory duty of the authority", "6 years", "all"),
    )
    happened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="filings_incident_severity")
        ]
        indexes = [
            models.Index(fields=["-happened_at"], name="filings_incident_when"),
            models.Index(fields=["institution", "-happened_at"], name="filings_incident_of"),
        ]


class PublishedPrice(FiledFact):
    """A published price with the ceiling it was published under (policy part 2.2, fees)."""

    class_id = models.UUIDField()
    class_name = models.CharField(max_length=120)
    position = models.CharField(max_length=40)
    fee_item = models.CharField(max_length=40)
    unit = models.CharField(max_length=10)
    amount = MoneyField()
    cap = models.ForeignKey("policy.FeeCap", on_delete=models.PROTECT, related_name="+")
    max_amount = MoneyField(help_text="the cap's ceiling when filed; more than anybody can ask where it has none")
    published_at = models.DateTimeField()
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(amount__lte=F("max_amount")), name="filings_price_capped"
            )
        ]
        indexes = [
            models.Index(fields=["-published_at"], name="filings_price_when"),
            models.Index(fields=["institution", "-published_at"], name="filings_price_of"),
            models.Index(fields=["institution"], name="filings_price_in_force", condition=Q(in_force=True)),
        ]
