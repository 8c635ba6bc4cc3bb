"""Tables that the gateway appends to. No triggers, no foreign-key checks: it has locked the attempt it writes for."""

from django.db import models

from kernel.fields import Personal, personal

from .attempts import Attempt
from .sittings import Sitting

ANSWERS = Personal(
    "mark the test", "statutory duty of testing (PIPL 13.3)", "life of the certificate and 3 years", "none"
)
ROOM = Personal(
    "say how a test was conducted", "statutory conduct of the test", "life of the certificate and 3 years", "none"
)


class AnswerLog(models.Model):
    """Every accepted change of an answer. The newest of a question counts; nothing is ever changed here."""

    pk = models.CompositePrimaryKey("attempt_id", "seq")
    attempt = models.ForeignKey(Attempt, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    seq = models.IntegerField()
    epoch = models.IntegerField()
    question = models.CharField(max_length=8, help_text="12, or 71.a for a part of a case")
    choice = personal(
        models.CharField(max_length=8, help_text="letters; empty when the answer was taken back"), ANSWERS
    )
    client_at = models.DateTimeField()
    server_at = models.DateTimeField()


class Presence(models.Model):
    """The last sign of life of a candidate's page."""

    attempt = models.OneToOneField(Attempt, on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True)
    pinged_at = models.DateTimeField()


class SittingHead(models.Model):
    """The number of a sitting's newest event; raised as the last statement before COMMIT, so numbers have no gaps."""

    sitting = models.OneToOneField(Sitting, on_delete=models.CASCADE, primary_key=True, related_name="head")
    n = models.BigIntegerField(default=0)


class SittingEvent(models.Model):
    """An event in a room, numbered without gaps: the truth that every push only hints at.

    `data` of saved answers: {"saved": {candidacy: [last seq, how many]}}, one event for a room and a commit.
    """

    pk = models.CompositePrimaryKey("sitting_id", "n")
    sitting = models.ForeignKey(Sitting, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    n = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    candidacy_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    data = personal(models.JSONField(default=dict), ROOM)
