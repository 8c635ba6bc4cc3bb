"""Names of people: what may be one, and lists searched for a part of one."""

import re
import unicodedata
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel import folding
from kernel.errors import Invalid

_ZERO = "〇"  # by its category a number, and a character of names
_RARE = re.compile(r"[\u3400-\u4DBF\u9FA6-\u9FFF\U00010000-\U0010FFFF]")
_NOT_IN_NAMES = frozenset({"Cc", "Cn", "Co", "Cs", "Nd", "Nl", "No", "Sc", "Sm", "So"})


class NotAName(Invalid):
    """The text is no name of a person."""

    code: ClassVar[str] = "not-a-name"
    message = _("Enter the name as it stands in the identity document: 2 to 30 characters, no digits.")


def person_name(text: str) -> str:
    """Return a name as it is shown, 2 to 30 characters without digits and signs; refuses (NotAName) what is none."""
    name = folding.shown_name(text)
    if not 2 <= len(name) <= 30 or any(c != _ZERO and unicodedata.category(c) in _NOT_IN_NAMES for c in name):
        raise NotAName
    return name


def same(one: str, other: str) -> bool:
    """Say whether two names are one, however they were typed."""
    return folding.name(one) == folding.name(other)


def with_part(column: str, text: str) -> Q:
    """Return what keeps the rows whose name holds this text."""
    return Q(**{f"{column}__folded_name__contains": folding.name(text)})


def with_beginning(column: str, text: str) -> Q:
    """Return what keeps the rows whose number begins with this text."""
    return Q(**{f"{column}__folded_number__startswith": folding.number(text)})


class NameFilter(django_filters.CharFilter):
    """A filter of a list by a part of a name."""

    def filter(self, qs: "QuerySet[Any]", value: Any) -> "QuerySet[Any]":
        """Keep the rows whose name holds this text."""
        return qs.filter(with_part(str(self.field_name), value)) if value else qs


def rare_characters(name: str) -> list[tuple[str, str]]:
    """Return the characters of a name that a browser's fonts may lack, each with its number in Unicode.

    Those of the first plane are in every Chinese font; a page cannot refuse what it cannot draw, so it says what is
    meant. Papers are made with fonts of our own, which refuse by name (`kernel.paper`).
    """
    return [(c, f"U+{ord(c):04X}") for c in name if _RARE.match(c)]
