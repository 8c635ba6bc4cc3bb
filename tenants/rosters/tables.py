"""Enrolments as a list."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from kernel.columns import PersonColumn, ShortTimeColumn, StateColumn

from .models import Enrolment


class EnrolmentTable(tables.Table):
    """The enrolments of an institution."""

    number = tables.Column(verbose_name=_("Number"), linkify=("rosters:enrolment", {"enrolment_id": tables.A("pk")}))
    person_name = PersonColumn(verbose_name=_("Name"), accessor="person_name")
    person_masked = tables.Column(verbose_name=_("Document"), orderable=False)
    training_class = tables.Column(verbose_name=_("Class"), accessor="class_name")
    channel = tables.Column(verbose_name=_("Came in"))
    applied_at = ShortTimeColumn(verbose_name=_("Applied on"))
    state = StateColumn()

    class Meta:
        model = Enrolment
        fields = ("number", "person_name", "person_masked", "training_class", "channel", "applied_at", "state")
        empty_text = _("No enrolments match.")
