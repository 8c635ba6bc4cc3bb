"""Facts that institutions filed with the platform.

The shared row is the evidence: an institution can change its own tables, not what it has filed
(architecture.md, "How data goes between the schemas"). Rows speak of an institution's things by UUID, never by key.
"""

from django.db import models
from django.db.models import F, Q

from kernel.fields import MoneyField, Personal, personal
from kernel.money import Money
from kernel.states import Badge
from shared.policy.states import Unit

from .states import LIVE, SEVERITY_TONES, SITTING_TONES, UPCOMING, Severity, SittingState

FILER = {"institution_name": F("institution__name"), "institution_slug": F("institution__slug")}
CAP = {"cap_ceiling": F("cap__ceiling"), "cap_document": F("cap__document_no"), "cap_demo": F("cap__demo")}


class FiledFact(models.Model):
    """A fact filed by an institution: its key there, when it was first received, and when last."""

    id = models.UUIDField(primary_key=True, help_text="the thing's key in the institution's own schema")
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    first_received_at = models.DateTimeField()
    received_at = models.DateTimeField()

    institution_name: str
    institution_slug: str
    """These come with the queries that ask for FILER: columns of the institution, not its row."""

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

    @property
    def badge(self) -> Badge:
        """Return its state in words, with its tone."""
        state = SittingState(self.state)
        return Badge(state.label, SITTING_TONES[state])


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

    @property
    def badge(self) -> Badge:
        """Return its severity in words, with its tone."""
        severity = Severity(self.severity)
        return Badge(severity.label, SEVERITY_TONES[severity])


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

    cap_ceiling: Money | None
    cap_document: str
    cap_demo: bool
    """These come with the queries that ask for CAP: columns of the ceiling, not its row."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0) & Q(amount__lte=F("max_amount")), name="filings_price_capped"
            )
        ]
        indexes = [
            models.Index(fields=["-published_at"], name="filings_price_when"),
            models.Index(fields=["institution", "-published_at"], name="filings_price_of"),
        ]

    @property
    def badge(self) -> dict[str, object]:
        """Return the price under its ceiling as components/price_under_cap.html shows it."""
        return {
            "amount": self.amount,
            "ceiling": self.cap_ceiling,
            "basis": self.cap_document,
            "demo": self.cap_demo,
            "unit": Unit(self.unit).label,
        }
