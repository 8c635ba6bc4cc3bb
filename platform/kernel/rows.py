"""The rows of a table, written as django-tables2's own template writes them, at a tenth of its price.

What is the same for a whole column is looked up once: the cell's attributes, which arguments its `render` takes,
whether its field has choices, the shape of its link. The template does all that anew for each cell.
"""

import inspect
import re
import uuid
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.template import Context
from django.template.base import render_value_in_context
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django_tables2 import A, Column, Table
from django_tables2.columns import BoundColumn
from django_tables2.utils import AttributeDict

from kernel.components import within

_SLUG = re.compile(r"[A-Za-z0-9_-]+")  # what stands in an address as it is
_STANDIN = uuid.UUID(int=0)  # takes a key's place while the shape of a column's links is asked for


def rows(table: Table, context: Context) -> SafeString:
    """Return the rows of the table's page as HTML."""
    columns = [_Column(bound, table) for bound in table.columns]
    lines: list[str] = []
    plain = not any(callable(value) for value in _leaves(table.row_attrs))
    attributes: dict[Any, str] = {}  # of an odd and of an even row, where nothing else tells rows apart
    for n, row in enumerate(table.paginated_rows):
        cells = "".join(f"<td {column.attributes(row)}>{column.cell(row, context)}</td>" for column in columns)
        kind = type(row), n % 2
        if not plain or kind not in attributes:
            attributes[kind] = row.attrs.as_html()
        lines.append(f"<tr {attributes[kind]}>{cells}</tr>\n")
    return mark_safe("".join(lines))  # noqa: S308 - every cell and attribute is escaped below or by the package


def headings(table: Table, context: Context) -> SafeString:
    """Return the headings of the table's columns as HTML; those that sort the table are links."""
    cells = (
        f'<th {column.attrs["th"].as_html()} scope="col">{_heading(column, context)}</th>' for column in table.columns
    )
    return mark_safe("".join(cells))  # noqa: S308 - as above


def _heading(column: BoundColumn, context: Context) -> str:
    if not column.orderable:
        return escaped(column.header)
    with context.push(column=column):
        return within(context, "components/table_order.html")


def escaped(value: Any) -> str:
    """Return a value as HTML, as Django's conditional_escape does, which asks of each whether it is a promise."""
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
        self.plain = function is Column.render and not bound.link
        self.path = str(bound.accessor).split(A.SEPARATOR)
        self._attributes = self._fixed_attributes()
        self._choices: dict[type, bool] = {}
        self._labels: dict[Any, Any] = {}
        self._key: A | None = None
        self._before = self._after = ""  # what stands around the key in the address
        self._look_at_link()
        self._alike: tuple[str, ...] = getattr(self.column, "alike", ())
        self._drawn: dict[Any, str] = {}
        self._numbers: dict[int, str] = {}

    def cell(self, row: Any, context: Context) -> str:
        """Return what stands in the cell."""
        if not self._alike:
            return self._cell(row, context)
        key = tuple(getattr(row.record, name) for name in self._alike)
        found = self._drawn.get(key)
        if found is None:
            found = self._drawn[key] = self._cell(row, context)
        return found

    def attributes(self, row: Any) -> str:
        """Return the attributes of the cell's element."""
        if self._attributes is not None:
            return self._attributes
        self.bound.current_record, self.bound.current_value = row.record, row.get_cell(self.bound.name)
        return str(self.bound.attrs["td"].as_html())

    def _cell(self, row: Any, context: Context) -> str:
        content = self._content(row)
        if self.localize is not None or isinstance(content, str):
            return escaped(content)
        if type(content) is not int:
            return render_value_in_context(content, context)
        found = self._numbers.get(content)
        if found is None:
            found = self._numbers[content] = render_value_in_context(content, context)
        return found

    def _content(self, row: Any) -> Any:
        value = self._value(row.record)
        if value in self.column.empty_values:
            return self.default
        if self.plain:
            return value
        given = {
            "value": value,
            "record": row.record,
            "column": self.column,
            "bound_column": self.bound,
            "bound_row": row,
            "table": self.table,
        }
        wanted = given if self.wanted is None else {name: given[name] for name in self.wanted}
        content = self.bound.render(**wanted)
        if not self.bound.link:
            return content
        if (url := self._url_of(row.record)) is None:
            return self.bound.link(content, **given)
        return mark_safe(f'<a href="{url}">{escaped(content)}</a>')  # noqa: S308 - escaped in this line

    def _value(self, record: Any) -> Any:
        """Return the value as the package does: the label of a field with choices, else what the accessor leads to."""
        *way, name = self.path
        owner = record
        try:
            for step in way:
                owner = getattr(owner, step)
            value = getattr(owner, name)
            if isinstance(owner, Model) and self._displays(owner, name):
                if value not in self._labels:
                    self._labels[value] = getattr(owner, f"get_{name}_display")()
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
        found: AttributeDict = self.bound.attrs["td"]
        return str(found.as_html())

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
