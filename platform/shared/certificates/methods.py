"""Snapshots: a certificate's content as plain values, from which everything shown and printed is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kernel.clock import CHINA

FIELDS = ("holder", "institution", "issued_on", "id_masked")  # what a correction may change


@dataclass(frozen=True, slots=True)
class Facts:
    """What goes into a snapshot, as the registers have it now."""

    title: str
    title_en: str
    holder: str
    id_masked: str
    position_key: str
    position: str
    position_en: str
    number: str
    institution: str
    credit_code: str
    tested_on: date
    issued_on: date
    policy: str
    verify_url: str
    demo: bool
    education: Sequence[tuple[str, str]] = ()  # (year, words) of continuing education


def day_words(day: date) -> str:
    """Return a day as a Chinese document writes it."""
    return f"{day.year}年{day.month}月{day.day}日"


def title_parts(title: str) -> tuple[str, str]:
    """Return a title in two lines, the second saying what the certificate is; one where it cannot be cut."""
    head, cut, tail = title.partition("职业培训")
    return (head, cut + tail) if head and cut else ("", title)


def snapshot(facts: Facts, *, version: int, at: datetime) -> dict[str, Any]:
    """Return the snapshot of a version: all that is shown and printed but the whole number of the holder's document."""
    head, tail = title_parts(facts.title)
    local = at.astimezone(CHINA)
    return {
        "title": facts.title,
        "title_head": head,
        "title_tail": tail,
        "title_en": facts.title_en,
        "holder": facts.holder,
        "id_masked": facts.id_masked,
        "position_key": facts.position_key,
        "position": facts.position,
        "position_en": facts.position_en,
        "number": facts.number,
        "institution": facts.institution,
        "credit_code": facts.credit_code,
        "tested_on": facts.tested_on.isoformat(),
        "tested_on_words": day_words(facts.tested_on),
        "issued_on": facts.issued_on.isoformat(),
        "issued_on_words": day_words(facts.issued_on),
        "education": [{"year": year, "words": words} for year, words in facts.education],
        "policy": facts.policy,
        "verify_url": facts.verify_url,
        "version": version,
        "made_at": local.isoformat(),
        "made_at_words": f"{day_words(local.date())} {local:%H:%M}",
        "demo": facts.demo,
    }


def plain_hours(hours: Decimal) -> str:
    """Return class hours as a document writes them: 32, 32.5."""
    return f"{hours.normalize():f}"
