"""Statements compiled once: a queryset with values to come, whose SQL is kept and run again and again.

Django builds and compiles a queryset anew for each request, which takes longer than PostgreSQL takes to answer it. What
every page asks (who is signed in, what waits for him) is the same statement with other values. See decision 15.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Generic, TypeVar, cast

from django.db import connection
from django.db.models import Field, ForeignObject, Lookup, QuerySet
from django.db.models.expressions import Expression

Row = TypeVar("Row")


class Bind(Expression):
    """A value to come, by name, of the type of a field: `account_id=Bind("account", UUIDField())`."""

    def __init__(self, name: str, output_field: "Field[Any, Any]", *, many: bool = False) -> None:
        """Keep the name; with `many` it is a list, compared by the look-up `any_of`."""
        super().__init__(output_field=output_field)
        self.name, self.many = name, many

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return a placeholder, and itself in the place of its value."""
        return "%s", [self]

    def value_for(self, values: dict[str, Any]) -> Any:
        """Return its value as the driver takes it; refuses (ValueError) None, to which nothing is equal."""
        value = values[self.name]
        if value is None:
            raise ValueError(f"{self.name} is None: ask for isnull instead.")
        adapt = cast("Any", self.output_field).get_db_prep_value
        return _list([adapt(one, connection) for one in value]) if self.many else adapt(value, connection)


def _list(values: list[Any]) -> Any:
    """Return a list as the driver takes it. Texts are written as PostgreSQL writes a list of them: psycopg asks of each
    element anew what it is, which takes longer than the whole statement does."""
    if not all(type(value) is str for value in values):
        return values
    return "{" + ",".join(['"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values]) + "}"


@ForeignObject.register_lookup
@Field.register_lookup
class AnyOf(Lookup):
    """`column__any_of=Bind(name, field, many=True)`: the column is one of a list, however long."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return `column = ANY (list)`."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY {right}", [*left_params, *right_params]


@dataclass(frozen=True, slots=True)
class Figure:
    """One value that a statement returns, to be asked beside others."""

    sql: str
    params: tuple[Any, ...]


class Statement(Generic[Row]):
    """A queryset with `Bind`s, compiled at its first use.

    What it returns is what the queryset would return at that moment, in the schema then open; only its SQL is kept.
    Prefetches are left out.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        """Keep how the queryset is built."""
        self._build = build
        self._whole: _Compiled[Row] | None = None
        self._keys: _Compiled[Any] | None = None  # the same without what only its rows need

    def fetch(self, **values: Any) -> list[Row]:
        """Run it; return its rows, as the queryset yields them."""
        if self._whole is None:
            self._whole = _compile(self._build())
        kept = self._whole
        params = _bound(kept.params, values)
        compiler = copy(kept.compiler)
        compiler.connection = connection  # each thread has its own
        compiler.as_sql = lambda *_ignored, **_also: (kept.sql, params)
        query = copy(kept.queryset.query)
        query.get_compiler = lambda *_ignored, **_also: compiler  # type: ignore[method-assign]  # of this copy alone
        source = SimpleNamespace(
            db=connection.alias, model=kept.queryset.model, query=query, _known_related_objects={},
            _fields=kept.queryset._fields,
        )  # fmt: skip
        return list(kept.queryset._iterable_class(source))

    def first(self, **values: Any) -> Row | None:
        """Run it; return its first row, or None. The queryset itself says in which order, and limits the rows."""
        return next(iter(self.fetch(**values)), None)

    def count(self, **values: Any) -> Figure:
        """Return how many rows it has, to be asked."""
        return self._figure("(SELECT count(*) FROM ({}) AS counted)", values)

    def exists(self, **values: Any) -> Figure:
        """Return whether it has a row, to be asked."""
        return self._figure("EXISTS ({})", values)

    def missing(self, **values: Any) -> Figure:
        """Return whether it has no row, to be asked."""
        return self._figure("NOT EXISTS ({})", values)

    def _figure(self, form: str, values: dict[str, Any]) -> Figure:
        if self._keys is None:
            queryset = self._build()
            self._keys = _compile(queryset if queryset.query.is_sliced else queryset.order_by().values("pk"))
        return Figure(form.format(self._keys.sql), _bound(self._keys.params, values))


@dataclass(frozen=True, slots=True)
class _Compiled(Generic[Row]):
    queryset: Any  # QuerySet[Any, Row], of which more is read than its type tells
    compiler: Any
    sql: str
    params: tuple[Any, ...]


def _compile(queryset: QuerySet[Any, Row]) -> _Compiled[Row]:
    compiler = queryset.query.get_compiler(connection.alias)
    sql, params = compiler.as_sql()
    return _Compiled(queryset, compiler, sql, tuple(params))


def _bound(params: tuple[Any, ...], values: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(one.value_for(values) if isinstance(one, Bind) else one for one in params)


def ask(*figures: Figure) -> tuple[Any, ...]:
    """Return the values of some figures in their order, by one query; without any by none."""
    if not figures:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(figure.sql for figure in figures)}",
            [value for figure in figures for value in figure.params],
        )
        return tuple(cursor.fetchone())
