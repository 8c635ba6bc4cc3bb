"""What a request may hold at all: text that can be stored and shown, JSON with numbers that there are.

A request is searched as it was sent, whole and once. Only a form with files, whose bytes may be anything, is searched
field by field.
"""

import json
import math
import re
from typing import Any, NoReturn

from django.http import HttpRequest, RawPostDataException
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
DEEPEST = 64
"""Levels of JSON within each other: what is deeper is nobody's data, and Python may not read it again."""

# NUL, which PostgreSQL cannot store, and the other control characters, which no page, file or XML can show. The tab and
# the ends of lines are text, but none of an address.
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_IN_TEXT = re.compile(f"[{_CONTROL}]")
_IN_PATH = re.compile(r"[\x00-\x1f\x7f]")
_IN_QUERY = re.compile(rf"%(?:0[0-8bcefBCEF]|1[0-9a-fA-F]|7[fF])|[{_CONTROL}]")
_IN_FORM = re.compile(_IN_QUERY.pattern.encode())
# As JSON writes them; after an even number of backslashes only, for "\\u0000" is a backslash and the letters u0000.
_IN_BYTES = re.compile(f"[{_CONTROL}]".encode())
_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\(?:[bf]|u00(?:0[0-8bcefBCEF]|1[0-9a-fA-F]|7[fF]))")


class UnreadableText(Refusal):
    """The address or what was sent holds a control character, which no text of ours may hold."""

    code = "unreadable-text"
    status = 400
    title = _("This request cannot be read")
    message = _("The address or what was sent holds a character that no text may hold (a control character).")


def require_text(request: HttpRequest) -> None:
    """Refuse (UnreadableText) a request whose path, query, form or other body holds a control character, or is written
    in anything else than UTF-8.
    """
    query = request.META.get("QUERY_STRING", "")
    if _IN_PATH.search(request.path) or (query and _IN_QUERY.search(query)):
        raise UnreadableText
    if request.encoding is not None and request.encoding.lower().replace("-", "") != "utf8":
        raise UnreadableText
    if request.method not in ("GET", "HEAD", "OPTIONS") and _is_faulty(request):
        raise UnreadableText


def _is_faulty(request: HttpRequest) -> bool:
    """Say whether the body holds a control character."""
    if request.content_type == MULTIPART:
        return request.method == "POST" and any(map(holds_control, _texts(request)))
    if request.content_type == URLENCODED:
        return _IN_FORM.search(request.body) is not None
    return _is_faulty_json(request.body)


def _is_faulty_json(body: bytes) -> bool:
    return _IN_BYTES.search(body) is not None or (b"\\" in body and _ESCAPED.search(body) is not None)


def _texts(request: HttpRequest) -> list[str]:
    fields = [text for name, values in request.POST.lists() for text in (name, *values)]
    files = [text for name, uploads in request.FILES.lists() for text in (name, *(one.name for one in uploads))]
    return [*fields, *(text for text in files if text)]


def holds_control(text: str) -> bool:
    """Say whether a text holds a control character that is neither a tab nor the end of a line."""
    return _IN_TEXT.search(text) is not None


def raw(request: HttpRequest) -> bytes:
    """Return the body as it was sent, for who checks its signature or reads JSON; b"" for a form, which was read."""
    try:
        return request.body
    except RawPostDataException:
        return b""


def read_json(raw: bytes | str) -> Any:
    """Return what a JSON text says; ValueError where it is none, or says what no row can hold: NaN, an infinite number
    (1e999 is one), half of a surrogate pair, a control character, or more than DEEPEST levels.
    """
    try:
        tree = json.loads(raw, parse_constant=_refuse_number, parse_float=_finite, parse_int=_whole)
        text = json.dumps(tree, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("too many levels") from None
    if _is_deep(tree):
        raise ValueError("too many levels")
    if _is_faulty_json(text):
        raise ValueError("a control character")
    return tree


def _is_deep(tree: Any) -> bool:
    level = [tree]
    for _depth in range(DEEPEST):
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse_number(text)


def _whole(text: str) -> int:
    return int(text) if len(text) <= 20 else _refuse_number(text[:20])


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
