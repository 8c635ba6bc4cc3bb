"""Messages out, messages in, and the differences between both sides' lists."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from kernel import clock
from kernel.fields import BlindIndexField, EncryptedTextField, Model, Personal

from ..states import (
    ARRIVAL,
    DISCREPANCY,
    INBOUND_OPEN,
    MESSAGE,
    OPEN,
    SYSTEMS,
    Difference,
    DiscrepancyState,
    InboundState,
    MessageState,
)

PASSED_ON = Personal(
    "pass on what the scheme asks for, until it has arrived",
    "statutory duty of training and certification (PIPL 13.3)",
    "until the other side has answered",
    "all",
)


LEASE = timedelta(minutes=2)  # while one worker is at it, the periodic task does not queue it again


def _first_attempt_at() -> datetime:
    """Return when beat takes a new message up if no worker has."""
    return clock.real_now() + LEASE


class Message(Model):
    """One message to an outside system, asked for in the transaction of what it reports; sent until it is answered.

    `payload` is what was last sent, with personal values masked; `sealed` holds the whole only where nobody else keeps
    it, and only until the answer has come. Times named real are of the wall clock, never a demonstration's.
    """

    system = models.CharField(max_length=30)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=100, help_text="under which the other side keeps it apart")
    subject = models.UUIDField(null=True, help_text="what it speaks of, in the app that asked")
    scope = models.CharField(max_length=12, blank=True, help_text="authority whose officers may read it")
    title = models.CharField(max_length=160, help_text="for lists; names no person")
    payload = models.JSONField(default=dict)
    sealed = EncryptedTextField(null=True, personal=PASSED_ON)
    digest = BlindIndexField(null=True, help_text="keyed hash of what was last sent, whole")
    as_of = models.DateTimeField(help_text="when what it tells was so")
    made_at = models.DateTimeField()
    real_at = models.DateTimeField(default=clock.real_now, help_text="real time of the asking")
    attempts = models.PositiveIntegerField(default=0)
    faults = models.PositiveSmallIntegerField(default=0, help_text="in a row: the step of the retry schedule")
    polls = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(
        null=True, default=_first_attempt_at, help_text="real time of the next step; none when nothing is due"
    )
    fault = models.CharField(max_length=300, blank=True)
    receipt = models.CharField(max_length=100, blank=True)
    answer = models.JSONField(default=dict)
    state = models.CharField(max_length=14, choices=MessageState.choices, default=MessageState.QUEUED)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            MESSAGE.constraint("exchange_message_state"),
            models.UniqueConstraint(fields=["system", "kind", "key"], name="exchange_message_once"),
            models.CheckConstraint(condition=Q(system__in=list(SYSTEMS)), name="exchange_message_system"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, next_at__isnull=False) | (~Q(state__in=OPEN) & Q(next_at=None)),
                name="exchange_message_due",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="exchange_message_open", condition=Q(state__in=OPEN)),
            models.Index(fields=["system", "kind", "-id"], name="exchange_message_list"),
            models.Index(fields=["scope", "-id"], name="exchange_message_scope"),
            models.Index(fields=["subject"], name="exchange_message_subject"),
        ]
        ordering = ["-id"]

    badge = property(MESSAGE.badge)

    @property
    def answered_otherwise(self) -> bool:
        """Say whether the answer came without a sending: by a file, or entered by hand."""
        return self.state == MessageState.SETTLED and self.attempts == 0


class Arrival(Model):
    """One message from an outside system, stored before anything is done with it; processed once, in any order.

    `subject` is what it speaks about: of two messages about the same the newer (`as_of`, then `key`) counts, whichever
    comes first. `sealed` is the whole message until it is decided; `payload` what lists show.
    """

    system = models.CharField(max_length=30)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=100, help_text="the sender's own")
    subject = models.CharField(max_length=200)
    scope = models.CharField(max_length=12, blank=True)
    title = models.CharField(max_length=160)
    payload = models.JSONField(default=dict)
    sealed = EncryptedTextField(null=True, personal=PASSED_ON)
    digest = BlindIndexField()
    as_of = models.DateTimeField()
    received_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, help_text="real time at which to try again")
    answer = models.JSONField(default=dict, help_text='{"accepted", "code", "words": {language: …}, …}')
    state = models.CharField(max_length=10, choices=InboundState.choices, default=InboundState.RECEIVED)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            ARRIVAL.constraint("exchange_arrival_state"),
            models.UniqueConstraint(fields=["system", "kind", "key"], name="exchange_arrival_once"),
            models.CheckConstraint(
                condition=Q(state__in=INBOUND_OPEN, sealed__isnull=False)
                | (~Q(state__in=INBOUND_OPEN) & Q(sealed=None, next_at=None)),
                name="exchange_arrival_forgotten",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="exchange_arrival_open", condition=Q(state=InboundState.RECEIVED)),
            models.Index(fields=["system", "kind", "subject"], name="exchange_arrival_about"),
            models.Index(fields=["scope", "-id"], name="exchange_arrival_scope"),
        ]
        ordering = ["-id"]

    badge = property(ARRIVAL.badge)


class Discrepancy(Model):
    """One line on which the lists of both sides differ; it closes when they agree again or by a person."""

    system = models.CharField(max_length=30)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=100)
    difference = models.CharField(max_length=14, choices=Difference.choices)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="discrepancies")
    ours = models.JSONField(default=dict)
    theirs = models.JSONField(default=dict)
    detected_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DiscrepancyState.choices, default=DiscrepancyState.OPEN)
    state_since = models.DateTimeField()
    resolution = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            DISCREPANCY.constraint("exchange_discrepancy_state"),
            models.UniqueConstraint(
                fields=["system", "kind", "key", "difference"],
                condition=Q(state=DiscrepancyState.OPEN),
                name="exchange_discrepancy_once",
            ),
            models.CheckConstraint(
                condition=Q(state=DiscrepancyState.OPEN, resolution="")
                | (Q(state=DiscrepancyState.RESOLVED) & ~Q(resolution="")),
                name="exchange_discrepancy_resolved",
            ),
        ]
        ordering = ["-id"]

    badge = property(DISCREPANCY.badge)


class Reconciliation(Model):
    """One comparison of both lists of one kind: when, how many lines, how many differences."""

    system = models.CharField(max_length=30)
    kind = models.CharField(max_length=30)
    ran_at = models.DateTimeField(help_text="real time")
    compared = models.PositiveIntegerField(default=0)
    differences = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["system", "kind", "-ran_at"], name="exchange_reconciliation_last")]
        ordering = ["-id"]
