"""Filters of the list of enrolments."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.names import with_beginning, with_part
from tenants.courses.queries import catalogue

from .models import Enrolment
from .queries import enrolments as enrolment_queries
from .states import EnrolmentState


class EnrolmentFilter(django_filters.FilterSet):
    """By name or number, by state, by class, by papers that nobody has looked at."""

    q = django_filters.CharFilter(label=_("Name or number"), method="by_text", max_length=100)
    state = django_filters.ChoiceFilter(label=_("State"), choices=EnrolmentState.choices)
    training_class = django_filters.ChoiceFilter(label=_("Class"), choices=catalogue.class_choices)

    papers = django_filters.ChoiceFilter(
        label=_("Papers"), choices=[("due", _("not looked at yet"))], empty_label=_("Any"), method="by_papers"
    )

    class Meta:
        model = Enrolment
        fields = ("q", "state", "training_class", "papers")

    def by_papers(self, rows: "QuerySet[Enrolment]", name: str, value: Any) -> "QuerySet[Enrolment]":
        """Find those of whom a person must still look at the papers."""
        return rows.filter(pk__in=enrolment_queries.papers_waiting().values("pk"))

    def by_text(self, rows: "QuerySet[Enrolment]", name: str, value: Any) -> "QuerySet[Enrolment]":
        """Find a part of a name, or the beginning of a number."""
        return rows.filter(with_part("person_name", value) | with_beginning("number", value))
