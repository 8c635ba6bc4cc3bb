"""Folding: the one form under which a name, a number, a mobile or a mail address is stored for look-up and compared.

What people write differs in what nobody sees: full-width letters, one of ten middle dots, blanks between Chinese
characters, marks of direction that a telephone copies along. Every write, look-up and comparison goes through here. The
functions of the database (`public.folded_name`, `public.folded_number`, migration kernel 0010) fold alike.
"""

import re
import unicodedata

from django.db.models import CharField, Transform

DOT = "·"
"""The middle dot of names of many parts, U+00B7, as identity documents and certificates show it."""

INVISIBLE = (
    r"\u00AD\u034F\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F"
    r"\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF9-\uFFFB\U000110BD\U000110CD\U00013430-\U0001343F"
    r"\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0001\U000E0020-\U000E007F\U000E0100-\U000E01EF"
)
"""Marks of direction, joiners, blanks without width, choices of a glyph: they belong to no name and to no number."""
BLANK = r"\u0009-\u000D\u001C-\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
HAN = r"\u3005\u3007\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\U00020000-\U0003FFFD"
DOTS = "•・‧･∙⋅·●⸱⦁᛫"
DASHES = "‐‑‒–—―−﹣"

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_PLAIN_NUMBER = _FULL_WIDTH | dict.fromkeys(map(ord, DASHES), "-")
_DOTTED = dict.fromkeys(map(ord, DOTS), DOT)
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UPPER = {small: capital for capital, small in _LOWER.items()}
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_BLANKS = re.compile(f"[{BLANK}]+")
_DOT_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}]) *[.．] *(?=[{HAN}])")
_BLANK_AT_DOT = re.compile(f" *{DOT} *")
_BLANK_BETWEEN_HAN = re.compile(f"(?<=[{HAN}]) (?=[{HAN}])")


def visible(text: str) -> str:
    """Return a text without the characters that nobody sees."""
    return _INVISIBLE.sub("", text)


def half_width(text: str) -> str:
    """Return a text whose full-width letters, digits and signs are the plain ones, as a Chinese keyboard mixes them.

    Nothing else changes: a superscript or a circled digit does not become a digit by it, as it does under NFKC.
    """
    return text.translate(_FULL_WIDTH)


def shown_name(text: str) -> str:
    """Return a name as it is shown: plain letters, one kind of dot, no blank between Chinese characters or at a dot."""
    return _spaced(unicodedata.normalize("NFC", half_width(visible(text)).translate(_DOTTED)))


def name(text: str) -> str:
    """Return the folded form of a name, of a person or an institution. Two names are one where these are equal."""
    return _spaced(unicodedata.normalize("NFKC", visible(text).translate(_DOTTED))).translate(_LOWER)


def _spaced(text: str) -> str:
    text = _BLANKS.sub(" ", text)
    for pattern, sign in ((_DOT_BETWEEN_HAN, DOT), (_BLANK_AT_DOT, DOT), (_BLANK_BETWEEN_HAN, "")):
        text = pattern.sub(sign, text)
    return text.strip(" ")


def number(text: str) -> str:
    """Return the folded form of a number that identifies: plain capitals, digits and dashes without blanks.

    Digits that are none on a document (², ③, ٣) stay what they are, so that no check of a number lets them pass.
    """
    return _BLANKS.sub("", visible(text).translate(_PLAIN_NUMBER)).translate(_UPPER)


def mobile(text: str) -> str:
    """Return the folded form of a mobile number: its digits without separators and without the code of China."""
    digits = re.sub(r"[-().]", "", number(text))
    return re.sub(r"^(?:\+|00)86", "", digits)


def address(text: str) -> str:
    """Return the folded form of a mail address, in small letters. Letters of other scripts stay what they are, so that
    nobody is taken for somebody else.
    """
    return _BLANKS.sub("", half_width(visible(text))).translate(_LOWER)


class FoldedName(Transform):
    """A column's folded name, by the database."""

    function, lookup_name, output_field = "public.folded_name", "folded_name", CharField()


class FoldedNumber(Transform):
    """A column's folded number, by the database."""

    function, lookup_name, output_field = "public.folded_number", "folded_number", CharField()


def register_lookups() -> None:
    """Let queries ask for `column__folded_name` and `column__folded_number`."""
    CharField.register_lookup(FoldedName)
    CharField.register_lookup(FoldedNumber)
