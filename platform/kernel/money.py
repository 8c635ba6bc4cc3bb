"""Money as whole fen: no float ever touches an amount."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel import folding
from kernel.errors import Invalid

_WRITTEN = re.compile(r"-?(?:[0-9]{1,16}|[0-9]{1,3}(?:,[0-9]{3}){1,5})(?:\.[0-9]{1,2})?")
"""Commas stand between thousands alone: 12,50 is no amount, not 1,250."""


class NotAnAmount(Invalid):
    """The text is not an amount in yuan with at most two decimals."""

    code = "not-an-amount"
    message = _("Enter an amount in yuan with at most two decimals.")


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of renminbi in fen (1/100 yuan)."""

    fen: int

    @classmethod
    def from_yuan(cls, text: str | Decimal | int) -> Money:
        """Return the amount that `text` says in yuan, in digits of either width; refuse fractions of a fen, and how
        nobody writes an amount: to read that somehow would be to guess another.
        """
        written = folding.half_width(str(text)).strip()
        if not _WRITTEN.fullmatch(written):
            raise NotAnAmount
        fen = int(Decimal(written.replace(",", "")) * 100)
        if abs(fen) > 10**15:
            raise NotAnAmount
        return cls(fen)

    @property
    def yuan(self) -> Decimal:
        """Return the amount in yuan, with two decimals."""
        return Decimal(self.fen).scaleb(-2).quantize(Decimal("0.01"))

    def __add__(self, other: Money) -> Money:
        """Add two amounts."""
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        """Take one amount from another."""
        return Money(self.fen - other.fen)

    def __mul__(self, times: int) -> Money:
        """Multiply by a whole number."""
        return Money(self.fen * times)

    def __neg__(self) -> Money:
        """Turn the sign."""
        return Money(-self.fen)

    def __bool__(self) -> bool:
        """Say whether there is anything."""
        return self.fen != 0

    def __str__(self) -> str:
        """Return the amount as people write it: ¥1,234.50."""
        sign = "-" if self.fen < 0 else ""
        yuan, fen = divmod(abs(self.fen), 100)
        return f"{sign}¥{yuan:,}.{fen:02}"


ZERO = Money(0)
