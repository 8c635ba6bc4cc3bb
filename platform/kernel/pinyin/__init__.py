"""Pinyin: how names are read, and the key by which the database puts lists of names in its order.

The order stands in a function of the database (`public.pinyin_key`, made by migration kernel 0004): names are put in
order where they lie, and no process needs a dictionary for it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import BinaryField, Func, Value

NAMES = Path(__file__).with_name("names.toml")


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings of our own: of characters, of words, of surnames; each syllable with its tone as a digit."""

    characters: Mapping[str, str]
    words: Mapping[str, list[str]]
    surnames: Mapping[str, list[str]]


@cache
def readings() -> Readings:
    """Return the readings that names.toml holds."""
    data = tomllib.loads(NAMES.read_text())
    words, surnames = ({key: text.split() for key, text in data[part].items()} for part in ("words", "surnames"))
    return Readings(data["characters"], words, surnames)


class PinyinKey(Func):
    """The key of a name in the order of its pinyin; of a person's, the surname as surnames are read.

    Names in other letters stand before Chinese ones. People of one surname stand together.
    """

    function = "public.pinyin_key"
    output_field = BinaryField()

    def __init__(self, name: Any, *, person: bool = False, **extra: Any) -> None:
        """Take the column of the name, and whether it is a person's."""
        super().__init__(name, *([Value(True)] if person else []), **extra)
