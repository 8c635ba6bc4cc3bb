"""Cells: what people write into a cell of a table, read as a text, a number that identifies, a day, a time or hours."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Context, Decimal
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.clock import CHINA, YEARS
from kernel.errors import Invalid
from kernel.folding import half_width, visible
from kernel.idnumbers import credit_code

D = TypeVar("D", bound=date)

Words = str | Promise
DIGITS = 15
"""Significant digits that a spreadsheet keeps of a number: the rest of a longer one is lost before the file is read."""
DIGITS_LOST = _(
    "The spreadsheet has kept this as a number, of which only 15 digits are left. Format the column as text and enter "
    "the number again."
)
SERIAL_YEARS = range(1950, 2101)
"""Where a bare number in a column of days is the day's serial number: 2026 and 120102 are none."""

_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]+")
_NUMBER = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?")
_BREAKS = re.compile(r"[^\S \u3000]+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CHINESE_UNITS = re.compile(r"\s*([年月日号时点分秒])\s*")
_UNITS = str.maketrans({"年": "-", "月": "-", "日": " ", "号": " ", "时": ":", "点": ":", "分": ":", "秒": " "})
_MOMENT = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|([0-9]{2})([0-9]{2}))"
    r"(?:[T ]\s*([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]{1,6}))?)?\s*(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)


class CellError(Exception):
    """A cell that cannot be right; the words say why."""

    def __init__(self, message: Words) -> None:
        """Hold the words."""
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as its reader sees it: the text, and the number where the file has kept one.

    `error` says that a formula of it failed. `first_day` is the day with the serial number 0 in this file.
    """

    text: str
    number: int | float | None = None
    error: bool = False
    first_day: date = date(1899, 12, 30)


EMPTY = Cell("")


def clean(text: str) -> str:
    """Return a text of one line without what cannot be printed: line breaks of all kinds, Word's vertical tab among
    them, become a blank, other control characters go.
    """
    return printable(_BREAKS.sub(" ", text)).strip()


def printable(text: str) -> str:
    """Return a text without the characters that no xlsx and no XML can hold; its lines stay."""
    return _UNPRINTABLE.sub("", text.replace("\x0b", "\n").replace("\x0c", "\n"))


def text(max_length: int) -> Callable[[Cell], str]:
    """Return the reader of a cell that holds at most so many characters."""

    def read(cell: Cell) -> str:
        if _has_lost_digits(cell):
            raise CellError(DIGITS_LOST)
        if len(cell.text) > max_length:
            raise CellError(_("At most %(n)s characters.") % {"n": max_length})
        return cell.text

    return read


def identifier(max_length: int) -> Callable[[Cell], str]:
    """Return the reader of a number that identifies something: plain letters and digits, none of them lost."""
    within = text(max_length)

    def read(cell: Cell) -> str:
        value = half_width(visible(within(cell)))
        if _SCIENTIFIC.fullmatch(value):
            raise CellError(DIGITS_LOST)
        if any(unicodedata.category(c) in ("Nd", "No") and not c.isascii() for c in value):
            raise CellError(_("Digits other than 0 to 9, such as ² or ③, are part of no number."))
        return value

    return read


def _has_lost_digits(cell: Cell) -> bool:
    return cell.number is not None and abs(cell.number) >= 10**DIGITS


def company_code(cell: Cell) -> str:
    """Read a unified social credit code."""
    try:
        return credit_code(identifier(60)(cell))
    except Invalid as refusal:
        raise CellError(str(refusal)) from None


def division(cell: Cell) -> str:
    """Read the code of a county, city or province."""
    code = half_width(cell.text)
    if re.fullmatch(r"[0-9]{6}", code) is None:
        raise CellError(_("A division code of six digits."))
    return code


def names(cell: Cell) -> list[str]:
    """Read several names in one cell, sorted and each once."""
    parts = cell.text.replace("；", ";").replace("、", ";").split(";")
    return sorted({part.strip() for part in parts if part.strip()})


def hours(cell: Cell) -> Decimal:
    """Read class hours, to the digits that a spreadsheet shows: 0.30000000000000004 is 0.3."""
    number = half_width(cell.text)
    value = Context(prec=DIGITS).create_decimal(number) if _NUMBER.fullmatch(number) else Decimal(0)
    if not (0 < value <= 999) or value != value.quantize(Decimal("0.1")):
        raise CellError(_("Class hours between 0.1 and 999, with one decimal at most."))
    return value


def day(cell: Cell) -> date:
    """Read a day; of a time with a zone, the day in China."""
    value = _moment(cell)
    if value is None:
        raise CellError(_("A date like 2026-03-02."))
    return value.astimezone(CHINA).date() if value.tzinfo else value.date()


def moment(cell: Cell) -> datetime:
    """Read a moment, in China where the cell names no zone."""
    value = _moment(cell)
    if value is None:
        raise CellError(_("A time like 2026-03-02 09:30."))
    return value if value.tzinfo else value.replace(tzinfo=CHINA)


def _moment(cell: Cell) -> datetime | None:
    """Return the time in a cell, with a zone only where it names one; None where the cell as a whole is none."""
    if (value := _of_serial(cell)) is not None:
        return value
    text = _CHINESE_UNITS.sub(r"\1", half_width(cell.text)).translate(_UNITS).strip().removesuffix(":")
    match = _MOMENT.fullmatch(text)
    if match is None:
        return None
    year, _sign, *rest = match.groups()
    month, day, month_too, day_too, hour, minute, second, fraction, zone = rest
    try:
        clock = time(int(hour or 0), int(minute or 0), int(second or 0), int((fraction or "").ljust(6, "0")))
        value = datetime.combine(date(int(year), int(month or month_too), int(day or day_too)), clock, _zone(zone))
    except ValueError:
        return None
    return value if value.year in YEARS else None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _of_serial(cell: Cell) -> datetime | None:
    """Return the time whose serial number the cell holds, where the column was never formatted as one of days."""
    if cell.number is None:
        return None
    try:
        value = datetime.combine(cell.first_day, datetime.min.time()) + timedelta(days=cell.number)
    except OverflowError:
        return None
    rounded = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return rounded if rounded.year in SERIAL_YEARS else None


def in_words(value: Any) -> str:
    """Return a day or a time as it is written out."""
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
