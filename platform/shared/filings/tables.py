"""The search of classes as a list: rows of a table, and cards on a phone."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.columns import PartColumn
from kernel.tables import card_cell


class ClassTable(tables.Table):
    """Classes with when and where they are taught, what they cost under which ceiling, and what is free."""

    name = PartColumn(verbose_name=_("Class"), template_name="filings/parts/class_cell.html")
    starts_on = PartColumn(
        verbose_name=_("Days"),
        template_name="filings/parts/days_cell.html",
        alike=("starts_on", "ends_on"),
        attrs=card_cell(_("Days")),
    )
    prices = PartColumn(
        verbose_name=_("Price under its ceiling"),
        template_name="filings/parts/price_cell.html",
        attrs=card_cell(_("Price")),
    )
    institution = PartColumn(
        verbose_name=_("Institution"),
        template_name="filings/parts/institution_cell.html",
        attrs=card_cell(_("Institution")),
    )
    free = PartColumn(
        verbose_name=_("Places"),
        template_name="filings/parts/places_cell.html",
        alike=("free", "seats"),
        attrs=card_cell(_("Places")),
    )
    choice = PartColumn(
        verbose_name=pgettext_lazy("classes", "Compare"), template_name="filings/parts/choice_cell.html"
    )

    class Meta:
        sequence = ("name", "starts_on", "prices", "institution", "free", "choice")
        orderable = False
        attrs = {"class": "table nx-cards"}
