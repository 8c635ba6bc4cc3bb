"""Tables of filed facts."""

from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kernel.columns import ShortDayColumn, StateColumn
from kernel.components import drawn
from kernel.tables import NUMBER, TimeColumn
from shared.filings.values import PriceUnderCap
from shared.policy.values.pack import Pack


class FactTable(tables.Table):
    """First column of every list of filed facts."""

    institution = tables.Column(
        verbose_name=_("Institution"),
        accessor="institution_name",
        linkify=("institutions:page", {"slug": tables.A("institution_slug")}),
    )

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        """Take the policy that names positions and fee items."""
        super().__init__(*args, **kwargs)
        self.positions = {position.key: position for position in pack.positions}
        self.items = {item.key: item for item in pack.fees.items}

    def render_position(self, value: str) -> str:
        """Return the position's name."""
        return self.positions[value].label if value in self.positions else value


class SittingTable(FactTable):
    """Sittings, those going on first."""

    starts_at = TimeColumn(verbose_name=_("Starts"))
    position = tables.Column(verbose_name=_("Position"))
    site = tables.Column(verbose_name=_("Site"))
    candidates = tables.Column(verbose_name=_("Candidates"), attrs=NUMBER)
    state = StateColumn()

    class Meta:
        sequence = ("starts_at", "institution", "position", "site", "candidates", "state")
        empty_text = _("No sitting has been filed yet.")
        orderable = False


class IncidentTable(FactTable):
    """Incidents, newest first."""

    happened_at = TimeColumn(verbose_name=_("When"))
    severity = StateColumn(_("Severity"), alike=("severity",))
    words = tables.Column(verbose_name=_("What"))

    class Meta:
        sequence = ("happened_at", "institution", "severity", "words")
        empty_text = _("No incident has been reported.")
        orderable = False


class ClassTable(FactTable):
    """Classes, the latest start on top."""

    name = tables.Column(verbose_name=_("Class"))
    position = tables.Column(verbose_name=_("Position"))
    starts_on = ShortDayColumn(verbose_name=_("Starts"))
    ends_on = ShortDayColumn(verbose_name=_("Ends"))
    free = tables.Column(verbose_name=_("Places free"), attrs=NUMBER)
    seats = tables.Column(verbose_name=_("Places in all"), attrs=NUMBER)
    state = StateColumn()

    class Meta:
        sequence = ("starts_on", "ends_on", "institution", "name", "position", "free", "seats", "state")
        empty_text = _("No class here. Where a filter is set, take it away.")
        orderable = False


class PriceTable(FactTable):
    """Prices under their ceilings."""

    position = tables.Column(verbose_name=_("Position"))
    class_name = tables.Column(verbose_name=_("Class"))
    fee_item = tables.Column(verbose_name=_("Fee item"))
    price = tables.Column(verbose_name=_("Price under its ceiling"), accessor="under_cap")
    published_at = ShortDayColumn(verbose_name=_("Published"))

    class Meta:
        sequence = ("institution", "position", "class_name", "fee_item", "price", "published_at")
        empty_text = _("No price has been published yet.")
        orderable = False

    def render_price(self, value: PriceUnderCap) -> SafeString:
        """Return the price with its ceiling."""
        return drawn("components/price_under_cap.html", price=value)

    def render_fee_item(self, value: str) -> str:
        """Return the item's name."""
        return self.items[value].label if value in self.items else value
