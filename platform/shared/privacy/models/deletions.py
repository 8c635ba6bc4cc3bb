"""Deletions and holds: what was erased, and what must not be for a while. Append-only."""

from django.db import models
from django.db.models import F, Q

from kernel.fields import Model, Personal, personal

from ..states import Cause


class Deletion(models.Model):
    """One run of a deleting job over one piece: what kind, which span, how many, under which rule. Never changed."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=60)
    institution_id = models.UUIDField(null=True, help_text="none for the shared schema")
    cause = models.CharField(max_length=12, choices=Cause.choices)
    before = models.DateTimeField(help_text="what ended before this moment was due")
    first_at = models.DateTimeField(help_text="of the erased rows, the oldest")
    last_at = models.DateTimeField(help_text="and the newest")
    count = models.PositiveIntegerField()
    files = models.PositiveIntegerField(default=0, help_text="files removed from the store")
    digest = models.CharField(max_length=64, help_text="SHA-256 over the erased rows' keys: which, but not what")
    policy = models.CharField(max_length=60, help_text="version of the pack, or of the register")
    ran_at = models.DateTimeField()
    ran_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="privacy_deletion_cause"),
            models.CheckConstraint(
                condition=Q(count__gt=0, last_at__gte=F("first_at")), name="privacy_deletion_counted"
            ),
        ]
        indexes = [models.Index(fields=["-ran_at"], name="privacy_deletion_when")]
        ordering = ["-id"]


class Hold(Model):
    """Nothing of this person is erased while an objection, an appeal, an inspection or a suit needs it."""

    person_id = models.UUIDField()
    why = personal(
        models.CharField(max_length=300),
        Personal("keep evidence while it is needed", "statutory duty of the authority", "3 years", "none"),
    )
    placed_by = models.UUIDField(null=True)
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("placed_at")), name="privacy_hold_order"
            )
        ]
        indexes = [models.Index(fields=["person_id"], condition=Q(lifted_at=None), name="privacy_hold_live")]
        ordering = ["-placed_at"]
