"""Registrations, clerks and people as lists."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from kernel.columns import ShortDayColumn, StateColumn
from kernel.components import drawn
from kernel.tables import DayColumn, RowsTable, spoken

from .models import Employee, Registration
from .states import shown_badge

NO_WRAP = {"td": {"class": "text-nowrap"}}


class RegistrationTable(tables.Table):
    """What was asked for within an office."""

    name = tables.Column(
        verbose_name=_("Employer"), linkify=("employers:registration", {"registration_id": tables.A("pk")})
    )
    credit_code = tables.Column(verbose_name=_("Unified social credit code"))
    applied_name = tables.Column(verbose_name=_("Asked for by"))
    applied_at = ShortDayColumn(verbose_name=_("Asked"))
    stands_until = ShortDayColumn(verbose_name=_("Stands until"))
    state = StateColumn()

    class Meta:
        model = Registration
        fields = ()
        sequence = ("name", "credit_code", "applied_name", "applied_at", "stands_until", "state")
        empty_text = _("No employer has asked to be registered here yet.")


class ClerkTable(RowsTable):
    """Who acts for an employer."""

    name = tables.Column(verbose_name=_("Name"), attrs=NO_WRAP)
    identifier = tables.Column(verbose_name=_("Sign in with"))
    granted_at = DayColumn(verbose_name=_("In the role since"), attrs=NO_WRAP)
    id = tables.TemplateColumn(verbose_name=spoken(_("End")), template_name="employers/parts/clerk_cell.html")

    def __init__(self, data: Any, *, employer_id: Any, last: bool, **kwargs: Any) -> None:
        """Take the employer, and whether there is one clerk alone."""
        super().__init__(data, **kwargs)
        self.employer_id, self.last = employer_id, last


class EmployeeTable(tables.Table):
    """An employer's list, as its clerks see it."""

    name = tables.Column(verbose_name=_("Name"), orderable=False)
    id_number = tables.Column(verbose_name=_("Identity number"), orderable=False, attrs=NO_WRAP)
    added_at = ShortDayColumn(verbose_name=_("Named"))
    state = tables.Column(verbose_name=_("State"), orderable=False)  # an order by it would say who declined
    agreed_at = ShortDayColumn(verbose_name=_("Agreed"), default="—")
    id = tables.TemplateColumn(
        verbose_name=spoken(_("End")), template_name="employers/parts/employee_cell.html", orderable=False
    )

    class Meta:
        model = Employee
        fields = ()
        sequence = ("name", "state", "id_number", "added_at", "agreed_at", "id")
        empty_text = _("Nobody stands on the list yet.")

    def __init__(self, data: Any, *, employer_id: Any, **kwargs: Any) -> None:
        """Take whose list it is."""
        super().__init__(data, **kwargs)
        self.employer_id = employer_id

    def render_id_number(self, value: Any) -> str:
        """Return the number masked."""
        return str(value)

    def render_state(self, record: Employee) -> Any:
        """Return the state as the employer sees it: what somebody declined looks like what nobody answered."""
        badge = shown_badge(record.state)
        return drawn("components/state_badge.html", label=badge.label, tone=badge.tone)
