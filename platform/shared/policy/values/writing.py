"""Writer of pack files: TOML in the order of the shapes, so that the same body always gives the same text, and a text
that is read again says the same (it has the same digest). Comments are the writer's own and are not kept; sources and
notes are.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from .pack import PLATFORM_SETTING, Pack
from .reading import MARKS
from .shapes.base import Shape, shapes_in

_MARKS = ("source", "demo", "note", "note_en")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def toml_of(body: Mapping[str, Any]) -> str:
    """Return the text of a pack's body (as `reading.read` returns it, or as a draft holds it, with its faults)."""
    order = [str(position.get("key")) for position in body.get("positions", ()) if isinstance(position, dict)]
    return "\n".join(_table(body, (), (Pack,), order)).strip("\n") + "\n"


def as_revision(body: Mapping[str, Any], *, revision: int, effective_from: date) -> dict[str, Any]:
    """Return the body as another revision that is in force from another day on; source and note of the day are kept."""
    day = effective_from.isoformat()
    was = body.get("effective_from")
    annotated = {**was, "value": day} if isinstance(was, dict) else {"value": day, "source": PLATFORM_SETTING}
    return {**body, "revision": revision, "effective_from": annotated}


def _table(
    node: Mapping[str, Any], path: tuple[str, ...], shapes: Sequence[type[Shape]], positions: Sequence[str]
) -> Iterator[str]:
    """Yield the lines of a table: what is written in one line first, then the tables below it."""
    fields = {name: field.annotation for shape in shapes for name, field in shape.model_fields.items()}
    names = sorted(node, key=lambda name: _place(name, list(fields), positions, entry="key" in node))
    below = [name for name in names if _is_table(node[name]) or _is_tables(node[name])]
    for name in names:
        if name not in below:
            yield f"{_key(name)} = {_value(node[name])}"
    for name in below:
        inner, title = shapes_in(fields.get(name)), ".".join(map(_key, (*path, name)))
        entries = node[name] if _is_tables(node[name]) else [node[name]]
        for entry in entries:
            yield from ("", f"[[{title}]]" if _is_tables(node[name]) else f"[{title}]")
            yield from _table(entry, (*path, name), inner, positions)


def _place(name: str, fields: Sequence[str], positions: Sequence[str], *, entry: bool) -> tuple[int, int, str]:
    """Return where a key stands in its table: as in its shape, positions as the pack lists them, strangers last. Marks
    open a section, and close an entry of a list.
    """
    if name in MARKS:
        return (1 if entry else -1, _MARKS.index(name), name)
    for place, order in enumerate((fields, positions)):
        if name in order:
            return (0, place * 1000 + list(order).index(name), name)
    return (0, 9999, name)


def _is_table(node: Any) -> bool:
    return isinstance(node, dict) and "value" not in node


def _is_tables(node: Any) -> bool:
    return isinstance(node, list) and bool(node) and all(isinstance(entry, dict) for entry in node)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(node: Any) -> str:
    """Return a value in one line; a day written as text is written as the day it is."""
    if isinstance(node, dict):
        names = sorted(node, key=lambda name: _MARKS.index(name) if name in MARKS else -1)
        return "{ " + ", ".join(f"{_key(name)} = {_value(node[name])}" for name in names) + " }"
    if isinstance(node, list | tuple):
        return "[" + ", ".join(map(_value, node)) + "]"
    if isinstance(node, bool):
        return "true" if node else "false"
    if isinstance(node, str):
        return node if _is_day(node) else _text(node)
    return node.isoformat() if isinstance(node, date) else str(node)


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
