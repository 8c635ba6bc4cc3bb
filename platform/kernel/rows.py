"""The rows of a table, written as django-tables2's own template writes them, at a tenth of its price.

What is the same for a whole column is looked up once: the cell's attributes, which arguments its `render` takes,
whether its field has choices, the shape of its link. The template does all that anew for each cell.
"""

import inspect
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.template import Context
from django.template.base import render_value_in_context
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django_tables2 import A, Column, Table
from django_tables2.columns import BoundColumn
from django_tables2.utils import AttributeDict

from kernel.columns import WrittenColumn
from kernel.components import within

_SLUG = re.compile(r"[A-Za-z0-9_-]+")  # what stands in an address as it is
_OF_ALL_ROWS = frozenset({"value", "column", "bound_column", "table"})  # what tells rows apart by their value alone
_EXACT = (str, int, date, datetime)  # of these, equal values look alike; 1.0 and 1.00 do not
_STANDIN = uuid.UUID(int=0)  # takes a key's place while the shape of a column's links is asked for


def rows(table: Table, context: Context) -> SafeString:
    """Return the rows of the table's page as HTML."""
    columns = [_Column(bound, table) for bound in table.columns]
    lines: list[str] = []
    plain = not any(callable(value) for value in _leaves(table.row_attrs))
    attributes: dict[Any, str] = {}  # of an odd and of an even row, where nothing else tells rows apart
    for n, row in enumerate(table.paginated_rows):
        record = row.record
        cells = "".join(
            [f"<td {column.attributes(row)}>{column.cell(row, record, context)}</td>" for column in columns]
        )
        kind = type(row), n % 2
        if not plain or kind not in attributes:
            attributes[kind] = row.attrs.as_html()
        lines.append(f"<tr {attributes[kind]}>{cells}</tr>\n")
    return SafeString("".join(lines))


def headings(table: Table, context: Context) -> SafeString:
    """Return the headings of the table's columns as HTML; those that sort the table are links."""
    cells = [f"<th {_attributes(column, 'th')}>{_heading(column, context)}</th>" for column in table.columns]
    return SafeString("".join(cells))


def _attributes(column: BoundColumn, cell: str) -> str:
    """Return the attributes of a column's heading (th) or cells (td), where no row decides them."""
    kept: dict[str, str] = column.__dict__.setdefault("attributes_as_html", {})
    if not kept:
        attrs = column.attrs
        kept |= {"th": f'{_as_html(*attrs["th"].items())} scope="col"', "td": _as_html(*attrs["td"].items())}
    return kept[cell]


@lru_cache(maxsize=256)
def _as_html(*attributes: tuple[str, str | None]) -> str:
    return str(AttributeDict(attributes).as_html())


def _heading(column: BoundColumn, context: Context) -> str:
    if not column.orderable:
        return escaped(column.header)
    with context.push(column=column):
        return within(context, "components/table_order.html")


def escaped(value: Any) -> str:
    """Return a value as HTML, as Django's conditional_escape does, which asks of each whether it is a promise."""
    if type(value) is str:
        return escape(value)
    return str(value.__html__()) if hasattr(value, "__html__") else escape(str(value))


@lru_cache(maxsize=1024)
def _wanted(function: Callable[..., Any]) -> tuple[str, ...] | None:
    """Return the names of the arguments that a function takes, None where it takes any."""
    parameters = inspect.signature(function).parameters.values()
    if any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters):
        return None
    return tuple(parameter.name for parameter in parameters if parameter.name != "self")


