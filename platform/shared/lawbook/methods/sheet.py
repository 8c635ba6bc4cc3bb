"""A section of a pack as a sheet of cells: what stands where, under which name, on which source, and what is wrong.

One sheet serves the page that shows a version and the form that drafts one. The outline says which cells there are, the
body what is in them; a body with faults has a sheet as well.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shared.policy.values.pack import PLATFORM_SETTING, Source
from shared.policy.values.problems import Problem
from shared.policy.values.reading import MARKS
from shared.policy.values.shapes.admission import Document
from shared.policy.values.shown_only import SHOWN_ONLY

from . import labels
from .outline import FIXED, HEADER, SIMPLE, Spec

WITHOUT_SOURCE = FIXED | {"name", "name_en"}  # of the header: says what the file is, rests on nothing
NONE = "none"


@dataclass(slots=True)
class Cell:
    """One place of a sheet. `path` is its address in the form, `known` its path as faults and differences name it."""

    spec: Spec
    path: str
    canonical_path: str
    label: str
    text: str = ""  # what stands in the field of a form
    selected: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    display_text: str = ""  # what a reader sees
    key: str = ""  # an entry's
    cells: list["Cell"] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    own: Mapping[str, Any] = field(default_factory=dict)  # the marks that stand here
    source: Source | None = None  # on which it rests, here or further up
    may_have_source: bool = True  # may carry marks
    has_annotated_value: bool = False
    present: bool = False
    fixed: bool = False
    unknown_document: bool = False
    names_entry: bool = False
    unknown_fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Return what kind of place it is."""
        return self.spec.kind

    @property
    def simple(self) -> bool:
        """Say whether it holds one value."""
        return self.spec.kind in SIMPLE or self.spec.kind == "raw"

    @property
    def shown_only(self) -> bool:
        """Say whether no rule of this platform reads it."""
        return f"{self.spec.owner}.{self.spec.name}" in SHOWN_ONLY

    @property
    def own_source(self) -> tuple[str, str]:
        """Return the source that stands here: document (or "not-from-policy", or "" for none) and clause."""
        document, _colon, clause = str(self.own.get("source", "")).partition(":")
        return document, clause

    @property
    def is_missing_part(self) -> bool:
        """Say whether it is a part that this body leaves out."""
        return self.spec.optional and not self.present

    @property
    def parent_path(self) -> str:
        """Return the address of what it stands in."""
        return self.path.rpartition(".")[0]

    @property
    def takes_marks(self) -> bool:
        """Say whether marks for everything in it may stand here."""
        return self.may_have_source and (self.spec.kind in ("group", "map") or self.has_annotated_value)

    @property
    def has_row_sources(self) -> bool:
        """Say whether the rows of a list rest on sources of their own."""
        return any(cell.may_have_source for cell in self.cells)

    @property
    def row_source(self) -> Source | None:
        """Return the source of a row: its own or what it stands in, else its first value's."""
        return self.source or next((cell.source for cell in self.cells if cell.source), None)

    @property
    def is_multiple_choice(self) -> bool:
        """Say whether values are ticked among what is offered."""
        return self.spec.kind == "choices" or (self.spec.kind == "lines" and bool(self.options))

    @property
    def no_longer_offered(self) -> list[str]:
        """Return what is ticked and not offered."""
        offered = dict(self.options)
        return [word for word in self.selected if word not in offered]

    @property
    def rows(self) -> int:
        """Return how many lines its field has: one is an ordinary field."""
        if self.spec.kind == "lines":
            return min(max(3, self.text.count("\n") + 2), 10)
        return min(max(1, len(self.text) // 34 + 1), 6) if self.spec.kind in ("text", "raw") else 1

    @property
    def long(self) -> bool:
        """Say whether its field has several lines."""
        return self.rows > 1

    @property
    def is_calendar_day(self) -> bool:
        """Say whether it is a day that a calendar can show; what was typed otherwise stays as it was typed."""
        try:
            return self.spec.kind == "day" and bool(not self.text or date.fromisoformat(self.text))
        except ValueError:
            return False

    @property
    def columns(self) -> list[Spec]:
        """Return the columns of a list that is a table."""
        return list(self.spec.item.fields) if self.spec.item else []

    @property
    def column_labels(self) -> list[str]:
        """Return their heads."""
        return [labels.name_of(column) for column in self.columns]

    @property
    def individually_sourced(self) -> list["Cell"]:
        """Return the values in a row that rest on a source of their own."""
        return [cell for cell in self.cells if cell.own]

    @property
    def inheriting_source(self) -> list["Cell"]:
        """Return the values in a row that rest on the row's source and could have one of their own."""
        return [cell for cell in self.cells if cell.may_have_source and not cell.own]

    @property
    def unknown_fields_json(self) -> str:
        """Return what the outline does not know, for its way through a form."""
        return json.dumps(self.unknown_fields, ensure_ascii=False) if self.unknown_fields else ""

    @property
    def fault_count(self) -> int:
        """Return how many faults are here and below."""
        return len(self.faults) + sum(cell.fault_count for cell in self.cells)

    def walk(self) -> Iterator["Cell"]:
        """Yield this cell and all below it."""
        yield self
        for cell in self.cells:
            yield from cell.walk()


@dataclass(frozen=True, slots=True)
class _SheetContext:
    """What every cell of a body needs to know of the rest of it."""

    body: Mapping[str, Any]
    documents: Mapping[str, Document]


def sheet(spec: Spec, body: Mapping[str, Any], problems: Sequence[Problem] = ()) -> Cell:
    """Return the sheet of one section of a body, each problem at its place."""
    context = _SheetContext(body, documents_of(body))
    if spec.name == HEADER:
        inner = {name: body[name] for name in (f.name for f in spec.fields) if name in body}
        cell = Cell(spec, "", "", labels.name_of(spec), may_have_source=False, present=True)
        cell.cells = [_cell(f, inner.get(f.name), f.name, f.name, {}, context) for f in spec.fields]
    else:
        cell = _cell(spec, body.get(spec.name), spec.name, spec.name, {}, context)
    _attach_problems(cell, problems)
    return cell


def documents_of(body: Mapping[str, Any]) -> dict[str, Document]:
    """Return the documents that a body names, faults and all."""
    entries = body.get("documents", ())
    if not isinstance(entries, list):
        return {}
    empty = {"key": "", "number": "", "title": "", "title_en": ""}
    with_keys = [e for e in entries if isinstance(e, dict) and isinstance(e.get("key"), str)]
    return {e["key"]: Document.model_construct(**(empty | {k: str(v) for k, v in e.items()})) for e in with_keys}


def source_of(marks: Mapping[str, Any], documents: Mapping[str, Document]) -> Source | None:
    """Return the source that marks name; None for none or an unknown document."""
    reference = str(marks.get("source", ""))
    rest = {"note": str(marks.get("note", "")), "note_en": str(marks.get("note_en", ""))}
    demo = marks.get("demo") is True
    if reference == PLATFORM_SETTING:
        return Source(None, demo=demo, **rest)
    key, _colon, clause = reference.partition(":")
    return Source(documents[key], clause, demo=demo, **rest) if key in documents else None


def unwrapped(node: Any) -> tuple[Any, dict[str, Any], bool]:
    """Return what stands in a node, its own marks, and whether they stand beside a `value`."""
    if not isinstance(node, dict):
        return node, {}, False
    marks = {name: node[name] for name in node if name in MARKS}
    if "value" in node:
        return node["value"], marks, True
    return {name: below for name, below in node.items() if name not in MARKS}, marks, False


def _cell(
    spec: Spec, node: Any, path: str, canonical_path: str, parent_path: Mapping[str, Any], context: _SheetContext
) -> Cell:
    inner, own, has_annotated_value = unwrapped(node)
    marks = own if "source" in own else {**parent_path, **own}
    may_have_source = _sourced(spec, path)
    cell = Cell(
        spec,
        path,
        canonical_path,
        labels.name_of(spec),
        own=own,
        source=source_of(marks, context.documents) if may_have_source else None,
        may_have_source=may_have_source,
        has_annotated_value=has_annotated_value,
        present=node is not None,
        fixed=path in FIXED,
        names_entry=f"{spec.owner}.{spec.name}" in labels.REFERENCES,
    )
    cell.unknown_document = cell.own_source[0] not in ("", PLATFORM_SETTING, *context.documents)
    if spec.kind == "group":
        _fill_group(cell, inner, marks, context)
    elif spec.kind == "entries":
        _fill_entries(cell, inner, marks, context)
    elif spec.kind == "map":
        _fill_map(cell, inner, marks, context)
    else:
        if spec.kind != "raw" and isinstance(inner, dict):
            inner = json.dumps(inner, ensure_ascii=False)
        _fill_value(cell, inner, context)
    return cell


def _sourced(spec: Spec, path: str) -> bool:
    return path.partition(".")[0] != "documents" and path not in WITHOUT_SOURCE and spec.name != "key"


def _fill_group(cell: Cell, inner: Any, marks: Mapping[str, Any], context: _SheetContext) -> None:
    values = inner if isinstance(inner, dict) else {}
    below = {} if cell.has_annotated_value else marks
    fields = cell.spec.fields_for(unwrapped(values.get(cell.spec.by))[0])
    for spec in fields:
        child = _cell(
            spec,
            values.get(spec.name),
            f"{cell.path}.{spec.name}",
            f"{cell.canonical_path}.{spec.name}",
            below,
            context,
        )
        child.may_have_source = child.may_have_source and cell.may_have_source and not cell.has_annotated_value
        cell.cells.append(child)
    names = {spec.name for spec in fields}
    cell.unknown_fields = {name: value for name, value in values.items() if name not in names}


def _fill_entries(cell: Cell, inner: Any, marks: Mapping[str, Any], context: _SheetContext) -> None:
    assert cell.spec.item is not None
    for number, node in enumerate(inner if isinstance(inner, list) else ()):
        key = node.get("key") if isinstance(node, dict) else None
        name = key if isinstance(key, str) else str(number)
        child = _cell(cell.spec.item, node, f"{cell.path}.{number}", f"{cell.canonical_path}.{name}", marks, context)
        child.key = key if isinstance(key, str) else ""
        child.label = labels.entry_label(node, number)
        if cell.has_annotated_value:
            for below in child.walk():
                below.may_have_source = False
        cell.cells.append(child)


def _fill_map(cell: Cell, inner: Any, marks: Mapping[str, Any], context: _SheetContext) -> None:
    assert cell.spec.item is not None
    referable = [key for key, _label in labels.references(cell.spec, context.body)]
    values = inner if isinstance(inner, dict) else {}
    ordered = sorted(values, key=lambda key: referable.index(key) if key in referable else len(referable))
    for number, key in enumerate(ordered):
        node = values[key]
        child = _cell(cell.spec.item, node, f"{cell.path}.{number}", f"{cell.canonical_path}.{key}", marks, context)
        child.key, child.label = key, labels.reference_label(cell.spec, key, context.body)
        child.may_have_source = child.may_have_source and not cell.has_annotated_value
        cell.cells.append(child)
    used = {child.key for child in cell.cells}
    cell.options = tuple(choice for choice in labels.references(cell.spec, context.body) if choice[0] not in used)


def _fill_value(cell: Cell, value: Any, context: _SheetContext) -> None:
    spec = cell.spec
    cell.display_text = labels.value_label(spec, value, context.body)
    if spec.none and value == NONE and cell.source is not None and not cell.source.from_policy:
        cell.display_text = _("not said by the policy, and not set here")
    if spec.kind in ("choices", "lines"):
        cell.selected = tuple(str(word) for word in value) if isinstance(value, list) else ()
    if spec.kind == "choices":
        cell.options = _selected_first(cell, tuple((word, labels.choice_label(spec, word)) for word in spec.choices))
        return
    cell.text = text_of(spec, value)
    if spec.kind == "choice":
        cell.options = tuple((word, labels.choice_label(spec, word)) for word in spec.choices)
    elif spec.kind in ("text", "lines"):
        cell.options = _selected_first(cell, labels.references(spec, context.body))
    if spec.kind != "lines" and cell.options and cell.text and cell.text not in dict(cell.options):
        cell.options = (*cell.options, (cell.text, cell.text))


def _selected_first(cell: Cell, options: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return what is offered with what is ticked first and in its order, which a form sends back as it stands."""
    offered = dict(options)
    selected = [(word, offered[word]) for word in cell.selected if word in offered]
    return (*selected, *(option for option in options if option[0] not in cell.selected))


def text_of(spec: Spec, value: Any) -> str:
    """Return a value as the field of a form holds it."""
    if value is None or (spec.none and value == NONE):
        return ""
    if spec.kind == "raw":
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n".join(str(entry) for entry in value)
    return str(value)


def _attach_problems(root: Cell, problems: Sequence[Problem]) -> None:
    """Put each problem at the deepest cell that its key names."""
    at: dict[str, Cell] = {}
    for cell in root.walk():
        at.setdefault(cell.canonical_path, cell)
    for problem in problems:
        if not belongs(root.spec, problem.key):
            continue
        steps = problem.key.split(".")
        if len(steps) > 1 and steps[1] in dict(root.spec.variants):
            del steps[1]  # the reader names the variant, too
        candidates = (".".join(steps[:length]) for length in range(len(steps), 0, -1))
        target = next((at[name] for name in candidates if name in at), root)
        target.faults.append(labels.fault_message(problem.what))


def belongs(spec: Spec, key: str) -> bool:
    """Say whether a path lies in a section; what lies in none belongs to the header."""
    first = key.partition(".")[0]
    if spec.name == HEADER:
        return first in {below.name for below in spec.fields} or not first or first not in labels.sections()
    return first == spec.name
