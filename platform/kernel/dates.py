"""Days and moments in words, in the reader's format."""

from datetime import date, datetime
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language


def written(value: date | datetime, style: str) -> str:
    """Return a day, or what a clock shows to the minute, in a format of the language in use (`SHORT_DATE_FORMAT`, …).

    No such format shows seconds or a zone, so that one minute is one text.
    """
    if isinstance(value, datetime):
        value = value.replace(second=0, microsecond=0, tzinfo=None)
    return _written(value, style, get_language())


@lru_cache(maxsize=4096)
def _written(value: date | datetime, style: str, _language: str | None) -> str:
    return formats.date_format(value, style)
