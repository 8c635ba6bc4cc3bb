"""Arithmetic of money owed, paid and refunded; amounts in words."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.clock import CHINA, legal_day
from kernel.money import ZERO, Money
from shared.policy.values.pack import Pack

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


@dataclass(frozen=True, slots=True)
class Balance:
    """An order's one ledger: what its lines ask, what came in, what went (or is on its way) back."""

    total: Money
    paid: Money
    refunded_amount: Money

    @property
    def net_paid(self) -> Money:
        """Return what came in and did not go back."""
        return self.paid - self.refunded_amount

    @property
    def outstanding(self) -> Money:
        """Return what is still to be paid, never less than nothing."""
        return max(ZERO, self.total - self.net_paid)

    @property
    def surplus(self) -> Money:
        """Return what was paid too much, never less than nothing."""
        return max(ZERO, self.net_paid - self.total)


def last_moment(pack: Pack, begins_at: datetime) -> datetime | None:
    """Return the end of the last day on which an order may be paid whose term begins at a moment; None where the pack
    sets no term.
    """
    days = pack.fees.pay_within_days
    if days is None:
        return None
    after = legal_day(begins_at) + timedelta(days=days + 1)
    return datetime(after.year, after.month, after.day, tzinfo=CHINA) - timedelta(seconds=1)


def total(amounts: list[Money]) -> Money:
    """Return the sum of amounts."""
    return sum(amounts, ZERO)


def reference(institution_id: uuid.UUID, checkout_id: uuid.UUID) -> str:
    """Return the opaque reference that names an institution and a checkout in an outside system's message."""
    return f"{institution_id.hex}.{checkout_id.hex}"


def parse_reference(text: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Return the institution and checkout of a reference, None for a text that is none."""
    institution, _dot, checkout = text.partition(".")
    try:
        return uuid.UUID(hex=institution), uuid.UUID(hex=checkout)
    except ValueError:
        return None


def in_words(amount: Money) -> str:
    """Return a positive amount in the capitals of Chinese receipts: 捌佰捌拾元整, 壹仟零伍元叁角."""
    yuan, rest = divmod(amount.fen, 100)
    jiao, fen = divmod(rest, 10)
    whole = _whole(yuan) + "元" if yuan else ""
    if not rest:
        return (whole or "零元") + "整"
    tail = (_DIGITS[jiao] + "角" if jiao else "零" if whole else "") + (_DIGITS[fen] + "分" if fen else "")
    return whole + tail


def _whole(number: int) -> str:
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            continue
        if text and (group < 1000 or not groups[place + 1]):
            text += "零"
        text += _thousands(group) + _GROUPS[place]
    return text


def _thousands(group: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return text
