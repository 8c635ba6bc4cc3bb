"""Sections as posted: the fields of the outline, read back into what a pack file would say.

Names of fields: `v:PATH` a value, `k:` an entry's key, `c:` how many entries, `s: l: n: e: d:` the marks (source,
clause, note, English note, demo), `b:` marks stand beside a value, `z:` nothing stands there on purpose, `x:` what the
outline does not know. Whatever is typed is read; what is wrong with it says the pack's own check.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from kernel.web.bodies import read_json
from shared.policy.values.pack import PLATFORM_SETTING

from ..methods.outline import FIXED, HEADER, Spec
from ..methods.sheet import NONE

MAX_ENTRIES = 200
MAX_CHARACTERS = 2000
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}\.[0-9]{1,9}")
_SEPARATORS = re.compile(r"[\n,，、;；]+")

_ABSENT: Any = object()
Node = Any


def section_of(spec: Spec, post: QueryDict, body: Mapping[str, Any]) -> dict[str, Node]:
    """Return what the posted section says: the part of the body that it replaces. Empty values are left out."""
    if spec.name != HEADER:
        node = _node(spec, post, spec.name)
        return {} if node is _ABSENT else {spec.name: node}
    values = {f.name: _node(f, post, f.name) for f in spec.fields if f.name not in FIXED}
    fixed = {f.name: body[f.name] for f in spec.fields if f.name in FIXED and f.name in body}
    return fixed | {name: node for name, node in values.items() if node is not _ABSENT}


def _text(post: QueryDict, name: str) -> str:
    return post.get(name, "").replace("\0", "").replace("\r\n", "\n").strip()[:MAX_CHARACTERS]


def _node(spec: Spec, post: QueryDict, path: str) -> Node:
    marks = _marks(post, path)
    if spec.kind == "group":
        if spec.optional and f"g:{path}" not in post:
            return _ABSENT
        inner: Node = _group(spec, post, path)
    elif spec.kind == "entries":
        inner = _entries(spec, post, path)
        if spec.default and not inner:
            return _ABSENT
    elif spec.kind == "map":
        inner = _map(spec, post, path)
    else:
        return _value(spec, post, path, marks)
    if f"b:{path}" in post:
        return {"value": inner, **marks}
    return {**marks, **inner} if isinstance(inner, dict) else inner


def _marks(post: QueryDict, path: str) -> dict[str, Any]:
    """Return the marks that stand at a place."""
    document, clause = _text(post, f"s:{path}"), _text(post, f"l:{path}")
    marks: dict[str, Any] = {}
    if document:
        marks["source"] = f"{document}:{clause}" if clause and document != PLATFORM_SETTING else document
    for mark, prefix in (("note", "n"), ("note_en", "e")):
        if text := _text(post, f"{prefix}:{path}"):
            marks[mark] = text
    if f"d:{path}" in post:
        marks["demo"] = True
    return marks


def _group(spec: Spec, post: QueryDict, path: str) -> dict[str, Node]:
    fields = spec.fields_for(_text(post, f"v:{path}.{spec.by}"))
    values = {field.name: _node(field, post, f"{path}.{field.name}") for field in fields}
    return _unknown_fields(post, path) | {name: node for name, node in values.items() if node is not _ABSENT}


def _unknown_fields(post: QueryDict, path: str) -> dict[str, Any]:
    try:
        unknown = read_json(post.get(f"x:{path}") or "{}")
    except ValueError:
        return {}
    return unknown if isinstance(unknown, dict) else {}


def _count(post: QueryDict, path: str) -> int:
    text = post.get(f"c:{path}", "")
    return min(int(text), MAX_ENTRIES) if re.fullmatch(r"[0-9]{1,4}", text) else 0


def _entries(spec: Spec, post: QueryDict, path: str) -> list[Node]:
    assert spec.item is not None
    return [_node(spec.item, post, f"{path}.{number}") for number in range(_count(post, path))]


def _map(spec: Spec, post: QueryDict, path: str) -> dict[str, Node]:
    assert spec.item is not None
    entries: dict[str, Node] = {}
    for number in range(_count(post, path)):
        key, node = _text(post, f"k:{path}.{number}"), _node(spec.item, post, f"{path}.{number}")
        while key in entries:
            key += "-2"
        entries[key] = "" if node is _ABSENT else node
    return entries


def _value(spec: Spec, post: QueryDict, path: str, marks: Mapping[str, Any]) -> Node:
    """Return a single value with its marks; a value that is missing keeps its marks and is empty."""
    if spec.kind == "choices":
        value: Any = [word[:MAX_CHARACTERS] for word in post.getlist(f"v:{path}") if word] or _ABSENT
    elif spec.kind == "lines":
        value = _lines(spec, post.getlist(f"v:{path}"))
    else:
        value = _read(spec, _text(post, f"v:{path}"))
    if value is _ABSENT and spec.none and (not spec.default or f"z:{path}" in post):
        value = NONE
    if value is _ABSENT and spec.kind in ("lines", "choices") and not spec.default:
        value = []
    if value is _ABSENT:
        return {"value": "", **marks} if marks else _ABSENT
    return {"value": value, **marks} if marks else value


def _read(spec: Spec, text: str) -> Any:
    if not text:
        return _ABSENT
    if spec.kind == "number":
        return _number(text)
    if spec.kind == "flag":
        return {"true": True, "false": False}.get(text, text)
    if spec.kind == "raw":
        return _raw(text)
    return text


def _lines(spec: Spec, texts: Sequence[str]) -> Any:
    """Return a list of single values: ticked, or typed with any gap between them."""
    assert spec.item is not None
    parts = (part.strip() for text in texts for part in _SEPARATORS.split(text.replace("\0", "")))
    return [_read(spec.item, part[:MAX_CHARACTERS]) for part in parts if part][:MAX_ENTRIES] or _ABSENT


def _number(text: str) -> int | float | str:
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _raw(text: str) -> Any:
    try:
        return read_json(text)
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class Act:
    """What a button of the section asks for besides saving: add, drop, raise an entry; give a value its own source."""

    verb: str
    path: str
    which: str = ""


def act_of(post: QueryDict) -> Act | None:
    """Return what the pressed button asks for; None where it only saves."""
    verb, _bar, rest = post.get("do", "").partition("|")
    path, _bar, which = rest.partition("|")
    if verb in ("add", "own"):
        which = _text(post, f"{verb}:{path}")
    return Act(verb, path, which) if verb in _ACTS else None


def apply_act(section: dict[str, Node], act: Act) -> dict[str, Node]:
    """Return the section with the act done; what it does not fit leaves it as it is."""
    above: Node = None
    node: Node = section
    for step in act.path.split(".") if act.path else []:
        above, node = node, _below(node, step)
    if node is None and act.verb == "add" and isinstance(_inner(above), dict):
        node = _inner(above).setdefault(act.path.rpartition(".")[2], {} if act.which else [])
    _ACTS[act.verb](_inner(node), act.which)
    return section


def _inner(node: Node) -> Node:
    return node["value"] if isinstance(node, dict) and "value" in node else node


def _below(node: Node, step: str) -> Node:
    inner = _inner(node)
    if isinstance(inner, list):
        return inner[int(step)] if step.isdecimal() and int(step) < len(inner) else None
    if isinstance(inner, dict):
        return inner.get(step)
    return None


def _place(node: Node, which: str) -> int | None:
    """Return the place of a list's entry; None where it has none such."""
    fits = isinstance(node, list) and re.fullmatch(r"[0-9]{1,4}", which) and int(which) < len(node)
    return int(which) if fits else None


def _add(node: Node, key: str) -> None:
    if isinstance(node, list) and len(node) < MAX_ENTRIES:
        node.append({})
    elif isinstance(node, dict) and key:
        node.setdefault(key, "")


def _drop(node: Node, which: str) -> None:
    if (place := _place(node, which)) is not None:
        del node[place]
    elif isinstance(node, dict):
        node.pop(which, None)


def _move_up(node: Node, which: str) -> None:
    place = _place(node, which)
    if place:
        node[place - 1], node[place] = node[place], node[place - 1]


def _own(node: Node, which: str) -> None:
    if not isinstance(node, dict) or not which:
        return
    inner = _inner(node.get(which, ""))
    node[which] = {"value": inner, "source": PLATFORM_SETTING}


def _begin(node: Node, which: str) -> None:
    if isinstance(node, dict):
        node.setdefault(which, {})


_ACTS = {"add": _add, "drop": _drop, "raise": _move_up, "own": _own, "begin": _begin}
