"""What a request may hold at all: text that the database can store, JSON with numbers that there are."""

import json
import math
import re
from typing import Any, NoReturn

from django.http import HttpRequest, RawPostDataException
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal

NUL = "\0"
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
# A NUL as JSON writes it; after an even number of backslashes only, for "\\u0000" is a backslash and the letters u0000.
_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class UnreadableText(Refusal):
    """The address or what was sent holds a NUL, which no text of ours may hold and PostgreSQL cannot store."""

    code = "unreadable-text"
    status = 400
    title = _("This request cannot be read")
    message = _("The address or what was sent holds a character that no text may hold (NUL).")


def require_text(request: HttpRequest) -> None:
    """Refuse (UnreadableText) a request whose path, query, form or other body holds a NUL."""
    if NUL in request.path or _holds_nul(request.GET):
        raise UnreadableText
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if request.content_type in FORMS:
        faulty = request.method == "POST" and _holds_nul(request.POST)
    else:
        faulty = b"\0" in request.body or _ESCAPED_NUL.search(request.body) is not None
    if faulty:
        raise UnreadableText


def raw(request: HttpRequest) -> bytes:
    """Return the body as it was sent, for who checks its signature or reads JSON; b"" for a form, which was read."""
    try:
        return request.body
    except RawPostDataException:
        return b""


def _holds_nul(data: Any) -> bool:
    return any(NUL in name or any(NUL in value for value in values) for name, values in data.lists())


def read_json(raw: bytes | str) -> Any:
    """Return what a JSON text says; ValueError where it is none, or says what no row can hold: NaN, an infinite number
    (1e999 is one), half of a surrogate pair, or more levels than can be read.
    """
    try:
        tree = json.loads(raw, parse_constant=_refuse_number, parse_float=_finite)
        json.dumps(tree, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("too many levels") from None
    return tree


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse_number(text)


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
