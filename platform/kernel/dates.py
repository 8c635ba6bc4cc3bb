"""Days and moments in words, in the reader's format."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils import formats
from django.utils.translation import get_language

from kernel import clock

Writer = Callable[[Any], str]  # of a day or a moment


def writer(style: str) -> Writer:
    """Return what writes days, and what a clock shows to the minute, in a format of the language now in use
    (`SHORT_DATE_FORMAT`, …). No such format shows seconds or a zone, so that one minute is one text.
    """
    language = get_language()

    def write(value: date | datetime) -> str:
        if isinstance(value, datetime):
            value = value.replace(second=0, microsecond=0, tzinfo=None)
        return _written(value, style, language)

    return write


def day_in_words(value: date | datetime | None) -> str:
    """Return a day, or the legal day of a moment, in the reader's format; nothing for nothing."""
    if value is None:
        return ""
    return writer("DATE_FORMAT")(clock.legal_day(value) if isinstance(value, datetime) else value)


def moment_in_words(value: datetime) -> str:
    """Return a moment as the clock in China shows it, to the minute, in the reader's format."""
    return writer("SHORT_DATETIME_FORMAT")(value.astimezone(clock.CHINA))


@lru_cache(maxsize=4096)
def _written(value: date | datetime, style: str, _language: str | None) -> str:
    return formats.date_format(value, style)
