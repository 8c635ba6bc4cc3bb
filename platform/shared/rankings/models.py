"""Ratings and their monthly counts, the authorities' scores, the yearly runs with their frozen inputs and results."""

from django.db import models
from django.db.models import F, Q

from kernel.fields import BlindIndexField, Model, Personal, personal
from kernel.pinyin import PinyinKey

from .states import STAR_RUN, RunState

STATES_WITH_PUBLISHER = [RunState.PUBLISHED, RunState.SUPERSEDED]
A_MONTH = Q(month__gte=1, month__lte=12)


class Rating(Model):
    """What one trainee answered, once per enrolment. Who it was is not kept: the key can be computed, not read back.

    No note is written for it in the audit, and only the day is kept: either would tell who said what.
    """

    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    rater_key = BlindIndexField(unique=True)
    answers = personal(
        models.JSONField(help_text="item of the pack -> 1 to 5"),
        Personal("rank the institutions", "statutory rating (policy part 3)", "as the yearly run", "none"),
    )
    given_on = models.DateField(help_text="legal day")
    year = models.PositiveSmallIntegerField()
    policy = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["year", "institution"], name="rankings_rating_year")]


class EligibleTrainees(Model):
    """Trainees who finished a test on a day and could have rated. Never changed."""

    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    counted_on = models.DateField(help_text="legal day")
    trainees = models.PositiveIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(trainees__gt=0), name="rankings_eligible_some")]


class RatingMonth(Model):
    """How often which answer was given to an institution in a month, and how many could have given one: a rollup of the
    ratings and of EligibleTrainees, written by one function of the database and by nobody else."""

    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    eligible = models.PositiveIntegerField(default=0, help_text="trainees who finished a test and could have rated")
    n = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="item -> answer -> how often it was given")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "year", "month"], name="rankings_month_once"),
            models.CheckConstraint(condition=A_MONTH, name="rankings_month"),
        ]


class AuthorityScore(Model):
    """What the authority gives an institution for a year, item by item, with its reasons."""

    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    authority_code = models.CharField(max_length=10)
    scores = models.JSONField(help_text="item of the pack -> 0 to 100")
    reasons = models.JSONField(help_text="item of the pack -> why so many points")
    entered_by = models.UUIDField()
    entered_at = models.DateTimeField()
    policy = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["institution", "year"], name="rankings_score_once")]


class StarRun(Model):
    """One computation of a year's stars, with everything it was made from frozen beside it.

    A later correction is a run of its own with the next revision; both stay. Nothing but its state changes (a trigger).
    """

    year = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField()
    policy = models.CharField(max_length=60)
    method = models.JSONField(help_text="shares, weights, points, cuts as the pack had them")
    inputs = models.JSONField(help_text="counts of answers and the authority's scores, per institution")
    input_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    reason = models.CharField(max_length=500, blank=True, help_text="why a published run is corrected")
    prepared_by = models.UUIDField()
    prepared_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, choices=RunState.choices, default=RunState.DRAFT)
    state_since = models.DateTimeField()

    class Meta:
        constraints = [
            STAR_RUN.constraint("rankings_run_state"),
            models.UniqueConstraint(fields=["year", "revision"], name="rankings_run_revision"),
            models.UniqueConstraint(fields=["year"], condition=Q(state=RunState.DRAFT), name="rankings_one_draft"),
            models.UniqueConstraint(
                fields=["year"], condition=Q(state=RunState.PUBLISHED), name="rankings_one_published"
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(published_by=F("prepared_by")),
                    state__in=STATES_WITH_PUBLISHER,
                    published_by__isnull=False,
                    published_at__isnull=False,
                )
                | Q(~Q(state__in=STATES_WITH_PUBLISHER), published_by=None, published_at=None),
                name="rankings_four_eyes",
            ),
            models.CheckConstraint(condition=Q(corrects=None) | ~Q(reason=""), name="rankings_run_reason"),
        ]
        ordering = ["-year", "-revision"]

    badge = property(STAR_RUN.badge)
    may_be_published = STAR_RUN.allows("publish")


class StarResult(Model):
    """One institution in a run. `stars` is empty where too few rated it: not rated is not one star."""

    run = models.ForeignKey(StarRun, on_delete=models.PROTECT, related_name="results")
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, help_text="as it was called then")
    name_key = models.GeneratedField(expression=PinyinKey("name"), output_field=models.BinaryField(), db_persist=True)
    n = models.PositiveIntegerField()
    eligible = models.PositiveIntegerField(null=True, help_text="how many could have rated; empty where nobody counted")
    learner = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    authority = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    total = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    stars = models.PositiveSmallIntegerField(null=True)
    place = models.PositiveIntegerField(null=True, help_text="place in the table; equal totals share it")
    spread = models.JSONField(help_text="how many ratings came to 1, 2, … on the whole")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "institution"], name="rankings_result_once"),
            models.CheckConstraint(
                condition=Q(stars=None, total=None, place=None)
                | Q(stars__range=(1, 5), total__range=(0, 100), place__gte=1),
                name="rankings_result_whole",
            ),
        ]
        indexes = [models.Index(fields=["institution", "run"], name="rankings_result_of")]
        ordering = [F("place").asc(nulls_last=True), "name_key", "id"]
