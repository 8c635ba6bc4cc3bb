"""Facts that institutions filed with the platform, version by version.

A version is the evidence: it is added, and neither an institution nor anybody else changes or deletes it
(architecture.md, "How data goes between the schemas"). What is filed again of the same thing is its next version. The
models `Filed…`, `Reported…`, `Published…` are views of the newest version of each fact, with the reader's own rights.
Facts speak of an institution's things by UUID, never by key.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from kernel.fields import Model, MoneyField, Personal, personal

from .states import LIVE, UPCOMING, ClassState, Severity, SittingState

NEWEST = Q(superseded_at=None)


class FactOrigin(models.Model):
    """Whose fact it is, when it was first received, and when this version of it."""

    version = models.PositiveIntegerField(default=1, help_text="1, 2, … of the same fact")
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    first_received_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        abstract = True


class FactVersion(FactOrigin, Model):
    """One version of a fact, never changed: a trigger says when the next one came, and does that alone."""

    fact_id = models.UUIDField(help_text="the thing's key in the institution's own schema")
    superseded_at = models.DateTimeField(null=True, help_text="when the next version was received")

    class Meta:
        abstract = True


class FiledFact(FactOrigin):
    """The newest version of a fact: a row of a view."""

    id = models.UUIDField(primary_key=True, help_text="the thing's key in the institution's own schema")
    versions: ClassVar[type[FactVersion]]

    class Meta:
        abstract = True


class SittingFacts(models.Model):
    """What is filed of a sitting, and where it stands."""

    position = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    site = models.CharField(max_length=200)
    candidates = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=SittingState.choices)

    class Meta:
        abstract = True


class SittingVersion(FactVersion, SittingFacts):
    """A sitting as an institution filed it once; its state goes on along the chart from version to version."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SittingState.values), name="filings_sitting_state"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="filings_sitting_ends"),
            models.UniqueConstraint(fields=["fact_id", "version"], name="filings_sitting_version"),
        ]
        indexes = [
            models.Index(fields=["-starts_at"], name="filings_sitting_start", condition=NEWEST),
            models.Index(
                fields=["starts_at"], name="filings_sitting_open", condition=NEWEST & Q(state__in=[*LIVE, *UPCOMING])
            ),
            models.Index(fields=["institution", "-starts_at"], name="filings_sitting_of", condition=NEWEST),
        ]


class FiledSitting(FiledFact, SittingFacts):
    """A sitting filed by an institution, and where it stands."""

    versions = SittingVersion

    class Meta:
        managed = False


class IncidentFacts(models.Model):
    """What is filed of an incident."""

    sitting_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    words = personal(
        models.TextField(max_length=4000),
        Personal("oversight of the test", "statutory duty of the authority", "6 years", "all"),
    )
    happened_at = models.DateTimeField()

    class Meta:
        abstract = True


class IncidentVersion(FactVersion, IncidentFacts):
    """An incident as an institution reported it once."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="filings_incident_severity"),
            models.UniqueConstraint(fields=["fact_id", "version"], name="filings_incident_version"),
        ]
        indexes = [
            models.Index(fields=["-happened_at"], name="filings_incident_when", condition=NEWEST),
            models.Index(fields=["institution", "-happened_at"], name="filings_incident_of", condition=NEWEST),
        ]


class ReportedIncident(FiledFact, IncidentFacts):
    """Something that happened in a sitting and that the authority must know."""

    versions = IncidentVersion

    class Meta:
        managed = False


class PriceFacts(models.Model):
    """What is filed of a published price, with the ceiling it was published under (policy part 2.2, fees)."""

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
        abstract = True


class PriceVersion(FactVersion, PriceFacts):
    """A price as an institution filed it: when it was published, and when it ended."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(amount__lte=F("max_amount")), name="filings_price_capped"
            ),
            models.UniqueConstraint(fields=["fact_id", "version"], name="filings_price_version"),
        ]
        indexes = [
            models.Index(fields=["-published_at"], name="filings_price_when", condition=NEWEST),
            models.Index(fields=["institution", "-published_at"], name="filings_price_of", condition=NEWEST),
            models.Index(fields=["institution"], name="filings_price_in_force", condition=NEWEST & Q(in_force=True)),
            models.Index(fields=["class_id"], name="filings_price_of_class", condition=NEWEST & Q(in_force=True)),
        ]


class PublishedPrice(FiledFact, PriceFacts):
    """A published price with its ceiling, and whether it is asked now."""

    versions = PriceVersion

    class Meta:
        managed = False


class ClassFacts(models.Model):
    """What is filed of a class that was opened for enrolment, and where it stands."""

    name = models.CharField(max_length=80)
    position = models.CharField(max_length=40)
    programme = models.CharField(max_length=120, help_text="the programme's title")
    class_hours = models.PositiveSmallIntegerField()
    division_code = models.CharField(max_length=6, help_text="division in which it is taught")
    place = models.CharField(max_length=120, blank=True, help_text="where the classroom is")
    starts_on = models.DateField()
    ends_on = models.DateField()
    enrols_until = models.DateField(help_text="last day on which it takes enrolments while it is open")
    seats = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=ClassState.choices)

    class Meta:
        abstract = True


OPEN_NOW = NEWEST & Q(state=ClassState.OPEN)


class ClassVersion(FactVersion, ClassFacts):
    """A class as an institution filed it once. Its states are not held to a chart here: an older copy of the
    institution's data that takes its place goes on from where it was.
    """

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ClassState.values), name="filings_class_state"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="filings_class_days"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="filings_class_seats"),
            models.UniqueConstraint(fields=["fact_id", "version"], name="filings_class_version"),
        ]
        indexes = [
            models.Index(fields=["starts_on"], name="filings_class_open", condition=OPEN_NOW),
            models.Index(fields=["position", "starts_on"], name="filings_class_for", condition=OPEN_NOW),
            models.Index(fields=["-starts_on"], name="filings_class_when", condition=NEWEST),
            models.Index(fields=["institution", "-starts_on"], name="filings_class_of", condition=NEWEST),
        ]


class FiledClass(FiledFact, ClassFacts):
    """A class filed by an institution, and where it stands."""

    versions = ClassVersion

    class Meta:
        managed = False


class ClassPlaces(models.Model):
    """The free places of a filed class: no evidence but a figure, which the database alone writes, in the transaction
    that takes or frees a seat (triggers of filings 0009 and courses 0007).
    """

    fact_id = models.UUIDField(primary_key=True, help_text="the class's key in the institution's own schema")
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    free = models.PositiveSmallIntegerField(help_text="seats that nobody holds")
