"""Incidents with personal data (PIPL 57): reported by staff, classified, told, closed by a second person."""

from django.db import models
from django.db.models import F, Q

from kernel.fields import Model, Personal, personal

from ..states import BREACH, BreachState, EntryKind, Severity

INCIDENT_HANDLING = Personal(
    "act on an incident and account for it", "duty to tell of incidents (PIPL 57)", "3 years", "none"
)


class Breach(Model):
    """One incident. Whoever classified it cannot close it."""

    number = models.CharField(max_length=12, unique=True)
    institution_id = models.UUIDField(null=True, help_text="where it was reported; none at the platform")
    title = models.CharField(max_length=120)
    words = personal(models.TextField(max_length=4000), INCIDENT_HANDLING)
    happened_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    reported_by = models.UUIDField(null=True)
    reported_name = personal(models.CharField(max_length=80), INCIDENT_HANDLING)
    severity = models.CharField(max_length=6, choices=Severity.choices, blank=True)
    kinds = models.CharField(max_length=300, blank=True, help_text="which data")
    people = models.PositiveIntegerField(null=True, help_text="how many people, as far as known")
    authority_due_at = models.DateTimeField()
    people_due_at = models.DateTimeField()
    handled_by = models.UUIDField(null=True, help_text="who classified it")
    measures = personal(models.TextField(max_length=4000, blank=True), INCIDENT_HANDLING)
    state = models.CharField(max_length=12, choices=BreachState.choices, default=BreachState.REPORTED)
    state_since = models.DateTimeField()
    closed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            BREACH.constraint("privacy_breach_state"),
            models.CheckConstraint(
                condition=Q(state__in=[BreachState.REPORTED, BreachState.DISMISSED])
                | (Q(severity__in=Severity.values) & Q(handled_by__isnull=False)),
                name="privacy_breach_classified",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | (Q(state=BreachState.CLOSED) & ~Q(closed_by=F("handled_by"))),
                name="privacy_breach_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state=BreachState.CLOSED) | Q(closed_by__isnull=False), name="privacy_breach_closed"
            ),
        ]
        ordering = ["-reported_at"]


class BreachEntry(Model):
    """A line of an incident's timeline: who was told what and when, and what was done. Never changed."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    words = personal(models.TextField(max_length=4000), INCIDENT_HANDLING)
    recipients = models.CharField(max_length=200, blank=True, help_text="which authority; how many people")
    happened_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True)
    entered_name = personal(models.CharField(max_length=80), INCIDENT_HANDLING)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="privacy_breach_entry_kind")]
        ordering = ["happened_at", "id"]
