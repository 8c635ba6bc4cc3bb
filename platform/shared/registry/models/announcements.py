"""Institutions as the existing publicity platform announced them."""

from django.db import models
from django.db.models import Q

from kernel.fields import Model
from kernel.pinyin import PinyinKey


class Announcement(Model):
    """An institution as the existing publicity platform announces it, with the opinion signed there."""

    credit_code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120)
    name_key = models.GeneratedField(expression=PinyinKey("name"), output_field=models.BinaryField(), db_persist=True)
    category = models.CharField(max_length=40)
    division_code = models.CharField(max_length=6)
    address = models.CharField(max_length=200, blank=True)
    positions = models.JSONField(default=list)
    opinion = models.CharField(max_length=5, help_text="true or false, as shared.registry.states.Opinion")
    signed_on = models.DateField()
    notice_from = models.DateField(null=True)
    notice_to = models.DateField(null=True)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(opinion__in=["true", "false"]), name="registry_opinion")]
        ordering = ["name_key", "id"]
