"""The reader's language, where a text stands in the data in both: in a pack, a register, a certificate."""

from collections.abc import Iterable

from django.utils.translation import get_language


def in_english() -> bool:
    """Say whether the active language is English; nothing active means Chinese."""
    return (get_language() or "zh").startswith("en")


def localized(chinese: str, english: str) -> str:
    """Return the one of two wordings that the active language asks for."""
    return english if in_english() else chinese


def enumeration(names: Iterable[object]) -> str:
    """Return names one after the other as the active language sets them: 甲、乙, or "A; B".

    No commas in English: names of positions have some of their own.
    """
    return localized("、", "; ").join(map(str, names))
