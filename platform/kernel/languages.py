"""The reader's language, where a text stands in the data in both: in a pack, a register, a certificate."""

from django.utils.translation import get_language


def in_english() -> bool:
    """Say whether the active language is English; nothing active means Chinese."""
    return (get_language() or "zh").startswith("en")


def localized(chinese: str, english: str) -> str:
    """Return the one of two wordings that the active language asks for."""
    return english if in_english() else chinese
