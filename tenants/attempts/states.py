"""The state chart of an attempt, and its choices."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.states import Move, StateChart
from tenants.sittings.states import CHIEF, DESK, WATCH


class AttemptState(models.TextChoices):
    """The state of an attempt."""

    PREPARED = "prepared", _("Not here yet")
    CHECKED_IN = "checked_in", _("Checked in")
    STARTED = "started", _("Writing")
    ON_HOLD = "on_hold", _("On hold")
    FINISHED = "finished", _("Handed in")
    SCORED = "scored", _("Scored, not confirmed")
    CONFIRMED = "confirmed", _("Result confirmed")
    ANNULLED = "annulled", _("Annulled")
    ABSENT = "absent", _("Absent")


EXPECTED = (AttemptState.PREPARED, AttemptState.CHECKED_IN)


WRITING = (AttemptState.STARTED, AttemptState.ON_HOLD)


RESULT = (AttemptState.SCORED, AttemptState.CONFIRMED)


ATTEMPT = StateChart(
    name="attempt",
    states=AttemptState,
    initial=AttemptState.PREPARED,
    moves=[
        Move("check_in", [AttemptState.PREPARED], AttemptState.CHECKED_IN, WATCH, _("Check in")),
        Move("undo_check_in", [AttemptState.CHECKED_IN], AttemptState.PREPARED, WATCH, _("Undo the check-in")),
        Move("start", [AttemptState.CHECKED_IN], AttemptState.STARTED, ("person",), _("Start")),
        Move("hold", [AttemptState.STARTED], AttemptState.ON_HOLD, WATCH, _("Hold")),
        Move("resume", [AttemptState.ON_HOLD], AttemptState.STARTED, WATCH, _("Resume")),
        Move("finish", [AttemptState.STARTED], AttemptState.FINISHED, ("person", "system"), _("Hand in")),
        Move("end", [AttemptState.STARTED, AttemptState.ON_HOLD], AttemptState.FINISHED, (CHIEF, "system"), _("End")),
        Move("score", [AttemptState.FINISHED], AttemptState.SCORED, ("system",), _("Score")),
        Move("confirm", [AttemptState.SCORED], AttemptState.CONFIRMED, DESK, _("Confirm the result")),
        Move(
            "annul",
            [AttemptState.STARTED, AttemptState.ON_HOLD, AttemptState.SCORED],
            AttemptState.ANNULLED,
            (CHIEF, "system"),
            _("Annul"),
        ),
        Move("miss", [*EXPECTED], AttemptState.ABSENT, (CHIEF, "system"), _("Absent"), expected=False),
        Move("expect", [AttemptState.ABSENT], AttemptState.PREPARED, (CHIEF,), _("Expect again"), expected=False),
        Move("readmit", [AttemptState.ABSENT], AttemptState.CHECKED_IN, (CHIEF,), _("Admit again"), expected=False),
    ],
)


class Ending(models.TextChoices):
    """What the chief has ordered for a test that is on hold until then, or was scored, and can take back."""

    END = "end", _("Is being ended")
    ANNUL = "annul", _("Is being annulled")


class FinishedBy(models.TextChoices):
    """The cause of an attempt's end."""

    CANDIDATE = "candidate", _("Handed in by the candidate")
    TIME = "time", _("Time was up")
    PROCTOR = "proctor", _("Ended by the chief proctor")


class Document(models.TextChoices):
    """The document that proved a candidate's identity."""

    RESIDENT_ID = "resident_id", _("Resident identity card")
    TEMPORARY_ID = "temporary_id", _("Temporary identity card")
    PASSPORT = "passport", _("Passport")
    TRAVEL_PERMIT = "travel_permit", _("Travel permit")
    OTHER = "other", _("Other document with a photo")
