"""Tables: fifty rows on a page, the query's other parameters kept from one page to the next."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.db.models import Func, IntegerField, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.functional import cached_property, lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableListData, TableQuerysetData

from kernel import clock
from kernel.columns import WrittenColumn
from kernel.dates import Writer, writer
from kernel.db.statements import Statement
from kernel.errors import Refusal
from kernel.values import ValueList

PER_PAGE = 50
MOST_ROWS = 500  # on one page, for who asks for more
MOST_PAGES = 1_000_000
LAST = "-pk"  # what tells rows apart that are alike in what a list is sorted by, so that no page repeats a row
NUMBER = {"td": {"class": "nx-num"}, "th": {"class": "nx-num"}}


class UnknownPage(Refusal):
    """An address asks for a page of a list, for rows on it or for an order by what is none."""

    code = "unknown-page"
    status = 400
    title = _("This list has no such page")
    message = _("The address asks for a page, for a number of rows on it or for an order that this list has not.")


class RowsTable(tables.Table):
    """A list in the order of its query; what a row has not is left blank."""

    def __init__(self, data: Any, **kwargs: Any) -> None:
        # Not in Meta, which a subclass does not inherit.
        super().__init__(data, **({"orderable": False, "default": ""} | kwargs))


class CountedRows(TableQuerysetData):
    """Rows of a list that are counted without what each shows: joins that drop no row cost their counting more."""

    data: QuerySet[Any]

    def __init__(self, data: QuerySet[Any], *, counted: QuerySet[Any]) -> None:
        """Take the rows, and a query of as many."""
        super().__init__(data)
        self._counted = counted

    def order_by(self, aliases: Any) -> None:
        """Sort the rows; those that are alike stand in one order on every page."""
        super().order_by(aliases)
        self.data = self.data.order_by(*self.data.query.order_by, LAST)

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


def opening(rows: Callable[[], QuerySet[Any]], order: str) -> Statement[Any]:
    """Return the statement of a list as it opens: the first page of all its rows, each with how many there are."""

    def first_page() -> Any:  # QuerySet[Any]: the manager of a model that is not known has no better type
        queryset = rows()
        everything = queryset.model._default_manager.order_by().values(
            row_count=Func(template="COUNT(*)", output_field=IntegerField())
        )
        return queryset.annotate(row_count=Subquery(everything)).order_by(order, LAST)[:PER_PAGE]

    return Statement(first_page)


class OpeningRows(TableQuerysetData):
    """The rows of a list as it opens, which most visits see: compiled once, counted with what is shown."""

    def __init__(self, data: QuerySet[Any], statement: Statement[Any]) -> None:
        """Take all rows, and the statement of their first page."""
        super().__init__(data)
        self._statement = statement

    @cached_property
    def _page(self) -> list[Any]:
        return self._statement.fetch()

    def __len__(self) -> int:
        """Count the rows in the database."""
        return int(self._page[0].row_count) if self._page else 0

    def __getitem__(self, key: Any) -> Any:
        """Return rows of the first page."""
        return self._page[key]

    def order_by(self, aliases: Any) -> None:
        """Leave them as they are: they come in the order in which the list opens."""


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


def opening_order(request: HttpRequest, order: str) -> str | None:
    """Return the order in which a list opens; none where the query asks for another, which `paged` looks at."""
    return None if "sort" in request.GET else order


def card_cell(label: Any, **attrs: Any) -> dict[str, Any]:
    """Return the attributes of a column whose rows are cards on a phone (class nx-cards): what the cell is called."""
    return {"td": {"data-label": label, **attrs}}


def paged(request: HttpRequest, table: Any, *, per_page: int = PER_PAGE) -> Any:
    """Return the table at the page and in the order that the request's query asks for; refuses (UnknownPage) what is no
    page at all, and an order by what the table is not sorted by.
    """
    _require_number(request, table.prefixed_page_field, MOST_PAGES)
    _require_number(request, table.prefixed_per_page_field, MOST_ROWS)
    _require_columns(table, request.GET.getlist(table.prefixed_order_by_field))
    tables.RequestConfig(request, paginate={"per_page": per_page}).configure(table)
    return table


def _require_columns(table: Any, names: Sequence[str]) -> None:
    for name in names:
        column = name.removeprefix("-")
        if column not in table.columns.columns or not table.columns[column].orderable:
            raise UnknownPage


def _require_number(request: HttpRequest, name: str, most: int) -> None:
    text = request.GET.get(name, "")
    if text and not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise UnknownPage
