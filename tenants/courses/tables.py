"""Classes, participants and corrections as lists."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .models import Participant, TrainingClass

NUMBER = {"td": {"class": "nx-num"}, "th": {"class": "nx-num"}}


class ClassTable(tables.Table):
    """The classes of an institution."""

    name = tables.Column(verbose_name=_("Class"), linkify=("courses:class", {"class_id": tables.A("pk")}))
    programme = tables.Column(verbose_name=_("Programme"), accessor="programme__title")
    starts_on = tables.DateColumn(verbose_name=_("First day"), short=True)
    ends_on = tables.DateColumn(verbose_name=_("Last day"), short=True)
    seats = tables.Column(verbose_name=_("Seats"), empty_values=(), orderable=False, attrs=NUMBER)
    teacher_name = tables.Column(verbose_name=_("Teacher"))
    state = tables.TemplateColumn(verbose_name=_("State"), template_name="courses/state_cell.html")

    class Meta:
        model = TrainingClass
        fields = ("name", "programme", "starts_on", "ends_on", "seats", "teacher_name", "state")
        empty_text = _("No classes yet.")

    def render_seats(self, record: TrainingClass) -> str:
        """Return the seats held of all."""
        return f"{record.seats_taken} / {record.capacity}"


class ParticipantTable(tables.Table):
    """The participants of a class, with their hours."""

    name = tables.Column(verbose_name=_("Name"), linkify=("courses:ledger", {"participant_id": tables.A("pk")}))
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
        return clock.legal_day(value).isoformat() if value else str(_("not paid yet"))

    def render_hours(self, record: Any) -> str:
        """Return the hours credited of those needed."""
        return f"{(record.credited or 0) * 10 // self.unit / 10:g} / {self.needed}"
