"""Findings on site, line by line, and the opinion that the authority signed."""

from django.db import models
from django.db.models import Q

from kernel.clock import legal_day
from kernel.fields import Model, personal

from ..states import Opinion
from .commitments import Commitment
from .officers import OFFICER


class Check(Model):
    """What was found for one line of a submitted version; kept from the first visit on, fixed by the signature."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="checks")
    version = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    finding = models.CharField(max_length=5, choices=Opinion.choices, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    picture = models.ForeignKey("records.File", on_delete=models.PROTECT, null=True, related_name="+")
    checked_by = models.UUIDField()
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "version", "key"], name="registry_check_once"),
            models.CheckConstraint(condition=Q(finding__in=["", *Opinion.values]), name="registry_check_finding"),
        ]


class Verification(Model):
    """The signed opinion on one version: exactly one, by an officer of the authority."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="verifications")
    version = models.PositiveSmallIntegerField()
    opinion = models.CharField(max_length=5, choices=Opinion.choices)
    remark = models.TextField(max_length=4000, blank=True)
    visited_on = models.DateField()
    authority_code = models.CharField(max_length=10)
    signed_by = models.UUIDField()
    signed_name = personal(models.CharField(max_length=80), OFFICER)
    signed_at = models.DateTimeField()
    due_on = models.DateField(help_text="when it was due, so that what was late stays visible")
    policy = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "version"], name="registry_verification_once"),
            models.CheckConstraint(condition=Q(opinion__in=Opinion.values), name="registry_verification_opinion"),
            models.CheckConstraint(
                condition=Q(opinion=Opinion.TRUE) | ~Q(remark=""), name="registry_verification_reason"
            ),
            models.CheckConstraint(condition=Q(version__gt=0), name="registry_verification_version"),
        ]
        ordering = ["version"]

    @property
    def late(self) -> bool:
        """Say whether it was signed after the day on which it was due."""
        return legal_day(self.signed_at) > self.due_on

    @property
    def tone(self) -> str:
        """Return the tone of the opinion's badge."""
        return "good" if self.opinion == Opinion.TRUE else "bad"
