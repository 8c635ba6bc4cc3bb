"""Names that machines can use, made from Chinese names."""

import json
import re
import subprocess
import sys
from collections.abc import Collection
from functools import cache, lru_cache

from kernel import pinyin

MAX_SLUG_LENGTH = 28
RESERVED = frozenset(
    {"www", "api", "admin", "apply", "static", "mail", "live", "account", "authority", "operator", "public"}
)
# What nearly every name ends with tells nobody apart.
_GENERAL = re.compile(r"(有限(责任)?公司|股份|集团|职业|技能|培训|学校|学院|中心|教育|咨询|省|市)+")
_FOREIGN = re.compile(r"[^a-z0-9]+")
_ELSEWHERE = """
import json, sys, pypinyin
text, words, characters = json.load(sys.stdin)
pypinyin.load_phrases_dict(words)
pypinyin.load_single_dict({ord(c): reading for c, reading in characters.items()})
print(json.dumps(pypinyin.lazy_pinyin(text)))
"""


def slug_base(name: str) -> str:
    """Return the pinyin of what is particular in a name, fit for a host name of at most LONGEST characters."""
    for text in (_GENERAL.sub("", name), name):
        syllables = [_FOREIGN.sub("", s.lower()) for s in _pinyin(text)]
        slug = ""
        for syllable in syllables:
            if len(slug) + len(syllable) > MAX_SLUG_LENGTH:
                break
            slug += syllable
        if len(slug) >= 3:
            return slug
    return "institution"


@lru_cache(maxsize=64)  # a slug asks twice: for what begins like it, and for itself
def _pinyin(text: str) -> tuple[str, ...]:
    """Return the syllables of a text, names of places as they are read there (kernel.pinyin). The dictionary is 57 MB,
    for what is asked once in an institution's life: a process that has not read it leaves it to one that ends.
    """
    if text.isascii():
        return tuple(text.split())
    if "pypinyin" in sys.modules:
        _learn_names()
        from pypinyin import lazy_pinyin  # as said above

        return tuple(lazy_pinyin(text))
    done = subprocess.run(  # noqa: S603  # our own interpreter; the text goes in as data
        [sys.executable, "-c", _ELSEWHERE],
        input=json.dumps([text, *_own_readings()]),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return tuple(json.loads(done.stdout))


def _own_readings() -> tuple[dict[str, list[list[str]]], dict[str, str]]:
    """Return our own readings as the dictionary takes them: tones tell nothing apart in a host name."""
    own = pinyin.readings()
    words = {word: [[syllable[:-1]] for syllable in syllables] for word, syllables in own.words.items()}
    return words, {character: reading[:-1] for character, reading in own.characters.items()}


@cache
def _learn_names() -> None:
    import pypinyin  # as said above

    words, characters = _own_readings()
    pypinyin.load_phrases_dict(words)
    pypinyin.load_single_dict({ord(character): reading for character, reading in characters.items()})


def slug_of(name: str, taken: Collection[str]) -> str:
    """Return a slug for a name that is neither taken nor reserved: the base, else base-2, base-3 …"""
    base = slug_base(name)
    number, slug = 1, base
    while slug in taken or slug in RESERVED:
        number += 1
        slug = f"{base}-{number}"
    return slug


def schema_of(slug: str) -> str:
    """Return the name of the schema of an institution with this slug."""
    return "t_" + slug.replace("-", "_")
