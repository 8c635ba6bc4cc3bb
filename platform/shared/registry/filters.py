"""Filters of an office's commitments."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from kernel.names import NameFilter

from .models.commitments import Commitment
from .states import Kind, State


class CommitmentFilter(filters.FilterSet):
    """By the organisation's name and by state."""

    q = NameFilter(field_name="organisation__name", label=_("Name of the organisation"), max_length=100)
    state = filters.ChoiceFilter(choices=State.choices, label=_("State"), empty_label=_("All states"))

    kind = filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"), empty_label=_("New and existing"))

    class Meta:
        model = Commitment
        fields: list[str] = []
