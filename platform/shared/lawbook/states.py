"""States of a draft of the next version of the law."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.roles import Role
from kernel.states import Move, StateChart, Tone

AUTHORS = (Role.PROVINCE_OFFICER,)


class DraftState(models.TextChoices):
    """Where a draft of the law's next version stands."""

    DRAFT = "draft", _("Being drafted")
    SUBMITTED = "submitted", _("Waits for a second officer")
    RETURNED = "returned", _("Returned with a reason")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


EDITABLE = (DraftState.DRAFT, DraftState.RETURNED)


OPEN_DRAFTS = (*EDITABLE, DraftState.SUBMITTED)


POLICY_DRAFT = StateChart(
    name="policy_draft",
    states=DraftState,
    initial=DraftState.DRAFT,
    tones={
        DraftState.DRAFT: Tone.NOTICE,
        DraftState.SUBMITTED: Tone.SIGNAL,
        DraftState.RETURNED: Tone.WARN,
        DraftState.APPROVED: Tone.GOOD,
    },
    moves=[
        Move("submit", EDITABLE, DraftState.SUBMITTED, AUTHORS, _("Submit for approval")),
        Move("approve", [DraftState.SUBMITTED], DraftState.APPROVED, AUTHORS, _("Approve the version")),
        Move("return", [DraftState.SUBMITTED], DraftState.RETURNED, AUTHORS, _("Return with a reason")),
        Move("withdraw", OPEN_DRAFTS, DraftState.WITHDRAWN, AUTHORS, _("Withdraw the draft")),
    ],
)


class CapProposalState(models.TextChoices):
    """Where a proposed ceiling, or its proposed end, stands."""

    PROPOSED = "proposed", _("Waits for a second officer")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


CAP_PROPOSAL = StateChart(
    name="cap_proposal",
    states=CapProposalState,
    initial=CapProposalState.PROPOSED,
    tones={
        CapProposalState.PROPOSED: Tone.SIGNAL,
        CapProposalState.APPROVED: Tone.GOOD,
        CapProposalState.REJECTED: Tone.BAD,
    },
    moves=[
        Move("approve", [CapProposalState.PROPOSED], CapProposalState.APPROVED, AUTHORS, _("Approve")),
        Move("reject", [CapProposalState.PROPOSED], CapProposalState.REJECTED, AUTHORS, _("Reject")),
        Move("withdraw", [CapProposalState.PROPOSED], CapProposalState.WITHDRAWN, AUTHORS, _("Withdraw")),
    ],
)
