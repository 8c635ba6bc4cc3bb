"""States of copies, corrections, closings and incidents; choices of assessments and deletions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.roles import Role
from kernel.states import Move, StateChart


class CopyState(models.TextChoices):
    """Where a copy of one's own data stands."""

    COLLECTING = "collecting", _("Being collected")
    READY = "ready", _("Ready to be fetched")
    EXPIRED = "expired", _("Deleted after its time")


COPY = StateChart(
    name="data_copy",
    states=CopyState,
    initial=CopyState.COLLECTING,
    moves=[
        Move("pack", [CopyState.COLLECTING], CopyState.READY, ("system",), _("Packed")),
        Move("expire", [CopyState.COLLECTING, CopyState.READY], CopyState.EXPIRED, ("system",), _("Deleted")),
    ],
)


class Field(models.TextChoices):
    """What somebody asks to be corrected."""

    NAME = "name", _("Name")
    ID_NUMBER = "id_number", _("Number of the identity document")
    OTHER = "other", _("Something else")


class CorrectionState(models.TextChoices):
    """Where a request for correction stands."""

    ASKED = "asked", _("Waiting for a decision")
    ACCEPTED = "accepted", _("Corrected")
    REFUSED = "refused", _("Not corrected")
    TAKEN_BACK = "taken_back", _("Taken back")


DECIDERS = (Role.REGISTRAR, Role.PRINCIPAL, Role.CITY_OFFICER, Role.PROVINCE_OFFICER, Role.PLATFORM_OPERATOR)

CORRECTION = StateChart(
    name="data_correction",
    states=CorrectionState,
    initial=CorrectionState.ASKED,
    moves=[
        Move("accept", [CorrectionState.ASKED], CorrectionState.ACCEPTED, DECIDERS, _("Correct it")),
        Move("refuse", [CorrectionState.ASKED], CorrectionState.REFUSED, DECIDERS, _("Do not correct it")),
        Move("take_back", [CorrectionState.ASKED], CorrectionState.TAKEN_BACK, ("person",), _("Take back")),
    ],
)


class ClosingState(models.TextChoices):
    """Where the closing of an account stands."""

    ASKING = "asking", _("Institutions are being asked")
    BLOCKED = "blocked", _("Something is still open")
    READY = "ready", _("Can be closed")
    CLOSED = "closed", _("Account closed")
    TAKEN_BACK = "taken_back", _("Taken back")


CLOSING = StateChart(
    name="account_closing",
    states=ClosingState,
    initial=ClosingState.ASKING,
    moves=[
        Move("block", [ClosingState.ASKING], ClosingState.BLOCKED, ("system",), _("Something is open")),
        Move("clear", [ClosingState.ASKING], ClosingState.READY, ("system",), _("Nothing is open")),
        Move("ask_again", [ClosingState.BLOCKED, ClosingState.READY], ClosingState.ASKING, ("person",), _("Ask again")),
        Move("close", [ClosingState.READY], ClosingState.CLOSED, ("person",), _("Close the account for good")),
        Move(
            "take_back",
            [ClosingState.ASKING, ClosingState.BLOCKED, ClosingState.READY],
            ClosingState.TAKEN_BACK,
            ("person",),
            _("Keep the account"),
        ),
    ],
)


class BreachState(models.TextChoices):
    """Where an incident with personal data stands (PIPL 57)."""

    REPORTED = "reported", _("Reported")
    CLASSIFIED = "classified", _("Classified")
    CONTAINED = "contained", _("Contained")
    CLOSED = "closed", _("Closed")
    DISMISSED = "dismissed", _("No personal data concerned")


HANDLERS = (Role.PLATFORM_OPERATOR, Role.PROVINCE_OFFICER)

BREACH = StateChart(
    name="data_breach",
    states=BreachState,
    initial=BreachState.REPORTED,
    moves=[
        Move("classify", [BreachState.REPORTED], BreachState.CLASSIFIED, HANDLERS, _("Classify")),
        Move("dismiss", [BreachState.REPORTED], BreachState.DISMISSED, HANDLERS, _("No personal data concerned")),
        Move("contain", [BreachState.CLASSIFIED], BreachState.CONTAINED, HANDLERS, _("Contained, with measures")),
        Move("close", [BreachState.CONTAINED], BreachState.CLOSED, HANDLERS, _("Close, by a second person")),
    ],
)


class Severity(models.TextChoices):
    """How grave an incident is."""

    LOW = "low", _("Low: no harm to people is likely")
    HIGH = "high", _("High: people may be harmed")
    GRAVE = "grave", _("Grave: sensitive data or very many people")


class EntryKind(models.TextChoices):
    """Who was told of an incident, or what else its timeline notes."""

    AUTHORITY = "authority", _("Authority notified")
    PEOPLE = "people", _("People notified")
    MEASURE = "measure", _("Measure taken")
    FOUND = "found", _("Found out")


class AssessmentKind(models.TextChoices):
    """What was assessed before it began (PIPL 55)."""

    SENSITIVE = "sensitive", _("Sensitive data")
    ENTRUSTING = "entrusting", _("Entrusting, passing on")
    PUBLISHING = "publishing", _("Publication")
    AUTOMATED = "automated", _("Decisions by a machine")
    CROSS_BORDER = "cross_border", _("Sending abroad")


class Cause(models.TextChoices):
    """Why something was erased."""

    RETENTION = "retention", _("The time is over")
    WITHDRAWAL = "withdrawal", _("Consent taken back")
    CLOSING = "closing", _("Account closed")
