"""Labels for everything in a pack: fields, choices, entries, faults. What the shapes hold and this does not name is
found by a test; until then it goes by its name in the file.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kernel.languages import enumeration, localized
from shared.policy.values.problems import Problem

from .faults import FAULTS
from .outline import Spec, outline, places
from .wording import FIELDS, WORDS

Words = str | Promise

# Fields whose values are keys of another list of the pack, so that they are chosen, not typed.
REFERENCES: Mapping[str, tuple[str, ...]] = {
    "Position.admission": ("eligibility", "admissions"),
    "Education.counts_as": ("eligibility", "educations"),
    "Row.education": ("eligibility", "educations"),
    "Row.major": ("eligibility", "majors"),
    "Row.admissions": ("eligibility", "admissions"),
    "Fees.document": ("documents",),
    "Learning.hours": ("positions",),
}
NOTHING = "—"
_SEPARATOR = " › "


def name_of(spec: Spec) -> str:
    """Return the name of a place in the active language."""
    return str(FIELDS.get(f"{spec.owner}.{spec.name}") or FIELDS.get(spec.name) or _plain(spec.name))


def choice_label(spec: Spec, value: str) -> str:
    """Return a choice in words."""
    return str(WORDS.get(f"{spec.owner}.{spec.name}.{value}") or WORDS.get(value) or value)


def is_labelled(spec: Spec) -> bool:
    """Say whether a place and its choices have names."""
    has_name = f"{spec.owner}.{spec.name}" in FIELDS or spec.name in FIELDS
    return has_name and all(f"{spec.owner}.{spec.name}.{value}" in WORDS or value in WORDS for value in spec.choices)


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()


def entry_label(node: Any, number: int) -> str:
    """Return the name of a list's entry: as people see it, else its key, else which it is."""
    values = {name: _bare(value) for name, value in node.items()} if isinstance(node, dict) else {}
    for chinese, english in (("name", "name_en"), ("title", "title_en")):
        label = localized(str(values.get(chinese) or ""), str(values.get(english) or ""))
        if label:
            return label
    return str(values.get("key") or _("Entry %(n)d") % {"n": number + 1})


def _bare(node: Any) -> Any:
    return node["value"] if isinstance(node, dict) and "value" in node else node


def references(spec: Spec, body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what a field that names an entry of another list can name: keys with their names; nothing for others."""
    place = REFERENCES.get(f"{spec.owner}.{spec.name}")
    node: Any = body
    for step in place or ():
        node = _bare(node.get(step)) if isinstance(node, dict) else None
    entries = node if place and isinstance(node, list) else []
    with_keys = [(n, e) for n, e in enumerate(entries) if isinstance(e, dict) and isinstance(e.get("key"), str)]
    return tuple((e["key"], entry_label(e, n)) for n, e in with_keys)


def reference_label(spec: Spec, key: str, body: Mapping[str, Any]) -> str:
    """Return the name of what a key names."""
    return dict(references(spec, body)).get(key, key)


def value_label(spec: Spec, value: Any, body: Mapping[str, Any]) -> str:
    """Return a value as a reader sees it."""
    if isinstance(value, dict):
        below = {field.name: field for field in (spec.item or spec).fields}
        parts = ((below[name], part) for name, part in value.items() if name in below)
        return " ".join(f"{name_of(field)} {value_label(field, part, body)}" for field, part in parts) or str(value)
    if isinstance(value, list):
        return enumeration(value_label(spec, part, body) for part in value) if value else NOTHING
    if value is None or value == "":
        return NOTHING
    if spec.none and value == "none":
        return _("deliberately none")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str):
        if spec.choices:
            return choice_label(spec, value)
        return _day(value) or reference_label(spec, value, body)
    return str(value)


def _day(text: str) -> str:
    try:
        return formats.date_format(date.fromisoformat(text), "DATE_FORMAT") if len(text) == 10 else ""
    except ValueError:
        return ""


@cache
def sections() -> frozenset[str]:
    """Return the names of the sections."""
    return frozenset(spec.name for spec in outline())


def path_label(dotted: str, *bodies: Mapping[str, Any]) -> tuple[str, Spec | None]:
    """Return a path in words and the place that it names, None for what the outline has not; an entry goes by its name
    in the first body that has it.
    """
    first, _dot, rest = dotted.partition(".")
    head = outline()[0]
    top = next((spec for spec in (*outline()[1:], *head.fields) if spec.name == first), None)
    if top is None:
        return dotted, None
    words, spec, nodes = [name_of(top)], top, [_bare(body.get(first)) for body in bodies]
    steps = rest.split(".") if rest else []
    for step in steps:
        name, below, nodes = _step(spec, step, nodes, bodies)
        words.append(name)
        if below is None:
            return _SEPARATOR.join(words), None
        spec = below
    return _SEPARATOR.join(words), spec


def _step(
    spec: Spec, step: str, nodes: Sequence[Any], bodies: Sequence[Mapping[str, Any]]
) -> tuple[str, Spec | None, list[Any]]:
    if spec.kind == "group":
        if step in dict(spec.variants):
            return step, spec, list(nodes)
        fields = [field for name, entries in (spec.variants or (("", spec.fields),)) for field in entries]
        below = next((field for field in fields if field.name == step), None)
        return (name_of(below) if below else step), below, [_under(node, step) for node in nodes]
    if spec.kind == "map":
        names = (reference_label(spec, step, body) for body in bodies)
        name = next((name for name in names if name != step), step)
        return name, spec.item, [_under(node, step) for node in nodes]
    if spec.kind == "entries":
        entries = [_entry(node, step) for node in nodes]
        name = next((entry_label(node, number) for number, node in entries if node is not None), step)
        return name, spec.item, [node for _number, node in entries]
    return step, None, list(nodes)


def _under(node: Any, name: str) -> Any:
    return _bare(node.get(name)) if isinstance(node, dict) else None


def _entry(node: Any, step: str) -> tuple[int, Any]:
    """Return which entry of a list a step of a path names, by its key or its number."""
    for number, below in enumerate(node if isinstance(node, list) else ()):
        if isinstance(below, dict) and below.get("key", str(number)) == step:
            return number, below
    return 0, None


def fault_message(what: str) -> str:
    """Return what is wrong with a value in the active language."""
    for pattern, words in FAULTS:
        if match := re.fullmatch(pattern, what, re.DOTALL):
            return str(words) % match.groupdict()
    return what


def problem_label(problem: Problem) -> str:
    """Return a problem of a file in the active language, with its line and key."""
    what = fault_message(problem.what)
    where = str(_("line %(line)s")) % {"line": problem.line} if problem.line else ""
    place = ", ".join(part for part in (where, problem.key) if part)
    return f"{place}: {what}" if place else what


def unlabelled() -> list[str]:
    """Return the fields of the shapes that have no name here."""
    return sorted({f"{spec.owner}.{spec.name}" for top in outline() for spec in places(top) if not is_labelled(spec)})
