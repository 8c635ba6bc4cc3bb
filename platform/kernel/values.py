"""Values of rows: what one app hands another instead of its rows."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

from django.db.models import QuerySet

V = TypeVar("V")


class ValueList(Generic[V]):
    """The rows of a QuerySet as values, read from the database only when a slice is taken, counted or walked through.

    Tables and paginators take it as they take a list; a page of it costs what the same page of the QuerySet costs. Only
    the columns that a value is made of are read; columns of other tables are looked up for the rows of the slice alone.
    """

    def __init__(self, rows: QuerySet[Any], value: Callable[..., V], columns: Sequence[str]) -> None:
        """Take the rows, and how a value is made of which of their columns, in this order."""
        self._rows, self._value, self._columns = rows, value, columns

    def __len__(self) -> int:
        """Count the rows in the database."""
        return self._rows.count()

    def __iter__(self) -> Iterator[V]:
        """Walk through all values."""
        return (self._value(*row) for row in self._rows.values_list(*self._columns))

    @overload
    def __getitem__(self, key: int) -> V: ...

    @overload
    def __getitem__(self, key: slice) -> list[V]: ...

    def __getitem__(self, key: int | slice) -> V | list[V]:
        """Return one value, or those of a slice."""
        rows = self._rows.values_list(*self._columns)
        if isinstance(key, slice):
            return [self._value(*row) for row in rows[key]]
        return self._value(*rows[key])
