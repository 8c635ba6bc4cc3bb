"""Tables of continuing education: hours as employers and the learning site record them."""

from django.db import models
from django.db.models import Q

from kernel.fields import Model, Personal, personal

BASIS = "statutory duty of continuing education (PIPL 13.3)"
LIFE = "life of the certificate and 3 years"


class HourFacts(models.Model):
    """What one source reported of one holder's hours.

    Step 1 is the employer's own training, step 2 the ministry's learning site (policy part 3).
    """

    version = models.PositiveIntegerField(default=1, help_text="1, 2, … of the same record")
    source = models.CharField(max_length=30, help_text="key of the system, ours for a file")
    number = models.CharField(max_length=60, help_text="the record's number there")
    certificate_number = models.CharField(max_length=32)
    holder = personal(models.CharField(max_length=60), Personal("count a holder's hours", BASIS, LIFE, "name"))
    employer_code = models.CharField(max_length=18, blank=True)
    employer_name = models.CharField(max_length=120, blank=True)
    step = models.PositiveSmallIntegerField()
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    began_on = models.DateField()
    ended_on = models.DateField()
    topic = models.CharField(max_length=200, blank=True)
    as_of = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True


class HourVersion(HourFacts, Model):
    """What a record said once, never changed: a trigger says when the next version came, and does that alone."""

    fact_id = models.UUIDField(help_text="the record's key here, whatever it says")
    superseded_at = models.DateTimeField(null=True, help_text="when the next version was recorded")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fact_id", "version"], name="education_hours_version"),
            models.UniqueConstraint(fields=["source", "number", "version"], name="education_hours_once"),
            models.CheckConstraint(condition=Q(step__in=[1, 2]), name="education_hours_step"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="education_hours_some"),
            models.CheckConstraint(condition=Q(ended_on__gte=models.F("began_on")), name="education_hours_order"),
        ]
        indexes = [
            models.Index(
                fields=["certificate_number", "step"], name="education_hours_of", condition=Q(superseded_at=None)
            )
        ]


class HourRecord(HourFacts):
    """Hours of continuing education of one holder, as the newest version has them: a row of a view.

    A record that comes again under the same number replaces the earlier one if it is newer.
    """

    id = models.UUIDField(primary_key=True, help_text="the record's key here, whatever it says")

    class Meta:
        managed = False
        ordering = ["-ended_on", "-id"]
