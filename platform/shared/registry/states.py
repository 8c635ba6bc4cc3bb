"""The life of a commitment, from its draft to the list, and of an objection to it (policy part 2.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.roles import Role
from kernel.states import Move, StateChart, Tone

OFFICERS = (Role.PROVINCE_OFFICER, Role.CITY_OFFICER)


class Kind(models.TextChoices):
    """Why an organisation fills in the form: to be admitted, or to examine itself (policy part 2.1, last sentence)."""

    NEW = "new", _("New institution")
    SELF_CHECK = "self_check", _("Self-check of an existing institution")


class State(models.TextChoices):
    """Where a commitment stands."""

    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("Waiting for verification on site")
    FALSE = "verified_false", _("Found not as declared")
    NOTICE = "under_notice", _("In public notice")
    RETURNED = "returned", _("Returned after an objection")
    UPLOADING = "uploading", _("On its way to the ministry's system")
    RECEIPTED = "receipted", _("Receipted by the ministry's system")
    LISTED = "listed", _("Listed")
    SELF_CHECKED = "self_checked", _("Self-check signed, training goes on")
    WITHDRAWN = "withdrawn", _("Withdrawn")


EDITABLE = (State.DRAFT, State.FALSE, State.RETURNED)
CLOSED = (State.LISTED, State.SELF_CHECKED, State.WITHDRAWN)
OPEN = tuple(state for state in State if state not in CLOSED)

COMMITMENT = StateChart(
    name="commitment",
    states=State,
    initial=State.DRAFT,
    tones={
        State.SUBMITTED: Tone.NOTICE,
        State.FALSE: Tone.BAD,
        State.NOTICE: Tone.NOTICE,
        State.RETURNED: Tone.BAD,
        State.UPLOADING: Tone.NOTICE,
        State.RECEIPTED: Tone.NOTICE,
        State.LISTED: Tone.GOOD,
        State.SELF_CHECKED: Tone.GOOD,
    },
    moves=[
        Move("self_check", [State.DRAFT], State.SELF_CHECKED, (Role.PRINCIPAL,), _("Sign the self-check")),
        Move("submit", EDITABLE, State.SUBMITTED, (Role.PRINCIPAL,), _("Sign and submit the commitment")),
        Move("find_true", [State.SUBMITTED], State.NOTICE, OFFICERS, _("Sign “verified, true”")),
        Move("find_false", [State.SUBMITTED], State.FALSE, OFFICERS, _("Sign “verified, not as declared”")),
        Move("return", [State.NOTICE], State.RETURNED, OFFICERS, _("Uphold an objection and return")),
        Move("close_notice", [State.NOTICE], State.UPLOADING, ("system",), _("End the public notice")),
        Move(
            "receipt", [State.UPLOADING], State.RECEIPTED, ("system", *OFFICERS), _("Receipt by the ministry's system")
        ),
        Move("list", [State.RECEIPTED], State.LISTED, ("system",), _("Put on the list")),
        Move(
            "withdraw",
            [*EDITABLE, State.SUBMITTED, State.NOTICE],
            State.WITHDRAWN,
            (Role.PRINCIPAL,),
            _("Withdraw"),
            expected=False,
        ),
    ],
)


# The moves of one kind of commitment only; all others are everybody's.
KIND_OF_MOVE = {"self_check": Kind.SELF_CHECK, "submit": Kind.NEW}


class Opinion(models.TextChoices):
    """What an officer signs after the visit, and what is found for each line."""

    TRUE = "true", _("True on site")
    FALSE = "false", _("Not as declared")


class Ending(models.TextChoices):
    """How a public notice ended."""

    CLEAR = "clear", _("Ended without an upheld objection")
    RETURNED = "returned", _("Ended by an upheld objection")
    WITHDRAWN = "withdrawn", _("Ended because the institution withdrew")


class ObjectionState(models.TextChoices):
    """Where an objection stands."""

    OPEN = "open", _("Waiting for the authority")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


OBJECTION = StateChart(
    name="objection",
    states=ObjectionState,
    initial=ObjectionState.OPEN,
    moves=[
        Move("uphold", [ObjectionState.OPEN], ObjectionState.UPHELD, OFFICERS, _("Uphold")),
        Move("dismiss", [ObjectionState.OPEN], ObjectionState.DISMISSED, OFFICERS, _("Dismiss")),
    ],
)
