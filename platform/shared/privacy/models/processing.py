"""Processing records, kept at least three years: assessments and entrusted parties. Append-only."""

from django.db import models
from django.db.models import F, Q

from kernel.fields import Model, Personal, personal

from ..states import AssessmentKind

RECORD_ENTRY = Personal(
    "know who answers for the entry", "duty to keep processing records (PIPL 55)", "3 years", "none"
)


class Assessment(Model):
    """An impact assessment made before something began (PIPL 55-56). A later one follows it; none is changed."""

    kind = models.CharField(max_length=14, choices=AssessmentKind.choices)
    title = models.CharField(max_length=120)
    necessity = models.TextField(
        max_length=10_000, help_text="whether purpose and way are lawful, justified and needed"
    )
    risks = models.TextField(max_length=10_000, help_text="what it does to people, and how likely")
    measures = models.TextField(max_length=10_000, help_text="whether what protects them is enough")
    made_on = models.DateField()
    valid_until = models.DateField()
    keep_until = models.DateField()
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True)
    entered_name = personal(models.CharField(max_length=80), RECORD_ENTRY)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AssessmentKind.values), name="privacy_assessment_kind"),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("made_on"), keep_until__gte=F("valid_until")),
                name="privacy_assessment_days",
            ),
        ]
        ordering = ["-made_on", "-id"]


class Entrusting(Model):
    """A party to which handling is entrusted: purpose, kinds, period, protection, contract (PIPL 21)."""

    party = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300)
    kinds = models.CharField(max_length=300)
    protection = models.CharField(max_length=300)
    contract_no = models.CharField(max_length=60)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True)
    entered_name = personal(models.CharField(max_length=80), RECORD_ENTRY)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")), name="privacy_entrusting_days"
            )
        ]
        ordering = ["-begins_on", "-id"]
