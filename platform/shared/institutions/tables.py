"""Institutions as lists."""

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from shared.policy import queries as policy

from .models import Institution, Organisation


class PublicTable(tables.Table):
    """The public list: where, what for, how it stands, how it was rated."""

    name = tables.Column(verbose_name=_("Institution"), linkify=("institutions:page", {"slug": tables.A("slug")}))
    place = tables.Column(verbose_name=_("Place"), accessor="organisation__division_code", orderable=False)
    positions = tables.Column(verbose_name=_("Positions"), orderable=False, empty_values=())
    standing = tables.TemplateColumn(
        verbose_name=_("Standing"), template_name="institutions/standing_cell.html", orderable=False
    )
    stars = tables.TemplateColumn(verbose_name=_("Stars"), template_name="institutions/stars_cell.html")

    class Meta:
        model = Institution
        fields = ()
        sequence = ("name", "place", "positions", "standing", "stars")
        empty_text = _("No institution matches. Take a filter away.")

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        """Take the time whose policy names positions."""
        super().__init__(*args, **kwargs)
        self.places = {a.code: a.label for a in policy.authorities()}
        self.names = {p.key: p.label for p in policy.pack_at(at).positions}

    def render_place(self, value: str) -> str:
        """Return the city and the division."""
        city = self.places.get(f"{value[:4]}00", "")
        own = self.places.get(value, value)
        return own if own == city or not city else f"{city} {own}"

    def render_positions(self, value: list[str]) -> str:
        """Return the names of the first positions, and how many more there are."""
        names = [self.names.get(key, key) for key in value or []]
        more = len(names) - 3
        return "、".join(names[:3]) + (f" +{more}" if more > 0 else "")


class JurisdictionTable(tables.Table):
    """An authority's organisations."""

    name = tables.Column(
        verbose_name=_("Organisation"), linkify=("institutions:ruling", {"organisation_id": tables.A("pk")})
    )
    credit_code = tables.Column(verbose_name=_("Credit code"))
    authority_code = tables.Column(verbose_name=_("Authority"))
    standing = tables.TemplateColumn(
        verbose_name=_("Standing"), template_name="institutions/standing_cell.html", orderable=False
    )
    registered_at = tables.DateColumn(verbose_name=_("Registered"), short=True)

    class Meta:
        model = Organisation
        fields = ()
        sequence = ("name", "credit_code", "authority_code", "standing", "registered_at")
        empty_text = _("No organisation has registered here yet.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Learn the authorities' names."""
        super().__init__(*args, **kwargs)
        self.offices = {a.code: a.office_label for a in policy.authorities()}

    def render_authority_code(self, value: str) -> str:
        """Return the authority's name."""
        return self.offices.get(value, value)
