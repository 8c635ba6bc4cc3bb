"""Filters of the search of classes, for its page and the API alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kernel.money import Money, NotAnAmount
from kernel.web.forms import DayField
from shared.policy.queries import authorities
from shared.policy.states import Level
from shared.policy.values.pack import Pack

from .models import FiledClass
from .queries import classes as class_queries

ORDERS = {
    "price": lambda: F("total").asc(nulls_last=True),
    "stars": lambda: F("institution__stars").desc(nulls_last=True),
    "places": lambda: class_queries.free_column().desc(nulls_last=True),
}


class YuanField(forms.CharField):
    """An amount in yuan."""

    def clean(self, value: Any) -> Money | None:
        """Return the amount, None where nothing was entered; refuses what is none."""
        text = super().clean(value)
        try:
            return Money.from_yuan(text) if text else None
        except NotAnAmount as refusal:
            raise ValidationError(str(refusal)) from None


class PriceFilter(filters.Filter):
    """A filter by an amount in yuan."""

    field_class = YuanField


class DayFilter(filters.Filter):
    """A filter by a day."""

    field_class = DayField


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What would be found without one of the filters that are set."""

    label: str | Promise
    query: str
    number: int


class ClassFilter(filters.FilterSet):
    """By position, city, highest price, stars, first day and free places; in which order."""

    position = filters.ChoiceFilter(label=_("Position"), empty_label=_("All positions"))
    city = filters.ChoiceFilter(method="in_city", label=_("City"), empty_label=_("All cities"))
    price = PriceFilter(method="at_most", label=_("Price at most, yuan"), max_length=12)
    stars = filters.ChoiceFilter(
        field_name="institution__stars",
        lookup_expr="gte",
        label=_("Stars"),
        empty_label=_("Any, rated or not"),
        choices=[(n, format_lazy(_("{n} stars or more"), n=n) if n > 1 else _("Rated")) for n in (1, 2, 3, 4, 5)],
    )
    starts = DayFilter(
        field_name="starts_on",
        lookup_expr="gte",
        label=_("Starts on or after"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    places = filters.ChoiceFilter(
        method="with_places", label=_("Places"), empty_label=_("Free or not"), choices=[("free", _("With free places"))]
    )
    order = filters.ChoiceFilter(
        method="in_order",
        label=_("Sorted by"),
        empty_label=_("Next start first"),
        choices=[
            ("price", _("Lowest price first")),
            ("stars", _("Most stars first")),
            ("places", _("Most free places first")),
        ],
    )

    class Meta:
        model = FiledClass
        fields: list[str] = []

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        """Take the policy that names the positions, and says which prices count."""
        super().__init__(*args, **kwargs)
        self.pack = pack
        cities = authorities.authorities(Level.CITY, Level.NEW_AREA)
        self.filters["city"].extra["choices"] = [(c.code, c.label) for c in cities]
        self.filters["position"].extra["choices"] = [(p.key, p.label) for p in pack.certifiable]

    def in_city(self, rows: QuerySet[FiledClass], name: str, value: str) -> QuerySet[FiledClass]:
        """Keep those that are taught in a city or its counties."""
        return rows.filter(division_code__in=class_queries.divisions_of(value))

    def at_most(self, rows: QuerySet[FiledClass], name: str, value: Money) -> QuerySet[FiledClass]:
        """Keep those that cost no more altogether; one without a price is left out."""
        return rows.alias(total=class_queries.total_column(self.pack)).filter(total__lte=value)

    def with_places(self, rows: QuerySet[FiledClass], name: str, value: str) -> QuerySet[FiledClass]:
        """Keep those with a free place."""
        return rows.alias(places=class_queries.free_column()).filter(places__gt=0)

    def in_order(self, rows: QuerySet[FiledClass], name: str, value: str) -> QuerySet[FiledClass]:
        """Put them in an order; those that are alike stand by their start."""
        sorted_rows = rows.alias(total=class_queries.total_column(self.pack)) if value == "price" else rows
        return sorted_rows.order_by(ORDERS[value](), "starts_on", "id")

    def relaxations(self) -> Iterator[Relaxation]:
        """Yield, of the filters that are set, those without which something is found, and how much."""
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")}
        chosen.pop("order", None)
        for name in chosen:
            rows = self.queryset.all()
            for other, value in chosen.items():
                rows = self.filters[other].filter(rows, value) if other != name else rows
            if number := rows.count():
                yield Relaxation(self.filters[name].label, self._query_without(name), number)

    def _query_without(self, name: str) -> str:
        left = self.data.copy()
        for key in (name, "page"):
            left.pop(key, None)
        return f"?{left.urlencode()}"
