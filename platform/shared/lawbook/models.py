"""Drafts of the next version of the law and proposed ceilings, with who wrote them and who decided."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import IsNull

from kernel.fields import Model, MoneyField, Personal, personal
from shared.policy.states import Unit

from .states import CAP_PROPOSAL, POLICY_DRAFT, CapProposalState, DraftState

PACK = {"pack_version": F("pack__version"), "pack_effective_from": F("pack__effective_from")}


AUTHOR = Personal("who answers for a draft of the law", "statutory duty of the authority", "as long as the law", "name")


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
        AUTHOR,
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


class CapProposal(Model):
    """A ceiling of the whole province that one officer proposes and another decides on; or, with `cap`, its end.

    What is proposed never changes, and nothing of it begins or ends before the day on which it is proposed (triggers);
    who decides is somebody else (a constraint).
    """

    jurisdiction = models.CharField(max_length=6)
    cap = models.ForeignKey(
        "policy.FeeCap", on_delete=models.PROTECT, null=True, related_name="+", help_text="the ceiling that is to end"
    )
    document_no = models.CharField(max_length=60, blank=True)
    fee_item = models.CharField(max_length=40)
    position = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=10, choices=Unit.choices)
    ceiling = MoneyField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)
    effective_from = models.DateField(null=True)
    effective_to = models.DateField(null=True, help_text="the last day")
    demo = models.BooleanField(default=False)
    why = models.CharField(max_length=300, blank=True)
    impact = models.JSONField(help_text="what it touches, counted when it was proposed")
    proposed_by = models.UUIDField()
    proposed_name = personal(models.CharField(max_length=80), AUTHOR)
    proposed_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_name = personal(models.CharField(max_length=80, blank=True), AUTHOR)
    made = models.ForeignKey("policy.FeeCap", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=CapProposalState.choices, default=CapProposalState.PROPOSED)
    state_since = models.DateTimeField()

    class Meta:
        ordering = ["-proposed_at", "-id"]
        constraints = [
            CAP_PROPOSAL.constraint("lawbook_cap_proposal_state"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(state=CapProposalState.WITHDRAWN) | ~Q(decided_by=F("proposed_by")),
                name="lawbook_cap_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state=CapProposalState.PROPOSED, decided_by=None)
                | (~Q(state=CapProposalState.PROPOSED) & Q(decided_by__isnull=False)),
                name="lawbook_cap_decided",
            ),
            models.CheckConstraint(
                condition=Q(cap=None, effective_from__isnull=False)
                | (Q(cap__isnull=False, effective_from=None, effective_to__isnull=False) & ~Q(why="")),
                name="lawbook_cap_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["jurisdiction"], name="lawbook_cap_waiting", condition=Q(state=CapProposalState.PROPOSED)
            )
        ]

    badge = property(CAP_PROPOSAL.badge)
    is_open = CAP_PROPOSAL.among(CapProposalState.PROPOSED)
