"""Classes, participants and corrections as lists."""

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.columns import PersonColumn, ShortDayColumn, StateColumn
from kernel.dates import day_in_words
from kernel.tables import NUMBER, DayColumn, RowsTable

from .models import Participant, TrainingClass


class ClassTable(tables.Table):
    """The classes of an institution."""

    name = tables.Column(verbose_name=_("Class"), linkify=("courses:class", {"class_id": tables.A("pk")}))
    programme = tables.Column(verbose_name=_("Programme"), accessor="programme__title")
    starts_on = ShortDayColumn(verbose_name=_("First day"))
    ends_on = ShortDayColumn(verbose_name=_("Last day"))
    seats = tables.Column(verbose_name=_("Seats"), empty_values=(), orderable=False, attrs=NUMBER)
    teacher_name = PersonColumn(verbose_name=_("Teacher"), accessor="teacher_name")
    state = StateColumn()

    class Meta:
        model = TrainingClass
        fields = ("name", "programme", "starts_on", "ends_on", "seats", "teacher_name", "state")
        empty_text = _("No classes yet.")

    def render_seats(self, record: TrainingClass) -> str:
        """Return the seats held of all."""
        return f"{record.seats_taken} / {record.capacity}"


class ParticipantTable(tables.Table):
    """The participants of a class, with their hours."""

    name = PersonColumn(
        verbose_name=_("Name"), accessor="name", linkify=("courses:ledger", {"participant_id": tables.A("pk")})
    )
    admitted_at = tables.Column(verbose_name=_("Admitted"), empty_values=())
    hours = tables.Column(verbose_name=_("Class hours"), empty_values=(), orderable=False, attrs=NUMBER)

    class Meta:
        model = Participant
        fields = ("name", "admitted_at", "hours")
        empty_text = _("Nobody has a seat yet.")

    def __init__(self, data: Any, *, training_class: TrainingClass, **kwargs: Any) -> None:
        """Take the class, whose hours are what is needed."""
        super().__init__(data, **kwargs)
        self.unit = training_class.programme.seconds_per_class_hour
        self.needed = training_class.class_hours

    def render_admitted_at(self, value: Any) -> str:
        """Return the day, or that the fee is not paid yet."""
        return day_in_words(value) if value else str(_("not paid yet"))

    def render_hours(self, record: Any) -> str:
        """Return the hours credited of those needed."""
        return f"{(record.credited or 0) * 10 // self.unit / 10:g} / {self.needed}"


class ProgrammeTable(RowsTable):
    """The programmes of an institution."""

    title = tables.Column(verbose_name=_("Title"), linkify=("courses:programme", {"programme_id": tables.A("pk")}))
    position = tables.Column(verbose_name=_("Position"))
    class_hours = tables.Column(verbose_name=_("Class hours"), attrs=NUMBER)
    lesson_count = tables.Column(verbose_name=_("Lessons"), attrs=NUMBER)
    class_count = tables.Column(verbose_name=_("Classes"), attrs=NUMBER)

    def __init__(self, data: Any, *, positions: Mapping[str, Any], **kwargs: Any) -> None:
        """Take the names of the positions."""
        super().__init__(data, **kwargs)
        self.positions = positions

    def render_position(self, value: str) -> str:
        """Return the position's name."""
        return str(self.positions.get(value, value))


class LedgerTable(RowsTable):
    """The hours of a participant by day, and the corrections of them."""

    day = DayColumn(verbose_name=_("Day"))
    kind_label = tables.Column(verbose_name=_("Kind"))
    what = tables.TemplateColumn(
        verbose_name=pgettext_lazy("of a ledger", "What"), template_name="courses/parts/ledger_cell.html"
    )
    seconds = tables.Column(verbose_name=_("Minutes"), attrs=NUMBER)

    def render_seconds(self, value: int) -> str:
        """Return whole minutes."""
        return str(round(value / 60))
