"""Write the data of the order of pinyin, for a migration that makes public.pinyin_key (anew)."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kernel import pinyin

FIRST, LAST = 0x3400, 0x9FFF


def page() -> str:
    """Return the order: a line for each syllable in its tone with its characters, then words and surnames.

    A character with a + before it has this reading in some of the words or surnames alone.
    """
    lines: dict[str, dict[str, bool]] = defaultdict(dict)
    own = pinyin.readings()
    for character, reading in _defaults().items():
        lines[own.characters.get(character, reading)][character] = True
    for words in (own.words, own.surnames):
        for word, syllables in words.items():
            for character, reading in zip(word, syllables, strict=True):
                lines[reading].setdefault(character, False)
    ordered = sorted(lines.items(), key=lambda line: _place(line[0]))
    return "".join(
        [f"{reading} {_characters(characters)}\n" for reading, characters in ordered]
        + [f"={word} {' '.join(syllables)}\n" for word, syllables in own.words.items()]
        + [f"<{word} {' '.join(syllables)}\n" for word, syllables in own.surnames.items()]
    )


def _characters(characters: dict[str, bool]) -> str:
    return "".join(character if default else f"+{character}" for character, default in sorted(characters.items()))


def _place(reading: str) -> tuple[str, bool, str]:
    """Return what puts lu before lü, which is written lv, before luan."""
    syllable, tone = reading[:-1], reading[-1]
    return syllable.replace("v", "u"), "v" in syllable, tone


def _defaults() -> dict[str, str]:
    from pypinyin.contrib.tone_convert import to_tone3  # for whoever draws
    from pypinyin.pinyin_dict import pinyin_dict  # as above

    readings = {chr(code): text.split(",")[0] for code, text in sorted(pinyin_dict.items()) if FIRST <= code <= LAST}
    return {character: to_tone3(text, neutral_tone_with_five=True) for character, text in readings.items()}


class Command(BaseCommand):
    """manage.py draw_pinyin FILE."""

    help = "Writes the data of the order of pinyin."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        options["file"].write_text(page())
