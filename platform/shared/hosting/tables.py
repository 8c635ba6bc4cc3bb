"""Table of the institutions' schemas."""

from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from kernel.columns import ShortDayColumn
from shared.institutions.states import Lifecycle

from . import queries


class HostingTable(tables.Table):
    """Institutions' schemas for an operator."""

    name = tables.Column(verbose_name=_("Institution"), linkify=("hosting:detail", {"institution_id": tables.A("pk")}))
    schema_name = tables.Column(verbose_name=_("Schema"))
    lifecycle = tables.Column(verbose_name=_("State"))
    migrations = tables.Column(verbose_name=_("Migrations"), accessor="schema_name", orderable=False)
    size = tables.Column(verbose_name=_("Size"), accessor="schema_name", orderable=False)
    archived_at = ShortDayColumn(verbose_name=_("Last file"))

    class Meta:
        sequence = ("name", "schema_name", "lifecycle", "migrations", "size", "archived_at")
        empty_text = _("No institution is listed yet.")

    @cached_property
    def statuses(self) -> dict[str, queries.SchemaStatus]:
        """Return what the catalogue says of the schemas on this page, asked once."""
        return queries.schema_statuses([row.record["schema_name"] for row in self.paginated_rows])

    def render_migrations(self, value: str, record: dict[str, Any]) -> str:
        """Return whether the schema is up to date with the code."""
        return str(
            queries.migrations_label(record["lifecycle"], ready=record["ready"], status=self.statuses.get(value))
        )

    def render_lifecycle(self, value: str) -> str:
        """Return where its life stands, in words."""
        return str(Lifecycle(value).label)

    def render_size(self, value: str) -> str:
        """Return how large it is on disk."""
        status = self.statuses.get(value)
        return filesizeformat(status.bytes) if status else "—"
