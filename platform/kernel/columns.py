"""Cells of tables that cost what they show.

django-tables2 draws a cell of a template by `get_template(...).render(..., request)`, which runs every context
processor of the page again for each row, and compiles the template of a date anew for each row.
"""

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.template import Context
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.components import drawn, within
from kernel.dates import Writer, writer
from kernel.pinyin import PinyinKey

STATE = _("State")


class PartColumn(tables.TemplateColumn):
    """A cell that a small template draws, within the context of the page that shows the table.

    `alike` names the record's attributes that alone decide how the cell looks: of rows with the same values it is drawn
    once (kernel.rows).
    """

    def __init__(self, *args: Any, alike: tuple[str, ...] = (), **kwargs: Any) -> None:
        """Take what decides how the cell looks."""
        super().__init__(*args, **kwargs)
        self.alike = alike

    def render(self, record: Any, table: Any, value: Any, bound_column: Any, **kwargs: Any) -> Any:
        """Return the cell; a table that no page shows is drawn as django-tables2 does it."""
        parent: Context | None = getattr(table, "context", None)
        if parent is None or parent.template is None or not self.template_name:
            return super().render(record, table, value, bound_column, **kwargs)
        shown = self.get_context_data(record=record, table=table, value=value, bound_column=bound_column, **kwargs)
        with parent.update(shown):
            return within(parent, self.template_name)


class StateColumn(PartColumn):
    """A row's state in words, with its tone: the row's `badge` (kernel.states)."""

    def __init__(self, verbose_name: Any = STATE, *, alike: tuple[str, ...] = ("state",), **kwargs: Any) -> None:
        """Take the heading, and what decides the badge."""
        super().__init__(verbose_name=verbose_name, template_name="components/state_badge.html", alike=alike, **kwargs)

    def render(self, record: Any, table: Any, value: Any, bound_column: Any, **kwargs: Any) -> Any:
        """Return the badge."""
        return drawn("components/state_badge.html", label=record.badge.label, tone=record.badge.tone)


class PersonColumn(tables.Column):
    """A person's name, by which the list is sorted as names are: by their pinyin."""

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        """Sort by the key of the name."""
        key = PinyinKey(str(self.accessor), person=True)
        return queryset.order_by(key.desc() if is_descending else key.asc()), True


class WrittenColumn(tables.Column):
    """A day or a moment in words. How it is written is asked once for all rows (kernel.rows)."""

    def writer(self) -> Writer:
        """Return what writes a value now, in the reader's language and zone."""
        raise NotImplementedError

    def render(self, value: Any, bound_column: Any) -> Any:
        """Return the words; the column's default where there are none."""
        return self.writer()(value) or bound_column.default


class ShortDayColumn(WrittenColumn):
    """A day, or the day of a moment, in the reader's short format."""

    def writer(self) -> Writer:
        """Write in the reader's zone."""
        return _by_readers_clock(writer("SHORT_DATE_FORMAT"))


class ShortTimeColumn(WrittenColumn):
    """A moment in the reader's short format."""

    def writer(self) -> Writer:
        """Write in the reader's zone."""
        return _by_readers_clock(writer("SHORT_DATETIME_FORMAT"))


def _by_readers_clock(write: Writer) -> Writer:
    zone = timezone.get_current_timezone()

    def written(value: Any) -> str:
        aware = isinstance(value, datetime) and value.tzinfo is not None
        return write(value.astimezone(zone) if aware else value)

    return written
