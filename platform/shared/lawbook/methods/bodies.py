"""Bodies of pack files, taken as they are: a draft may be begun from a file that still has faults."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from shared.policy.values.reading import MARKS, PackFileError

from .outline import SIMPLE, Spec, outline

MAX_DEPTH = 12


class NotAPack(ValueError):
    """The file has not the build of a pack; the words say where."""


def body_of(text: str) -> dict[str, Any]:
    """Return the body in `text`, with its faults.

    Raises PackFileError where it is no TOML, and NotAPack where it is built so otherwise that no form could show it:
    a section that is no table, a list that is none, what no database can keep.
    """
    try:
        tree = tomllib.loads(text)
        body: dict[str, Any] = json.loads(json.dumps(tree, default=_day, ensure_ascii=False, allow_nan=False))
    except tomllib.TOMLDecodeError as fault:
        raise PackFileError.unreadable(fault) from None
    except (RecursionError, ValueError):
        raise NotAPack("nested too deep, or a number that is none") from None
    if "\0" in text or "\\u0000" in text or "\\U00000000" in text:
        raise NotAPack("a character that cannot be kept (U+0000)")
    if _levels(body) > MAX_DEPTH:
        raise NotAPack("nested too deep")
    if faults := list(_structure_faults(body)):
        raise NotAPack("\n".join(faults))
    return body


def _day(value: Any) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise ValueError(value)


def _levels(node: Any) -> int:
    below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return 1 + max((_levels(part) for part in below), default=0)


def _structure_faults(body: Mapping[str, Any]) -> Iterator[str]:
    for spec in outline()[1:]:
        if spec.name in body:
            yield from _mismatches(spec, body[spec.name], spec.name)


def _mismatches(spec: Spec, node: Any, path: str) -> Iterator[str]:
    """Yield where a node is not built as its place is: a table, a list of tables, a value."""
    inner = node["value"] if isinstance(node, dict) and "value" in node else node
    if spec.none and inner == "none":
        return
    if spec.kind in SIMPLE:
        if spec.name == "key" and not isinstance(inner, str):
            yield f"{path}: a code is a text"
        return
    if spec.kind == "entries":
        if not isinstance(inner, list) or not all(isinstance(entry, dict) for entry in inner):
            yield f"{path}: a list of tables belongs here"
            return
        assert spec.item is not None
        for number, entry in enumerate(inner):
            yield from _mismatches(spec.item, entry, f"{path}.{number}")
    elif spec.kind in ("group", "map"):
        if not isinstance(inner, dict):
            yield f"{path}: a table belongs here"
            return
        fields = {field.name: field for field in spec.fields_for(inner.get(spec.by))}
        for name, below in inner.items():
            place = fields.get(name) or (spec.item if name not in MARKS else None)
            if place is not None:
                yield from _mismatches(place, below, f"{path}.{name}")
