"""Rights of the person: a copy, a correction, the end of the account (PIPL 44-50)."""

from django.db import models
from django.db.models import Q

from kernel.fields import EncryptedTextField, Model, Personal, personal

from ..states import CLOSING, COPY, CORRECTION, ClosingState, CopyState, CorrectionState, Field

RIGHTS_REQUEST = Personal("answer what a person asks by right", "rights of the person (PIPL 44-50)", "3 years", "all")
DATA_COPY = Personal("give people a copy of their data", "rights of the person (PIPL 44-50)", "7 days", "all")


class Copy(Model):
    """A copy of everything held about a person, collected by tasks, one for each schema, and kept a few days."""

    account_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    expected = models.PositiveIntegerField(help_text="parts to come: the shared one, and one an institution")
    language = models.CharField(max_length=10)
    content = EncryptedTextField(null=True, personal=DATA_COPY)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the packed file")
    expires_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True, help_text="when it was last fetched")
    state = models.CharField(max_length=12, choices=CopyState.choices, default=CopyState.COLLECTING)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            COPY.constraint("privacy_copy_state"),
            models.UniqueConstraint(
                fields=["account_id"], condition=Q(state=CopyState.COLLECTING), name="privacy_copy_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state=CopyState.READY, content__isnull=False, expires_at__isnull=False)
                | (~Q(state=CopyState.READY) & Q(content=None)),
                name="privacy_copy_content",
            ),
        ]
        indexes = [models.Index(fields=["account_id"], name="privacy_copy_of")]
        ordering = ["-asked_at"]


class CopyPart(Model):
    """What one schema holds about the person; gone when the copy is packed."""

    copy = models.ForeignKey(Copy, on_delete=models.CASCADE, related_name="parts")
    institution_id = models.UUIDField(null=True, help_text="none for the shared schema")
    content = EncryptedTextField(null=True, personal=DATA_COPY)
    rows = models.PositiveIntegerField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["copy", "institution_id"], nulls_distinct=False, name="privacy_copy_part_once"
            ),
        ]


class Correction(Model):
    """Somebody says that something about them is wrong; decided with a reason, within a term."""

    number = models.CharField(max_length=12, unique=True, help_text="what people quote")
    account_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    institution_id = models.UUIDField(null=True, help_text="whose counter decides; none for the authority's")
    field = models.CharField(max_length=12, choices=Field.choices)
    wanted = EncryptedTextField(personal=RIGHTS_REQUEST)
    words = personal(models.TextField(max_length=1000, blank=True), RIGHTS_REQUEST)
    evidence = models.UUIDField(null=True, help_text="file of records")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    reason = personal(models.TextField(max_length=1000, blank=True), RIGHTS_REQUEST)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=CorrectionState.choices, default=CorrectionState.ASKED)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            CORRECTION.constraint("privacy_correction_state"),
            models.CheckConstraint(condition=Q(field__in=Field.values), name="privacy_correction_field"),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.ASKED, decided_at=None)
                | (~Q(state=CorrectionState.ASKED) & Q(decided_at__isnull=False)),
                name="privacy_correction_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state=CorrectionState.REFUSED) | ~Q(reason=""), name="privacy_correction_reason"
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="privacy_correction_due")]
        ordering = ["-asked_at"]

    is_undecided = CORRECTION.among(CorrectionState.ASKED)


class Closing(Model):
    """Somebody ends their account. Every institution is asked what is open there and what the law keeps."""

    account_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=1, help_text="asked again, the answers are new")
    expected = models.PositiveIntegerField()
    keep_until = models.DateField(null=True, help_text="the last day on which the law keeps something, if it is known")
    retention_applies = models.BooleanField(default=False, help_text="the law keeps something")
    state = models.CharField(max_length=12, choices=ClosingState.choices, default=ClosingState.ASKING)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            CLOSING.constraint("privacy_closing_state"),
            models.UniqueConstraint(
                fields=["account_id"],
                condition=~Q(state=ClosingState.TAKEN_BACK),
                name="privacy_closing_one",
            ),
        ]
        ordering = ["-asked_at"]

    is_asking = CLOSING.among(ClosingState.ASKING)
    is_ready = CLOSING.among(ClosingState.READY)


class ClosingAnswer(Model):
    """What one schema says: what is open, and what must stay and until when; in words of both languages."""

    closing = models.ForeignKey(Closing, on_delete=models.CASCADE, related_name="answers")
    round = models.PositiveSmallIntegerField()
    institution_id = models.UUIDField(null=True)
    open = models.JSONField(default=list, help_text='[{"zh-hans", "en"}]')
    retained = models.JSONField(default=list, help_text='[{"zh-hans", "en", "until"}]')
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["closing", "round", "institution_id"], nulls_distinct=False, name="privacy_closing_answer_once"
            ),
        ]
