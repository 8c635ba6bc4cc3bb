"""File kinds: the sheets by which existing platforms hand over their records, each belonging to an upper app. And the
mark of what a stand-in for the ministry's system gave.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise

from kernel.access import Actor
from kernel.hooks import Hook
from kernel.sheets import SheetFormat

MARK = "替身"  # every receipt and number of the stand-in begins with it


def is_of_stand_in(number: str) -> bool:
    """Say whether a receipt or certificate number was given by a stand-in, and not by the ministry's system."""
    return number.startswith(f"{MARK}-")


class KeepRow(Protocol):
    """Records one row of a file; returns "new", "changed", "same", or "older" for news older than what is known."""

    def __call__(self, values: Mapping[str, Any], *, by: Actor, at: datetime) -> str:
        """Record a row's values by name."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its sheet, how one row is recorded, what is recorded under some keys, and all that goes out.

    `system` is the outside system whose records these are. `known` and `all` give each row as values by column name,
    `known` with `as_of`, the time of the news.
    """

    label: str | Promise
    system: str
    sheet: SheetFormat
    keep: KeepRow
    known: Callable[[Iterable[str]], Mapping[str, Mapping[str, Any]]]
    all: Callable[[datetime], Iterable[Mapping[str, Any]]]


file_kinds: Hook[Callable[[], FileKind]] = Hook(
    "exchange.file_kinds",
    "Returns the kind of file under its key: columns, and how rows come in and go out.",
    single=True,
)
