"""Filters of the list of enrolments."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.names import with_beginning, with_part
from tenants.courses.queries import catalogue

from .models import Enrolment
from .states import EnrolmentState


class EnrolmentFilter(django_filters.FilterSet):
    """By name or number, by state, by class."""

    q = django_filters.CharFilter(label=_("Name or number"), method="by_text", max_length=100)
    state = django_filters.ChoiceFilter(label=_("State"), choices=EnrolmentState.choices)
    training_class = django_filters.ChoiceFilter(label=_("Class"), choices=catalogue.class_choices)

    class Meta:
        model = Enrolment
        fields = ("q", "state", "training_class")

    def by_text(self, rows: "QuerySet[Enrolment]", name: str, value: Any) -> "QuerySet[Enrolment]":
        """Find a part of a name, or the beginning of a number."""
        return rows.filter(with_part("person_name", value) | with_beginning("number", value))
