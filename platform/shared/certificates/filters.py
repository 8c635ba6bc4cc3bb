"""Filters of the officer's and the staff's lists."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel import folding
from kernel.names import NameFilter, with_beginning
from shared.policy.values.pack import Pack

from .models import Certificate
from .states import CertificateState


class CertificateFilter(filters.FilterSet):
    """By number or name, position, state."""

    search = filters.CharFilter(label=_("Certificate number or name"), method="find", max_length=100)
    position = filters.ChoiceFilter(label=_("Position"), choices=())
    state = filters.ChoiceFilter(label=_("State"), choices=CertificateState.choices)

    class Meta:
        model = Certificate
        fields = ["search", "position", "state"]

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        """Offer the positions of the pack in force."""
        super().__init__(*args, **kwargs)
        self.filters["position"].extra["choices"] = [(p.key, p.label) for p in pack.certifiable]

    def find(self, rows: QuerySet[Certificate], name: str, text: str) -> QuerySet[Certificate]:
        """Keep what begins with this number or is held under this name."""
        return rows.filter(with_beginning("number", text) | Q(holder__folded_name=folding.name(text)))


class AuthorityFilter(CertificateFilter):
    """The same, by institution too."""

    institution = NameFilter(label=_("Training institution"), field_name="institution__name", max_length=100)

    class Meta(CertificateFilter.Meta):
        fields = ["search", "institution", "position", "state"]
