"""Bodies of pack files, taken as they are: a draft may be begun from a file that still has faults."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.policy.values.files import tree_of
from shared.policy.values.problems import PackFileError
from shared.policy.values.reading import MARKS

from .outline import SIMPLE, Spec, outline


class NotAPack(ValueError):
    """The file has not the build of a pack; the words say where."""


def body_of(text: str) -> dict[str, Any]:
    """Return the body in `text`, with its faults.

    Raises PackFileError where the text itself is wrong (no TOML, a key given twice, characters that nobody sees: each
    with its line), and NotAPack where it is built so that no form could show it: a section that is no table, a list
    that is none.
    """
    tree = tree_of(text)
    if tree.problems:
        raise PackFileError(tree.problems)
    if faults := list(_structure_faults(tree.values)):
        raise NotAPack("\n".join(faults))
    return tree.values


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
