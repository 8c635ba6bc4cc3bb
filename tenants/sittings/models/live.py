"""Tables that the gateway appends to. No triggers, no foreign-key checks: it has locked the attempt it writes for."""

from django.db import models

from kernel.fields import Personal, personal

from .sittings import Sitting

ROOM = Personal(
    "say how a test was conducted", "statutory conduct of the test", "life of the certificate and 3 years", "none"
)


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
