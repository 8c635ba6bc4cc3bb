"""Enrolments: one row from the application on, with what was declared and what was decided on it; files of many."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from kernel.fields import Model, Personal, personal

from .states import ENROLMENT, ROSTER, VOID, Channel, EnrolmentState, Outcome, RosterState

BASIS = "statutory conditions of enrolment (PIPL 13.3)"
LIFE = "life of the certificate and 3 years"


class Enrolment(Model):
    """A person's application for a class and all that follows from it.

    `reasons` are the refusal as it was worded, in every language of the platform, each with where the rule stands:
    [{"code", "rule", "words": {"zh-hans": …, "en": …}, "source": {"zh-hans": …, "en": …}, "from_policy"}].
    """

    number = models.CharField(max_length=20, unique=True, help_text="what people quote at the counter")
    training_class = models.ForeignKey("courses.TrainingClass", on_delete=models.PROTECT, related_name="+")
    position = models.CharField(max_length=40)
    person_id = models.UUIDField()
    person_name = personal(
        models.CharField(max_length=60), Personal("know who is enrolled", "performance of the contract", LIFE, "name")
    )
    person_masked = personal(
        models.CharField(max_length=20), Personal("tell people of the same name apart", BASIS, LIFE, "none")
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    education = personal(models.CharField(max_length=40), Personal("conditions of enrolment", BASIS, LIFE, "none"))
    major = personal(models.CharField(max_length=40), Personal("conditions of enrolment", BASIS, LIFE, "none"))
    practice_years = personal(
        models.PositiveSmallIntegerField(), Personal("conditions of enrolment", BASIS, LIFE, "none")
    )
    evidence = models.UUIDField(null=True, help_text="file of records that proves what was declared")
    papers_seen_at = models.DateTimeField(null=True, help_text="when a person of the institution first looked at them")
    papers_seen_by = models.UUIDField(null=True)
    reasons: "models.JSONField[Any, Any]" = personal(
        models.JSONField(default=list), Personal("tell why the conditions are not met", BASIS, LIFE, "none")
    )
    rule = models.CharField(max_length=80, blank=True, help_text="row of the matrix by which the person is eligible")
    policy = models.CharField(max_length=60, help_text="version of the pack it was decided under")
    applied_at = models.DateTimeField()
    applied_by = models.UUIDField(help_text="account")
    state = models.CharField(max_length=10, choices=EnrolmentState.choices, default=EnrolmentState.SUBMITTED)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            ENROLMENT.constraint("rosters_enrolment_state"),
            models.UniqueConstraint(
                fields=["training_class", "person_id"], condition=~Q(state__in=VOID), name="rosters_enrolment_once"
            ),
            models.CheckConstraint(condition=Q(practice_years__lte=80), name="rosters_enrolment_years"),
            models.CheckConstraint(
                condition=Q(papers_seen_at=None, papers_seen_by=None)
                | Q(papers_seen_at__isnull=False, papers_seen_by__isnull=False),
                name="rosters_enrolment_papers",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id"], name="rosters_enrolment_person"),
            models.Index(fields=["state", "applied_at"], name="rosters_enrolment_state_at"),
            models.Index(fields=["applied_at"], name="rosters_enrolment_at"),
        ]
        ordering = ["-applied_at", "-id"]

    badge = property(ENROLMENT.badge)

    def __str__(self) -> str:
        """Return its number."""
        return self.number

    @property
    def papers_due(self) -> bool:
        """Say whether a person must still look at the papers: what a row of the matrix rests on was only declared.

        Who was admitted by decision was judged on papers by a person; no row of the matrix stands there then.
        """
        return self.rule != "" and self.papers_seen_at is None


class Roster(Model):
    """A file of people to be enrolled in a class: looked through first, enrolled by a second step, some at a time.

    `done` rows of the file have been gone through; each has a line that says what became of it.
    """

    training_class = models.ForeignKey("courses.TrainingClass", on_delete=models.PROTECT, related_name="+")
    file_id = models.UUIDField(null=True, help_text="file of records; none once it was taken away")
    name = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    faulty = models.PositiveIntegerField(help_text="rows that cannot be right, when the file came")
    done = models.PositiveIntegerField(default=0)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.UUIDField()
    taken_by = models.UUIDField(null=True, help_text="account that said that the rows are to be enrolled")
    leaves_refused_out = models.BooleanField(default=True, help_text="who does not meet the conditions is left out")
    state = models.CharField(max_length=10, choices=RosterState.choices, default=RosterState.PREVIEWED)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            ROSTER.constraint("rosters_roster_state"),
            models.CheckConstraint(condition=Q(done__lte=F("rows")), name="rosters_roster_done"),
            models.CheckConstraint(
                condition=~Q(state=RosterState.TAKING) | Q(taken_by__isnull=False), name="rosters_roster_taken_by"
            ),
        ]
        ordering = ["-id"]

    badge = property(ROSTER.badge)

    def __str__(self) -> str:
        """Return the file's name."""
        return self.name


class RosterLine(Model):
    """What became of one row of a file, never changed. `words` say why, in every language of the platform."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roster", "line"], name="rosters_line_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="rosters_line_outcome"),
        ]
        ordering = ["line"]
