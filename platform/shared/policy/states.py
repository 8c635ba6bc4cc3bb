"""States and choices of the policy's tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.states import Move, StateChart


class Level(models.TextChoices):
    """What a division is; only counties have no authority of their own here."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("Prefecture-level city")
    NEW_AREA = "new_area", _("New area")
    COUNTY = "county", _("County or district")


class CapKind(models.TextChoices):
    """A ceiling, or the recorded decision that there is none."""

    CAPPED = "capped", _("Ceiling")
    UNCAPPED_DECISION = "uncapped_decision", _("No ceiling, by decision")


class Day(models.TextChoices):
    """What an override makes of a day."""

    OFF = "off", _("Day off")
    WORK = "work", _("Working day")


class Unit(models.TextChoices):
    """How a fee is counted."""

    PERSON = "person", _("per person")
    CLASS_HOUR = "class-hour", _("per class hour")
    ATTEMPT = "attempt", _("per attempt")


AUTHORS = ("province_officer",)


class DraftState(models.TextChoices):
    """Where a draft of the law's next version stands."""

    DRAFT = "draft", _("Being drafted")
    SUBMITTED = "submitted", _("Waits for a second officer")
    RETURNED = "returned", _("Returned with a reason")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


EDITABLE = (DraftState.DRAFT, DraftState.RETURNED)
OPEN_DRAFTS = (*EDITABLE, DraftState.SUBMITTED)
DRAFT_TONES = {
    DraftState.DRAFT: "notice",
    DraftState.SUBMITTED: "signal",
    DraftState.RETURNED: "warn",
    DraftState.APPROVED: "good",
    DraftState.WITHDRAWN: "muted",
}

POLICY_DRAFT = StateChart(
    name="policy_draft",
    states=DraftState,
    initial=DraftState.DRAFT,
    moves=[
        Move("submit", EDITABLE, DraftState.SUBMITTED, AUTHORS, _("Submit for approval")),
        Move("approve", [DraftState.SUBMITTED], DraftState.APPROVED, AUTHORS, _("Approve the version")),
        Move("return", [DraftState.SUBMITTED], DraftState.RETURNED, AUTHORS, _("Return with a reason")),
        Move("withdraw", OPEN_DRAFTS, DraftState.WITHDRAWN, AUTHORS, _("Withdraw the draft")),
    ],
)
