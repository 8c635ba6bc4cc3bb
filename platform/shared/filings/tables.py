"""The search of classes as a list: rows of a table, and cards on a phone."""

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.components import drawn
from kernel.dates import writer
from kernel.tables import card_cell

from .values import Offer


class ClassTable(tables.Table):
    """Classes with when and where they are taught, what they cost under which ceiling, and what is free.

    Cells that many visitors see alike are drawn once (kernel.components).
    """

    name = tables.Column(verbose_name=_("Class"))
    starts_on = tables.Column(verbose_name=_("Days"), attrs=card_cell(_("Days")))
    prices = tables.Column(verbose_name=_("Price under its ceiling"), attrs=card_cell(_("Price")), empty_values=())
    institution = tables.Column(verbose_name=_("Institution"), attrs=card_cell(_("Institution")))
    free = tables.Column(verbose_name=_("Places"), attrs=card_cell(_("Places")))
    choice = tables.Column(verbose_name=pgettext_lazy("classes", "Compare"), accessor="id")

    class Meta:
        sequence = ("name", "starts_on", "prices", "institution", "free", "choice")
        orderable = False
        attrs = {"class": "table nx-cards"}

    def render_name(self, record: Offer) -> SafeString:
        """Return the way to the class's page, and below it what it trains for."""
        hours = gettext("%(n)s class hours") % {"n": record.class_hours}
        details = " · ".join((record.position_label, record.programme, hours))
        return format_html(
            '<div><a class="nx-card-name" href="{}">{}</a><p class="nx-muted mb-0">{}</p></div>',
            record.url, record.name, details,
        )  # fmt: skip

    def render_starts_on(self, record: Offer) -> SafeString:
        """Return the first and the last day."""
        write = writer("DATE_FORMAT")
        return format_html("<div>{} –<br>{}</div>", write(record.starts_on), write(record.ends_on))

    def render_prices(self, record: Offer) -> SafeString:
        """Return what it costs altogether, and each item under its ceiling."""
        shown = {"prices": record.prices, "total": record.total, "is_demo": record.is_demo}
        return drawn("filings/parts/price_cell.html", **shown)

    def render_institution(self, record: Offer) -> SafeString:
        """Return whose class it is, with stars, and where it is taught."""
        shown = {"institution": record.institution, "area": record.area, "place": record.place}
        return drawn("filings/parts/institution_cell.html", **shown)

    def render_free(self, record: Offer) -> SafeString:
        """Return how many places are free."""
        return drawn("filings/parts/places_cell.html", free=record.free, seats=record.seats)

    def render_choice(self, record: Offer) -> SafeString:
        """Return what chooses it for the comparison, whose form stands below the list."""
        return format_html(
            '<label class="nx-choice"><input class="form-check-input" type="checkbox" name="class" value="{}"'
            ' form="compare"><span>{}<span class="visually-hidden"> {}</span></span></label>',
            record.id, pgettext("classes", "Compare"), record.name,
        )  # fmt: skip
