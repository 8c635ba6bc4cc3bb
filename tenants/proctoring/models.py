"""Commands, incidents and signed minutes."""

from django.db import models
from django.db.models import F, Q

from kernel.fields import Model, Personal, personal
from kernel.states import Badge, Tone

from .states import INCIDENT, IncidentKind, IncidentState, Verb

CONDUCT = Personal(
    "say who acted in a test room", "statutory conduct of the test", "life of the certificate and 3 years", "none"
)


class Command(Model):
    """One command of a proctor for one candidate; its effect was committed with it."""

    candidacy = models.ForeignKey("sittings.Candidacy", on_delete=models.PROTECT, related_name="commands")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    why = personal(models.CharField(max_length=200, blank=True), CONDUCT)
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()
    issued_by_name = personal(models.CharField(max_length=60), CONDUCT)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(verb__in=Verb.values), name="proctoring_command_verb")]
        ordering = ["issued_at", "id"]


CANDIDATE = {
    "candidate_name": F("candidacy__name"),
    "seat": F("candidacy__seat"),
    "ticket_no": F("candidacy__ticket_no"),
}


class Incident(Model):
    """Something that happened in a sitting. While one with an effect on results is open, no result is confirmed."""

    sitting = models.ForeignKey("sittings.Sitting", on_delete=models.PROTECT, related_name="incidents")
    candidacy = models.ForeignKey("sittings.Candidacy", on_delete=models.PROTECT, null=True, related_name="incidents")
    kind = models.CharField(max_length=20, choices=IncidentKind.choices)
    impactful = models.BooleanField(help_text="may have an effect on a result")
    words = personal(models.CharField(max_length=1000), CONDUCT)
    reported_at = models.DateTimeField()
    reported_by = models.UUIDField()
    reported_by_name = personal(models.CharField(max_length=60), CONDUCT)
    outcome = personal(models.CharField(max_length=1000, blank=True), CONDUCT)
    state = models.CharField(max_length=10, choices=IncidentState.choices, default=IncidentState.OPEN)
    state_since = models.DateTimeField()

    candidate_name: str | None
    seat: int | None
    ticket_no: str | None
    """These come with the queries that ask for CANDIDATE: columns of the candidacy, not its row."""

    class Meta:
        constraints = [
            INCIDENT.constraint("proctoring_incident_state"),
            models.CheckConstraint(condition=Q(kind__in=IncidentKind.values), name="proctoring_incident_kind"),
            models.CheckConstraint(
                condition=Q(state=IncidentState.OPEN, outcome="") | (Q(state=IncidentState.CLOSED) & ~Q(outcome="")),
                name="proctoring_incident_outcome",
            ),
        ]
        ordering = ["-reported_at", "-id"]

    may_be_closed = INCIDENT.allows("close")

    @property
    def badge(self) -> Badge:
        """Return its state in words; an open incident that may affect a result is red."""
        badge = INCIDENT.badge(self)
        return Badge(badge.label, Tone.BAD) if self.impactful and self.may_be_closed else badge


class Minutes(Model):
    """The record of a sitting, signed by its chief proctor. What was signed is kept word for word with its digest."""

    sitting = models.OneToOneField("sittings.Sitting", on_delete=models.PROTECT, related_name="minutes")
    text = personal(models.TextField(max_length=5000, blank=True), CONDUCT)
    facts = personal(
        models.JSONField(help_text="counts, times, people on duty and incidents as they stood at signing"), CONDUCT
    )
    signed_at = models.DateTimeField()
    signed_by = models.UUIDField()
    signed_by_name = personal(models.CharField(max_length=60), CONDUCT)
    digest = models.CharField(max_length=64)
