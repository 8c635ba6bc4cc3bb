"""One candidate's test: the identity check, its clock, its score."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from kernel.fields import Model, Personal, personal

from ..states import ATTEMPT, AttemptState, Document, Ending, FinishedBy

NOT_STARTED = [AttemptState.PREPARED, AttemptState.CHECKED_IN, AttemptState.ABSENT]


CONDUCT = Personal(
    "say how a test was conducted", "statutory conduct of the test", "life of the certificate and 3 years", "none"
)
RESULT = Personal(
    "decide whether the test is passed",
    "statutory duty of testing (PIPL 13.3)",
    "life of the certificate and 3 years",
    "none",
)


CANDIDATE = {name: F(f"candidacy__{name}") for name in ("person_id", "enrolment_id", "name", "seat", "ticket_no")}
SITTING = {name: F(f"sitting__{name}") for name in ("position", "starts_at", "ends_at")} | {
    "sitting_number": F("sitting__number"),
    "sitting_state": F("sitting__state"),
    "sitting_state_since": F("sitting__state_since"),
    "sitting_policy": F("sitting__policy"),
}


class Attempt(Model):
    """A candidate's paper and its clock.

    The deadline is never stored: it is started_at + working_time + added_time + held_time (methods.deadline), by the
    server's clock.
    The lease: the newest page that was let in writes; `lease_epoch` fences off all earlier ones.
    """

    candidacy = models.OneToOneField("sittings.Candidacy", on_delete=models.PROTECT, related_name="attempt")
    sitting = models.ForeignKey("sittings.Sitting", on_delete=models.PROTECT, related_name="attempts")
    paper_id = models.UUIDField(unique=True, help_text="paper of shared.bank")
    questions = models.PositiveSmallIntegerField(help_text="how many questions can be answered")
    state = models.CharField(max_length=20, choices=AttemptState.choices, default=AttemptState.PREPARED)
    state_since = models.DateTimeField()
    lease_epoch = models.PositiveIntegerField(default=0)
    lease_holder = models.CharField(max_length=64, blank=True, help_text="digest of the session that holds it")
    lease_wanted = models.CharField(max_length=64, blank=True, help_text="digest of a session that asks for it")
    started_at = models.DateTimeField(null=True)
    working_time = models.DurationField(help_text="the policy's minutes")
    added_time = models.DurationField(default=timedelta, help_text="sum of the time granted")
    held_time = models.DurationField(default=timedelta, help_text="sum of the holds that have ended")
    held_since = models.DateTimeField(null=True)
    ending = models.CharField(
        max_length=5, choices=Ending.choices, blank=True, db_default="", help_text="what the chief has ordered"
    )
    ending_at = models.DateTimeField(null=True, help_text="when it is done, unless the chief takes it back before")
    notice = models.CharField(max_length=200, blank=True, help_text="what the candidate is told now")
    finished_at = models.DateTimeField(null=True)
    finished_by = models.CharField(max_length=10, choices=FinishedBy.choices, blank=True)
    last_seq = models.PositiveIntegerField(null=True, help_text="last answer that counted, fixed when it ended")

    person_id: uuid.UUID
    enrolment_id: uuid.UUID
    name: str
    seat: int | None
    ticket_no: str
    """These come with the queries that ask for CANDIDATE: columns of the candidacy, not its row."""
    sitting_number: str
    sitting_state: str
    sitting_state_since: datetime
    sitting_policy: str
    position: str
    starts_at: datetime
    ends_at: datetime
    """These come with the queries that ask for SITTING: columns of the sitting, not its row."""

    class Meta:
        constraints = [
            ATTEMPT.constraint("attempts_attempt_state"),
            models.CheckConstraint(
                condition=Q(state=AttemptState.ON_HOLD, held_since__isnull=False)
                | (~Q(state=AttemptState.ON_HOLD) & Q(held_since=None)),
                name="attempts_attempt_hold",
            ),
            models.CheckConstraint(
                condition=Q(ending="", ending_at=None)
                | Q(state=AttemptState.ON_HOLD, ending__in=Ending.values, ending_at__isnull=False)
                | Q(state=AttemptState.SCORED, ending=Ending.ANNUL, ending_at__isnull=False),
                name="attempts_attempt_ending",
            ),
            models.CheckConstraint(
                condition=Q(state__in=NOT_STARTED, started_at=None)
                | (~Q(state__in=NOT_STARTED) & Q(started_at__isnull=False)),
                name="attempts_attempt_started",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None, finished_by="", last_seq=None)
                | (Q(finished_at__isnull=False, last_seq__isnull=False) & ~Q(finished_by="")),
                name="attempts_attempt_finished",
            ),
        ]


class IdCheck(Model):
    """A proctor compared a candidate with a document before the test; one that was a mistake is undone, not removed."""

    candidacy = models.ForeignKey("sittings.Candidacy", on_delete=models.PROTECT, related_name="id_checks")
    document = models.CharField(max_length=20, choices=Document.choices)
    checked_at = models.DateTimeField()
    checked_by = models.UUIDField()
    checked_by_name = personal(models.CharField(max_length=60), CONDUCT)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidacy"], condition=Q(undone_at=None), name="attempts_idcheck_once"),
            models.CheckConstraint(condition=Q(document__in=Document.values), name="attempts_idcheck_document"),
        ]


class TimeGrant(Model):
    """Time added to one attempt, with the reason."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="grants")
    duration = models.DurationField()
    why = personal(models.CharField(max_length=200), CONDUCT)
    granted_at = models.DateTimeField()
    granted_by = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(duration__gt=timedelta(0)), name="attempts_grant_positive")]


class Score(Model):
    """The score of an attempt. A later reckoning is a new run; none is changed."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="scores")
    run = models.PositiveSmallIntegerField(default=1)
    points = personal(models.DecimalField(max_digits=5, decimal_places=1), RESULT)
    full_mark = models.PositiveSmallIntegerField()
    pass_mark = models.PositiveSmallIntegerField()
    passed = personal(models.BooleanField(), RESULT)
    sections = personal(models.JSONField(help_text="list of kind, points, out_of, right, questions"), RESULT)
    policy = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "run"], name="attempts_score_run"),
            models.CheckConstraint(
                condition=Q(passed=True, points__gte=models.F("pass_mark"))
                | Q(passed=False, points__lt=models.F("pass_mark")),
                name="attempts_score_passed",
            ),
        ]


class Impediment(Model):
    """An incident that stands against confirming a sitting's results until it is lifted."""

    sitting = models.ForeignKey("sittings.Sitting", on_delete=models.PROTECT, related_name="impediments")
    incident_id = models.UUIDField(unique=True)
    noted_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