class _Column:
    """A column of a table, for as long as its rows are written."""

    def __init__(self, bound: Any, table: Table) -> None:
        self.bound, self.table, self.column = bound, table, bound.column
        self.default, self.localize = bound.default, bound.localize
        function = getattr(bound.render, "__func__", bound.render)
        self.wanted = _wanted(function)
        self.plain = function is Column.render
        self._write = self.column.writer() if function is WrittenColumn.render else None
        *self.way, self.name = str(bound.accessor).split(A.SEPARATOR)
        self._attributes = self._fixed_attributes()
        self._choices: dict[type, bool] = {}
        self._labels: dict[Any, Any] = {}
        self._key: A | None = None
        self._before = self._after = ""  # what stands around the key in the address
        self._look_at_link()
        self._alike: tuple[str, ...] = getattr(self.column, "alike", ())
        self._by_value = not bound.link and self.wanted is not None and _OF_ALL_ROWS.issuperset(self.wanted)
        self._drawn: dict[Any, str] = {}

    def cell(self, row: Any, record: Any, context: Context) -> str:
        """Return what stands in the cell. Those that the same values decide are drawn once."""
        if self._alike:
            key = tuple([getattr(record, name) for name in self._alike])
        else:
            value = key = self._value(record)
            if not self._by_value or type(value) not in _EXACT:
                return self._cell(value, row, record, context)
        found = self._drawn.get(key)
        if found is None:
            value = self._value(record) if self._alike else key
            found = self._drawn[key] = self._cell(value, row, record, context)
        return found

    def attributes(self, row: Any) -> str:
        """Return the attributes of the cell's element."""
        if self._attributes is not None:
            return self._attributes
        self.bound.current_record, self.bound.current_value = row.record, row.get_cell(self.bound.name)
        return str(self.bound.attrs["td"].as_html())

    def _cell(self, value: Any, row: Any, record: Any, context: Context) -> str:
        content = self._content(value, row, record)
        if self.localize is not None or isinstance(content, str):
            return escaped(content)
        return render_value_in_context(content, context)

    def _content(self, value: Any, row: Any, record: Any) -> Any:
        if value in self.column.empty_values:
            return self.default
        if self.plain and not self.bound.link:
            return value
        if self._write is not None and not self.bound.link:
            return self._write(value) or self.default
        given = {
            "value": value,
            "record": record,
            "column": self.column,
            "bound_column": self.bound,
            "bound_row": row,
            "table": self.table,
        }
        content = value if self.plain else self._rendered(given)
        if not self.bound.link:
            return content
        if (url := self._url_of(record)) is None:
            return self.bound.link(content, **given)
        return SafeString(f'<a href="{url}">{escaped(content)}</a>')

    def _rendered(self, given: dict[str, Any]) -> Any:
        wanted = given if self.wanted is None else {name: given[name] for name in self.wanted}
        return self.bound.render(**wanted)

    def _value(self, record: Any) -> Any:
        """Return the value as the package does: the label of a field with choices, else what the accessor leads to."""
        owner = record
        try:
            for step in self.way:
                owner = getattr(owner, step)
            value = getattr(owner, self.name)
            if isinstance(owner, Model) and self._displays(owner, self.name):
                if value not in self._labels:
                    self._labels[value] = getattr(owner, f"get_{self.name}_display")()
                return self._labels[value]
        except AttributeError:  # a mapping, a list, or nothing there
            return self.bound.accessor.resolve(record, quiet=True)
        if callable(value):
            return self.bound.accessor.resolve(record, quiet=True)
        return value

    def _displays(self, owner: Model, name: str) -> bool:
        found = self._choices.get(type(owner))
        if found is None:
            try:
                field = owner._meta.get_field(name)
            except FieldDoesNotExist:
                found = False
            else:
                found = bool(getattr(field, "choices", ())) and hasattr(owner, f"get_{name}_display")
            self._choices[type(owner)] = found
        return found

    def _fixed_attributes(self) -> str | None:
        """Return the attributes that all cells have alike; None where they are computed for each."""
        given = [*_leaves(self.table.attrs), *_leaves(self.column.attrs)]
        if any(callable(value) for value in given):
            return None
        return _attributes(self.bound, "td")

    def _url_of(self, record: Any) -> str | None:
        """Return where a link leads that one key decides, from the shape that all links of the column share."""
        if self._key is None:
            return None
        key = getattr(record, self._key, None)
        if not isinstance(key, uuid.UUID | str):  # it is reached in another way
            key = self._key.resolve(record)
        plain = isinstance(key, uuid.UUID) or (isinstance(key, str) and _SLUG.fullmatch(key))
        return f"{self._before}{key}{self._after}" if plain else None

    def _look_at_link(self) -> None:
        """Have the shape of the column's links, with a stand-in for the key, where one key alone differs in them."""
        link = self.bound.link
        if not link or link.url or link.attrs or set(link.reverse_args) != {"viewname", "kwargs"}:
            return
        given = link.reverse_args["kwargs"]
        keys = [name for name, value in given.items() if isinstance(value, A)]
        if len(keys) != 1 or isinstance(link.reverse_args["viewname"], A):
            return
        try:
            shape = reverse(link.reverse_args["viewname"], kwargs={**given, keys[0]: _STANDIN})
        except NoReverseMatch:  # it takes no key of ours
            return
        self._key = given[keys[0]]
        self._before, _standin, self._after = escaped(shape).partition(str(_STANDIN))


def _leaves(attrs: Any) -> Iterator[Any]:
    for value in dict(attrs).values():
        if isinstance(value, dict):
            yield from _leaves(value)
        else:
            yield value
