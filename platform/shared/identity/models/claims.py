"""Claims: what a person may have only once in the province, held by the database."""

from django.db import models
from django.db.models import Q

from kernel.fields import Model


class ActiveEnrolment(Model):
    """A person's one enrolment for a position, wherever it is; released when it is completed or withdrawn."""

    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="+")
    position = models.CharField(max_length=40)
    institution_id = models.UUIDField()
    enrolment_id = models.UUIDField()
    claimed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "position"], condition=Q(released_at=None), name="identity_one_enrolment"
            ),
        ]
        indexes = [models.Index(fields=["enrolment_id"], name="identity_enrolment_of")]


class LearningLease(models.Model):
    """Where a person is studying now: whoever holds the token is credited with time, nobody else."""

    person = models.OneToOneField("identity.Person", on_delete=models.PROTECT, primary_key=True, related_name="+")
    institution_id = models.UUIDField()
    token = models.CharField(max_length=64)
    taken_at = models.DateTimeField()


class SeatLease(models.Model):
    """In which test a person sits now: one at a time, in one place."""

    person = models.OneToOneField("identity.Person", on_delete=models.PROTECT, primary_key=True, related_name="+")
    institution_id = models.UUIDField()
    attempt_id = models.UUIDField()
    taken_at = models.DateTimeField()
