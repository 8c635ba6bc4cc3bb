"""Tables: fifty rows on a page, the query's other parameters kept from one page to the next."""

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property, lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.data import TableListData, TableQuerysetData

from kernel import clock
from kernel.columns import WrittenColumn
from kernel.dates import Writer, writer
from kernel.values import ValueList

PER_PAGE = 50
NUMBER = {"td": {"class": "nx-num"}, "th": {"class": "nx-num"}}


class RowsTable(tables.Table):
    """A list in the order of its query; what a row has not is left blank."""

    def __init__(self, data: Any, **kwargs: Any) -> None:
        # Not in Meta, which a subclass does not inherit.
        super().__init__(data, **({"orderable": False, "default": ""} | kwargs))


class CountedRows(TableQuerysetData):
    """Rows of a list that are counted without what each shows: joins that drop no row cost their counting more."""

    def __init__(self, data: QuerySet[Any], *, counted: QuerySet[Any]) -> None:
        """Take the rows, and a query of as many."""
        super().__init__(data)
        self._counted = counted

    @cached_property
    def _count(self) -> int:
        return self._counted.count()

    def __len__(self) -> int:
        """Count the rows in the database."""
        return self._count


class ValueRows(TableListData):
    """A ValueList as the rows of a table, of which the page's are read: given bare, it would be read whole."""

    def __init__(self, data: ValueList[Any]) -> None:
        """Take the values."""
        super().__init__(data)


class TimeColumn(WrittenColumn):
    """A moment as the clock in China shows it."""

    def writer(self) -> Writer:
        """Write by that clock."""
        write = writer("SHORT_DATETIME_FORMAT")
        return lambda value: write(value.astimezone(clock.CHINA))


class DayColumn(WrittenColumn):
    """A day, or a moment's legal day, in the reader's format."""

    def writer(self) -> Writer:
        """Write the legal day."""
        write = writer("DATE_FORMAT")
        return lambda value: write(clock.legal_day(value) if isinstance(value, datetime) else value)


def _spoken(words: Any) -> SafeString:
    return format_html('<span class="visually-hidden">{}</span>', words)


# The heading of a column of buttons or links: heard, not seen.
spoken = lazy(_spoken, SafeString)


def paged(request: HttpRequest, table: tables.Table) -> Any:
    """Return the table at the page that the request's query asks for."""
    tables.RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return table
