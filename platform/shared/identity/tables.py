"""Who works where, and whose account is to be recovered, as lists."""

from typing import Any

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.tables import DayColumn, RowsTable, TimeColumn, spoken

NO_WRAP = {"td": {"class": "text-nowrap"}}


class GrantTable(RowsTable):
    """Who holds which role, with the way to end it."""

    name = tables.Column(verbose_name=_("Name"), attrs=NO_WRAP)
    label = tables.Column(verbose_name=_("Role"), attrs=NO_WRAP)
    scope_name = tables.Column(verbose_name=_("Authority"), default="—")
    identifier = tables.Column(verbose_name=_("Sign in with"))
    granted_at = DayColumn(verbose_name=_("In the role since"), attrs=NO_WRAP)
    second_factor = tables.TemplateColumn(
        verbose_name=_("Second factor"), template_name="identity/parts/factor_cell.html"
    )
    id = tables.TemplateColumn(verbose_name=spoken(_("End")), template_name="identity/parts/ending_cell.html")

    def __init__(self, data: Any, *, ending: str, scopes: bool, **kwargs: Any) -> None:
        """Take the name of the address that ends a role, and whether roles lie in several authorities."""
        super().__init__(data, exclude=() if scopes else ("scope_name",), **kwargs)
        self.ending = ending


class RecoveryTable(RowsTable):
    """Accounts to recover at a counter."""

    number = tables.Column(
        verbose_name=_("Number of the request"), linkify=("identity:recovery-case", {"request_id": tables.A("id")})
    )
    cause = tables.Column(verbose_name=_("What happened"))
    name = tables.Column(verbose_name=_("Name"))
    made_at = TimeColumn(verbose_name=_("Asked"))
    label = tables.Column(verbose_name=_("State"))

    def render_cause(self, value: str) -> str | Promise:
        """Return the cause in words."""
        return _("Phone lost") if value == "lost_phone" else _("Name wrong")
