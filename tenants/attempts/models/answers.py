"""Answers as the live gateway writes them, and signs of life."""

from django.db import models

from kernel.fields import Personal, personal

from .attempts import Attempt

ANSWERS = Personal(
    "mark the test", "statutory duty of testing (PIPL 13.3)", "life of the certificate and 3 years", "none"
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
