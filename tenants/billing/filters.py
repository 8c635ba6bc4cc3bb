"""Filters of the list of orders."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.names import with_beginning, with_part

from .models import Order
from .states import OrderState


class OrderFilter(django_filters.FilterSet):
    """By name or number, by state."""

    q = django_filters.CharFilter(label=_("Name or number"), method="by_text", max_length=100)
    state = django_filters.ChoiceFilter(label=_("State"), choices=OrderState.choices)

    class Meta:
        model = Order
        fields = ("q", "state")

    def by_text(self, rows: "QuerySet[Order]", name: str, value: Any) -> "QuerySet[Order]":
        """Find a part of a name, or the beginning of a number."""
        names = with_part("payer", value) | with_part("enrolment__person_name", value)
        return rows.filter(names | with_beginning("number", value))
