"""The state chart of an enrolment, from the application to completion."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.roles import Role
from kernel.states import Move, StateChart, Tone

DESK = (Role.REGISTRAR, Role.PRINCIPAL)


class Channel(models.TextChoices):
    """The channel of an application (policy part 1.1)."""

    ONLINE = "online", _("Online")
    COUNTER = "counter", _("At the counter")
    MINISTRY = "ministry", _("Through the ministry's system")
    CENTRE = "centre", _("Through the provincial training centre")


class EnrolmentState(models.TextChoices):
    """The state of an enrolment."""

    SUBMITTED = "submitted", _("Submitted")
    ELIGIBLE = "eligible", _("Eligible, no seat yet")
    REFUSED = "refused", _("Not eligible")
    ENROLLED = "enrolled", _("Seat reserved, not paid")
    CONFIRMED = "confirmed", _("Paid, in training")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", pgettext_lazy("enrolment", "Withdrawn")


ENROLMENT = StateChart(
    name="enrolment",
    states=EnrolmentState,
    initial=EnrolmentState.SUBMITTED,
    tones={
        EnrolmentState.ELIGIBLE: Tone.WARN,
        EnrolmentState.REFUSED: Tone.BAD,
        EnrolmentState.ENROLLED: Tone.WARN,
        EnrolmentState.CONFIRMED: Tone.GOOD,
        EnrolmentState.COMPLETED: Tone.GOOD,
    },
    moves=[
        Move(
            "find_eligible",
            [EnrolmentState.SUBMITTED],
            EnrolmentState.ELIGIBLE,
            ("system",),
            _("Meets the conditions by what was declared (compared by machine)"),
        ),
        Move(
            "refuse",
            [EnrolmentState.SUBMITTED],
            EnrolmentState.REFUSED,
            ("system",),
            _("Does not meet the conditions by what was declared (compared by machine)"),
        ),
        Move(
            "admit_by_decision",
            [EnrolmentState.REFUSED],
            EnrolmentState.ELIGIBLE,
            (Role.PRINCIPAL,),
            _("Admit by decision"),
        ),
        Move("enrol", [EnrolmentState.ELIGIBLE], EnrolmentState.ENROLLED, ("person", *DESK), _("Reserve the seat")),
        Move(
            "confirm", [EnrolmentState.ENROLLED], EnrolmentState.CONFIRMED, (Role.CASHIER, *DESK, "system"), _("Paid")
        ),
        Move("complete", [EnrolmentState.CONFIRMED], EnrolmentState.COMPLETED, ("person", "system"), _("Completed")),
        Move(
            "withdraw",
            [EnrolmentState.ELIGIBLE, EnrolmentState.ENROLLED, EnrolmentState.CONFIRMED],
            EnrolmentState.WITHDRAWN,
            ("person", *DESK, "system"),
            pgettext_lazy("enrolment", "Withdraw"),
        ),
    ],
)


class RosterState(models.TextChoices):
    """The state of a file of people to be enrolled."""

    PREVIEWED = "previewed", _("Looked through, nobody enrolled")
    TAKING = "taking", _("Being enrolled")
    TAKEN = "taken", _("Gone through")
    DROPPED = "dropped", pgettext_lazy("roster", "Dropped")


ROSTER = StateChart(
    name="roster",
    states=RosterState,
    initial=RosterState.PREVIEWED,
    tones={RosterState.TAKING: Tone.WARN, RosterState.TAKEN: Tone.GOOD},
    moves=[
        Move("take", [RosterState.PREVIEWED], RosterState.TAKING, DESK, _("Enrol the rows")),
        Move("stop", [RosterState.TAKING], RosterState.PREVIEWED, ("system",), _("Stopped")),
        Move("finish", [RosterState.TAKING], RosterState.TAKEN, ("system",), _("Gone through")),
        Move("drop", [RosterState.PREVIEWED], RosterState.DROPPED, (*DESK, "system"), pgettext_lazy("roster", "Drop")),
    ],
)


class Outcome(models.TextChoices):
    """What became of a row of a file."""

    ELIGIBLE = "eligible", _("Applied, meets the conditions")
    REFUSED = "refused", _("Applied, does not meet the conditions")
    SAME = "same", _("Had applied already, nothing changed")
    LEFT_OUT = "left_out", _("Left out, does not meet the conditions")
    FAULTY = "faulty", _("Not taken")


VERBS = {
    "enrolment.apply": _("Applied"),
    "enrolment.evidence-seen": _("Papers looked at"),
    "enrolment.correct-name": _("Name corrected after the register; under the old one remain"),
}
"""Labels of notes that are no moves of the chart."""

VOID = (EnrolmentState.REFUSED, EnrolmentState.WITHDRAWN)
SEATED = (EnrolmentState.ENROLLED, EnrolmentState.CONFIRMED, EnrolmentState.COMPLETED)
