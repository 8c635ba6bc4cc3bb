"""Enrolments as a list."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.columns import PersonColumn, ShortTimeColumn, StateColumn
from kernel.tables import NUMBER, RowsTable

from .models import Enrolment, Roster, RosterLine
from .queries import rosters as roster_queries


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


class RosterTable(tables.Table):
    """Files of people to be enrolled."""

    name = tables.Column(
        verbose_name=_("File"), linkify=("rosters:roster", {"roster_id": tables.A("pk")}), empty_values=()
    )
    training_class = tables.Column(verbose_name=_("Class"), accessor="training_class__name")
    people = tables.Column(verbose_name=_("People"), accessor="rows", attrs=NUMBER)
    done = tables.Column(verbose_name=_("Gone through"), attrs=NUMBER)
    uploaded_at = ShortTimeColumn(verbose_name=_("Came in on"))
    state = StateColumn()

    class Meta:
        model = Roster
        fields = ("name", "training_class", "people", "done", "uploaded_at", "state")
        orderable = False
        empty_text = _("No files yet.")

    def render_name(self, value: str) -> str:
        """Return the file's name, or that it was taken away."""
        return value or str(_("(file taken away)"))


class PreviewTable(RowsTable):
    """The rows of a file, each with what would become of it."""

    line = tables.Column(verbose_name=_("Row no."), accessor="row__line", attrs=NUMBER)
    name = tables.Column(verbose_name=_("Name"), accessor="row__values__name", default="—")
    label = tables.Column(verbose_name=_("What would happen"))
    why = tables.Column(verbose_name=_("Why"), default="—")


class RosterLineTable(tables.Table):
    """The rows of a file, each with what became of it."""

    line = tables.Column(verbose_name=_("Row no."), attrs=NUMBER)
    outcome = tables.Column(verbose_name=_("What became of it"))
    enrolment = tables.Column(
        verbose_name=_("Enrolment"),
        accessor="enrolment__number",
        linkify=lambda record: record.enrolment_id and reverse("rosters:enrolment", args=[record.enrolment_id]),
    )
    words = tables.Column(verbose_name=_("Why"), empty_values=())

    class Meta:
        model = RosterLine
        fields = ("line", "outcome", "enrolment", "words")
        orderable = False
        per_page = 50

    def render_words(self, record: RosterLine) -> str:
        """Return why, in the reader's language."""
        return roster_queries.why(record) or "—"
