"""Public notices and objections, and the way into the ministry's system."""

from django.db import models
from django.db.models import F, Q

from kernel.fields import BlindIndexField, EncryptedTextField, Model, Personal, personal, uuid7
from shared.exchange.values import is_of_stand_in

from ..states import OBJECTION, Ending, ObjectionState
from .commitments import Applicant, Commitment
from .officers import OFFICER

OBJECTOR = Personal("answer whoever objected", "consent; may be left out", "1 year after the decision", "name")


class PublicNotice(Applicant, Model):
    """The public notice of a version that was found true: 5 working days (policy part 2.1)."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="public_notices")
    version = models.PositiveSmallIntegerField()
    posted_at = models.DateTimeField()
    due_on = models.DateField(help_text="the day at whose end it may close")
    provisional = models.BooleanField(default=False)
    policy = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "version"], name="registry_notice_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="") | Q(ended_at__isnull=False, ending__in=Ending.values),
                name="registry_notice_ending",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="registry_notice_open", condition=Q(ended_at=None))]
        ordering = ["-posted_at"]


class Objection(Applicant, Model):
    """What somebody has against a listing. The name may be left out; the authority decides each with a reason."""

    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="objections")
    text = personal(
        models.TextField(max_length=5000),
        Personal("decide the objection", "statutory publicity (policy part 2.1)", "life of the entry", "none"),
    )
    name = personal(models.CharField(max_length=60, blank=True), OBJECTOR)
    contact = EncryptedTextField(
        null=True, personal=Personal(OBJECTOR.purpose, OBJECTOR.basis, OBJECTOR.retention, "identifier")
    )
    filed_at = models.DateTimeField()
    received_at = models.DateTimeField(help_text="real time, for the rate limit")
    source = BlindIndexField(help_text="keyed hash of the address it came from, for the rate limit")
    state = models.CharField(max_length=10, choices=ObjectionState.choices, default=ObjectionState.OPEN)
    state_since = models.DateTimeField()
    reason = models.TextField(max_length=4000, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            OBJECTION.constraint("registry_objection_state"),
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN, decided_at=None, decided_by=None, reason="")
                | (
                    ~Q(state=ObjectionState.OPEN)
                    & ~Q(reason="")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="registry_objection_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "-received_at"], name="registry_objection_rate"),
            models.Index(fields=["notice"], name="registry_objection_open", condition=Q(state="open")),
        ]
        ordering = ["id"]

    is_upheld = OBJECTION.among(ObjectionState.UPHELD)


class Upload(Applicant, Model):
    """The way of a commitment into the ministry's system: asked under one number, however often; its receipt, which the
    system itself sent, or which an officer who uploaded by hand wrote down (`recorded_by`).
    """

    commitment = models.OneToOneField(Commitment, on_delete=models.PROTECT, related_name="upload")
    request_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    receipt_no = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField(null=True)
    recorded_by = models.UUIDField(null=True)
    recorded_name = personal(models.CharField(max_length=80, blank=True), OFFICER)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(receipt_no="", received_at=None)
                | (~Q(receipt_no="") & Q(received_at__isnull=False, sent_at__isnull=False)),
                name="registry_upload_receipt",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by=None, recorded_name="", recorded_at=None)
                | (
                    Q(recorded_by__isnull=False, recorded_at__isnull=False, received_at__lte=F("recorded_at"))
                    & ~Q(recorded_name="")
                    & ~Q(receipt_no="")
                ),
                name="registry_upload_recorded",
            ),
        ]
        indexes = [models.Index(fields=["id"], name="registry_upload_open", condition=Q(received_at=None))]

    @property
    def is_of_stand_in(self) -> bool:
        """Say whether the receipt is of a stand-in, and not of the ministry's system."""
        return is_of_stand_in(self.receipt_no)
