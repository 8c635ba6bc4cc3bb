"""Filters of the lists of messages."""

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .models.messages import Arrival, Message
from .queries import messages as exchange_message_queries
from .states import SYSTEMS, InboundState, MessageState

FOREIGN = [(s.key, s.name) for s in SYSTEMS.values() if not s.ours]


class MessageFilter(filters.FilterSet):
    """By system, state, trouble, key or title."""

    system = filters.ChoiceFilter(label=_("Outside system"), choices=FOREIGN)
    state = filters.ChoiceFilter(label=_("State"), choices=MessageState.choices)
    trouble = filters.ChoiceFilter(
        label=_("Trouble"),
        choices=[("any", _("With a fault")), ("person", _("Waits for a person"))],
        method="in_trouble",
    )
    search = filters.CharFilter(label=_("Number or title"), method="find", max_length=100)

    class Meta:
        model = Message
        fields = ["system", "state", "trouble", "search"]

    def in_trouble(self, rows: QuerySet[Message], name: str, value: str) -> QuerySet[Message]:
        """Keep what has a fault, or what a person must decide."""
        if value == "person":
            return rows.filter(pk__in=exchange_message_queries.overdue(real=clock.real_now()).values("pk"))
        return rows.exclude(fault="")

    def find(self, rows: QuerySet[Message], name: str, text: str) -> QuerySet[Message]:
        """Keep what has this in its number or title."""
        return rows.filter(Q(key__icontains=text.strip()) | Q(title__icontains=text.strip()))


class ArrivalFilter(filters.FilterSet):
    """By system, state, number."""

    system = filters.ChoiceFilter(label=_("Outside system"), choices=FOREIGN)
    state = filters.ChoiceFilter(label=_("State"), choices=InboundState.choices)
    key = filters.CharFilter(label=_("Number"), lookup_expr="icontains", max_length=100)

    class Meta:
        model = Arrival
        fields = ["system", "state", "key"]
