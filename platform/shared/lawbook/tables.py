"""Ceilings as a list."""

from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from kernel.columns import PartColumn, ShortDayColumn, StateColumn
from kernel.tables import NUMBER, RowsTable, TimeColumn, spoken
from shared.policy.queries import caps as cap_queries
from shared.policy.values.pack import Pack


class CapTable(tables.Table):
    """What may be asked at most, for what, since when, and on which ground."""

    fee_item = tables.Column(verbose_name=_("Fee item"))
    position = tables.Column(verbose_name=_("Position"), empty_values=())
    unit = tables.Column(verbose_name=_("Counted"))
    ceiling = PartColumn(verbose_name=_("Ceiling"), template_name="lawbook/parts/cap_cell.html", attrs=NUMBER)
    document_no = tables.Column(verbose_name=_("Document number"))
    effective_from = ShortDayColumn(verbose_name=_("In force from"))
    effective_to = ShortDayColumn(verbose_name=_("In force until"))

    class Meta:
        empty_text = _("No ceilings have been entered yet.")
        orderable = False

    def __init__(self, caps: Sequence[cap_queries.FeeCapValue], *, pack: Pack, **kwargs: Any) -> None:
        """Take the pack that names the items and positions."""
        super().__init__(caps, **kwargs)
        self.names = {item.key: item.label for item in pack.fees.items} | {p.key: p.label for p in pack.positions}

    def render_fee_item(self, value: str) -> str:
        """Return the item's name."""
        return self.names.get(value, value)

    def render_position(self, value: str) -> str:
        """Return the position's name."""
        return self.names.get(value, value) if value else str(_("Every position"))

    def render_unit(self, record: cap_queries.FeeCapValue) -> str:
        """Return how the fee is counted."""
        return record.unit_label


class CapDeskTable(CapTable):
    """The same on the officer's desk, with the way to each ceiling."""

    fee_item = tables.Column(verbose_name=_("Fee item"), linkify=("lawbook:cap", {"cap_id": tables.A("id")}))

    class Meta(CapTable.Meta):
        sequence = ("fee_item", "...")


class DraftTable(RowsTable):
    """Drafts of the next version."""

    state = StateColumn()
    base = tables.Column(verbose_name=_("From version"))
    last_author = tables.Column(verbose_name=_("Last saved by"))
    saved_at = TimeColumn(verbose_name=_("Saved"))
    version = tables.Column(verbose_name=_("Became"), accessor="pack_version", default="—")
    pk = tables.TemplateColumn(verbose_name=spoken(_("Open")), template_name="lawbook/parts/draft_open_cell.html")
