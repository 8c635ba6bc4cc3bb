"""Institutions as lists."""

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from kernel.columns import PartColumn, ShortDayColumn
from kernel.languages import enumeration
from shared.policy.queries import authorities
from shared.policy.queries import packs as pack_queries

from .models import Institution, Organisation

SHOWN = 3


class PublicTable(tables.Table):
    """The public list: who, where and what for; how it stands; how it was rated. A phone has room for it."""

    name = tables.Column(verbose_name=_("Institution"), order_by=("name_key", "id"))
    standing = PartColumn(
        verbose_name=_("Standing"), template_name="institutions/parts/standing_cell.html", orderable=False
    )
    stars = PartColumn(verbose_name=_("Stars"), template_name="institutions/parts/stars_cell.html", alike=("stars",))

    class Meta:
        model = Institution
        fields = ()
        sequence = ("name", "standing", "stars")
        empty_text = _("No institution here. Where a filter is set, take it away.")

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        """Take the time whose policy names positions."""
        super().__init__(*args, **kwargs)
        self.places = {a.code: a.label for a in authorities.authorities()}
        self.names = {p.key: p.label for p in pack_queries.pack_at(at).positions}

    def render_name(self, record: Institution) -> str:
        """Return the way to its page, and below it where it is and what it trains for."""
        details = " · ".join(filter(None, [self._place(record.organisation.division_code), self._positions(record)]))
        page = reverse("institutions:page", kwargs={"slug": record.slug})
        return format_html('<a href="{}">{}</a><br><span class="nx-muted">{}</span>', page, record.name, details)

    def _place(self, code: str) -> str:
        """Return the city and the division."""
        city, own = self.places.get(f"{code[:4]}00", ""), self.places.get(code, "")
        return own if own == city else f"{city} {own}".strip()

    def _positions(self, record: Institution) -> str:
        """Return the names of the first positions, and how many more there are."""
        names = [self.names.get(key, key) for key in record.positions]
        more = len(names) - SHOWN
        return enumeration(names[:SHOWN]) + (f" +{more}" if more > 0 else "")


class JurisdictionTable(tables.Table):
    """An authority's organisations."""

    name = tables.Column(
        verbose_name=_("Organisation"),
        linkify=("institutions:ruling", {"organisation_id": tables.A("pk")}),
        order_by=("name_key", "id"),
    )
    credit_code = tables.Column(verbose_name=_("Credit code"))
    authority_code = tables.Column(verbose_name=_("Authority"))
    standing = PartColumn(
        verbose_name=_("Standing"), template_name="institutions/parts/standing_cell.html", orderable=False
    )
    registered_at = ShortDayColumn(verbose_name=_("Registered"))

    class Meta:
        model = Organisation
        fields = ()
        sequence = ("name", "credit_code", "authority_code", "standing", "registered_at")
        empty_text = _("No organisation has registered here yet.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Learn the authorities' names."""
        super().__init__(*args, **kwargs)
        self.offices = {a.code: a.office_label for a in authorities.authorities()}

    def render_authority_code(self, value: str) -> str:
        """Return the authority's name."""
        return self.offices.get(value, value)
