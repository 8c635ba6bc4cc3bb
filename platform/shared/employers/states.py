"""The life of an employer's registration, and of a person whom it names as one of its people."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.roles import OFFICERS, Role
from kernel.states import Badge, Move, StateChart, Tone


class Way(models.TextChoices):
    """How an employer was proven; which ways are open says the pack."""

    LETTER = "letter", _("A stamped letter, at which the authority looked")
    VOUCHING = "vouching", _("An institution vouched")


class State(models.TextChoices):
    """Where a registration stands."""

    BEGUN = "begun", _("Telephone not proven")
    ASKED = "asked", _("Waiting to be proven")
    PROVED = "proved", _("Proven")
    REFUSED = "refused", _("Registration refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("registration", "Taken back")
    LAPSED = "lapsed", _("Waited too long")
    ENDED = "ended", _("Registration ended")


WAITING = (State.BEGUN, State.ASKED)
HOLDING = (State.ASKED, State.PROVED)
"""Only one registration of a credit code stands in these."""

REGISTRATION = StateChart(
    name="employer_registration",
    states=State,
    initial=State.BEGUN,
    tones={
        State.BEGUN: Tone.WARN,
        State.ASKED: Tone.NOTICE,
        State.PROVED: Tone.GOOD,
        State.REFUSED: Tone.BAD,
    },
    moves=[
        Move("ask", [State.BEGUN], State.ASKED, ("person",), _("Enter the code of the telephone")),
        Move("prove", [State.ASKED], State.PROVED, OFFICERS, _("Find the letter right")),
        Move("vouch", [State.ASKED], State.PROVED, (Role.REGISTRAR, Role.PRINCIPAL), _("Vouch for the employer")),
        Move("refuse", [State.ASKED], State.REFUSED, OFFICERS, _("Refuse the registration"), expected=False),
        Move("withdraw", WAITING, State.WITHDRAWN, ("person",), _("Take the registration back"), expected=False),
        Move("lapse", WAITING, State.LAPSED, ("system",), _("Nobody answered in time"), expected=False),
        Move(
            "end",
            [State.PROVED],
            State.ENDED,
            (*OFFICERS, Role.EMPLOYER_CLERK),
            _("End the registration"),
            expected=False,
        ),
    ],
)


class EmployeeState(models.TextChoices):
    """Where it stands between an employer and a person whom it named."""

    ASKED = "asked", _("Waiting for the person's consent")
    DECLINED = "declined", _("The person does not agree")
    AGREED = "agreed", _("The person agreed")
    WITHDRAWN = "withdrawn", pgettext_lazy("employee", "Taken off the list")
    LAPSED = "lapsed", _("No consent was given")
    ENDED = "ended", pgettext_lazy("employee", "Ended")


UNANSWERED = (EmployeeState.ASKED, EmployeeState.DECLINED)
"""Alike to the employer: a no would say that there is an account, as a yes does by the person's own will alone."""
LIVE = (*UNANSWERED, EmployeeState.AGREED)

EMPLOYEE = StateChart(
    name="employee",
    states=EmployeeState,
    initial=EmployeeState.ASKED,
    tones={EmployeeState.ASKED: Tone.NOTICE, EmployeeState.AGREED: Tone.GOOD},
    moves=[
        Move("agree", UNANSWERED, EmployeeState.AGREED, ("person",), _("Agree")),
        Move("decline", [EmployeeState.ASKED], EmployeeState.DECLINED, ("person",), _("Do not agree")),
        Move(
            "withdraw",
            UNANSWERED,
            EmployeeState.WITHDRAWN,
            (Role.EMPLOYER_CLERK, "system"),
            _("Take off the list"),
            expected=False,
        ),
        Move("lapse", UNANSWERED, EmployeeState.LAPSED, ("system",), _("Nobody answered in time"), expected=False),
        Move(
            "end",
            [EmployeeState.AGREED],
            EmployeeState.ENDED,
            ("person", Role.EMPLOYER_CLERK, "system"),
            _("End the employment here"),
            expected=False,
        ),
    ],
)


class Side(models.TextChoices):
    """Who ended what both had agreed to."""

    EMPLOYER = "employer", _("The employer")
    PERSON = "person", _("The person")


def shown_state(state: str) -> EmployeeState:
    """Return a state as the employer sees it: whether somebody declined is nobody's to know but theirs."""
    return EmployeeState.ASKED if state in UNANSWERED else EmployeeState(state)


def shown_badge(state: str) -> Badge:
    """Return the badge of a state as the employer sees it."""
    shown = shown_state(state)
    return Badge(shown.label, EMPLOYEE.tone(shown))
