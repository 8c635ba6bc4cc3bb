"""Filters of the public list, for its page and the API alike."""

from datetime import datetime
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kernel.names import NameFilter
from shared.policy.queries import authorities
from shared.policy.queries import packs as pack_queries
from shared.policy.states import Level

from .models import Institution
from .states import Standing


class InstitutionFilter(filters.FilterSet):
    """By name, city, position, stars and whether it takes trainees now."""

    q = NameFilter(field_name="name", label=_("Name of the institution"), max_length=100)
    city = filters.ChoiceFilter(method="in_city", label=_("City"), empty_label=_("All cities"))
    position = filters.ChoiceFilter(method="trains_for", label=_("Position"), empty_label=_("All positions"))
    stars = filters.ChoiceFilter(
        field_name="stars",
        lookup_expr="gte",
        label=_("Stars"),
        empty_label=_("Any, rated or not"),
        choices=[(n, format_lazy(_("{n} stars or more"), n=n) if n > 1 else _("Rated")) for n in (1, 2, 3, 4, 5)],
    )
    enrolling = filters.ChoiceFilter(
        method="takes_trainees",
        label=_("Takes trainees now"),
        empty_label=_("Either"),
        choices=[("true", _("Yes")), ("false", _("No"))],
    )

    class Meta:
        model = Institution
        fields: list[str] = []

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        """Take the time whose policy names the positions."""
        super().__init__(*args, **kwargs)
        cities = authorities.authorities(Level.CITY, Level.NEW_AREA)
        self.filters["city"].extra["choices"] = [(c.code, c.label) for c in cities]
        self.filters["position"].extra["choices"] = [(p.key, p.label) for p in pack_queries.positions(at)]

    def in_city(self, rows: QuerySet[Institution], name: str, value: str) -> QuerySet[Institution]:
        """Keep those whose test site lies in a city or its counties."""
        places = [value, *(a.code for a in authorities.authorities(Level.COUNTY, parent=value))]
        return rows.filter(organisation__division_code__in=places)

    def trains_for(self, rows: QuerySet[Institution], name: str, value: str) -> QuerySet[Institution]:
        """Keep those that committed to a position."""
        return rows.filter(positions__contains=[value])

    def takes_trainees(self, rows: QuerySet[Institution], name: str, value: str) -> QuerySet[Institution]:
        """Keep those that may enrol now ("true"), or those that may not ("false")."""
        if value == "true":
            return rows.filter(organisation__state=Standing.LISTED)
        return rows.exclude(organisation__state=Standing.LISTED)
