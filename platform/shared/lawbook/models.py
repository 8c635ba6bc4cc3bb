"""Draft of the next version of the law, with who wrote in it and who decided."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import IsNull

from kernel.fields import Model, Personal, personal

from .states import POLICY_DRAFT, DraftState

PACK = {"pack_version": F("pack__version"), "pack_effective_from": F("pack__effective_from")}


class PolicyDraft(Model):
    """The next version of a jurisdiction's law while it is written, and afterwards what became of it.

    `body` is what a pack file would say; it may be incomplete as long as it is a draft, and never changes while it lies
    before the second officer or after (a trigger holds it). Who decides has written nothing in it (a constraint).
    """

    jurisdiction = models.CharField(max_length=6)
    base = models.CharField(max_length=60, help_text="the version that it was begun from")
    body = models.JSONField()
    edition = models.PositiveIntegerField(default=1, help_text="counts the savings; who saves names the one he read")
    authors = ArrayField(models.UUIDField(), help_text="the accounts that wrote in it")
    last_author = personal(
        models.CharField(max_length=80),
        Personal("who answers for a draft of the law", "statutory duty of the authority", "as long as the law", "name"),
    )
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_by = models.UUIDField(null=True)
    decided_by = models.UUIDField(null=True)
    pack = models.OneToOneField("policy.PolicyPack", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=DraftState.choices, default=DraftState.DRAFT)
    state_since = models.DateTimeField()

    pack_version: str | None = None
    pack_effective_from: date | None = None
    """Both come with the queries that ask for PACK; a draft that is not approved has none."""

    class Meta:
        ordering = ["-saved_at", "-id"]
        constraints = [
            POLICY_DRAFT.constraint("lawbook_draft_state"),
            models.CheckConstraint(
                condition=IsNull(
                    Func(F("authors"), F("decided_by"), function="array_position", output_field=models.IntegerField()),
                    True,
                ),
                name="lawbook_draft_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state=DraftState.APPROVED, pack__isnull=False, decided_by__isnull=False)
                | (~Q(state=DraftState.APPROVED) & Q(pack=None)),
                name="lawbook_draft_approved",
            ),
            models.CheckConstraint(
                condition=~Q(state=DraftState.SUBMITTED) | Q(submitted_by__isnull=False), name="lawbook_draft_submitted"
            ),
            models.CheckConstraint(condition=Q(authors__len__gt=0), name="lawbook_draft_has_author"),
        ]
        indexes = [models.Index(fields=["jurisdiction", "-saved_at"], name="lawbook_draft_latest")]

    badge = property(POLICY_DRAFT.badge)
    is_submitted = POLICY_DRAFT.among(DraftState.SUBMITTED)
