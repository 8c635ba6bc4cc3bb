"""Money as whole fen: no float ever touches an amount."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Invalid


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
        """Return the amount that `text` says in yuan; refuse fractions of a fen, NaN and what is no number."""
        try:
            fen = Decimal(str(text).replace(",", "").strip()) * 100
        except ArithmeticError:  # no number, or one with more noughts than there are
            raise NotAnAmount from None
        if not fen.is_finite() or fen != fen.to_integral_value() or abs(fen) > 10**15:
            raise NotAnAmount
        return cls(int(fen))

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
