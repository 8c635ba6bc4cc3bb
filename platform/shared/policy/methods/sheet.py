"""A section of a pack as a sheet of cells: what stands where, under which name, on which source, and what is wrong.

One sheet serves the page that shows a version and the form that drafts one. The outline says which cells there are, the
body what is in them; a body with faults has a sheet as well.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from . import labels
from .outline import FIXED, HEADER, SIMPLE, Spec
from .pack import OUR_OWN, Source
from .reading import MARKS, Problem
from .shapes.admission import Document

UNSOURCED = FIXED | {"name", "name_en"}  # of the header: says what the file is, rests on nothing
NONE = "none"


@dataclass(slots=True)
class Cell:
    """One place of a sheet. `path` is its address in the form, `known` its path as faults and differences name it."""

    spec: Spec
    path: str
    known: str
    label: str
    text: str = ""  # what stands in the field of a form
    chosen: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    shown: str = ""  # what a reader sees
    key: str = ""  # an entry's
    cells: list["Cell"] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    own: Mapping[str, Any] = field(default_factory=dict)  # the marks that stand here
    source: Source | None = None  # on which it rests, here or further up
    sourced: bool = True  # may carry marks
    boxed: bool = False
    there: bool = False
    fixed: bool = False
    unknown_document: bool = False
    referring: bool = False
    strangers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Return what kind of place it is."""
        return self.spec.kind

    @property
    def simple(self) -> bool:
        """Say whether it holds one value."""
        return self.spec.kind in SIMPLE or self.spec.kind == "raw"

    @property
    def own_source(self) -> tuple[str, str]:
        """Return the source that stands here: document (or "not-from-policy", or "" for none) and clause."""
        document, _colon, clause = str(self.own.get("source", "")).partition(":")
        return document, clause

    @property
    def missing_part(self) -> bool:
        """Say whether it is a part that this body leaves out."""
        return self.spec.optional and not self.there

    @property
    def above(self) -> str:
        """Return the address of what it stands in."""
        return self.path.rpartition(".")[0]

    @property
    def marked(self) -> bool:
        """Say whether marks for everything in it may stand here."""
        return self.sourced and (self.spec.kind in ("group", "map") or self.boxed)

    @property
    def rows_sourced(self) -> bool:
        """Say whether the rows of a list rest on sources of their own."""
        return any(cell.sourced for cell in self.cells)

    @property
    def shown_source(self) -> Source | None:
        """Return the source of a row: its own or what it stands in, else its first value's."""
        return self.source or next((cell.source for cell in self.cells if cell.source), None)

    @property
    def ticks(self) -> bool:
        """Say whether values are ticked among what is offered."""
        return self.spec.kind == "choices" or (self.spec.kind == "lines" and bool(self.options))

    @property
    def lost(self) -> list[str]:
        """Return what is ticked and not offered."""
        offered = dict(self.options)
        return [word for word in self.chosen if word not in offered]

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
    def plain_day(self) -> bool:
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
        return [labels.of(column) for column in self.columns]

    @property
    def singly(self) -> list["Cell"]:
        """Return the values in a row that rest on a source of their own."""
        return [cell for cell in self.cells if cell.own]

    @property
    def alike(self) -> list["Cell"]:
        """Return the values in a row that rest on the row's source and could have one of their own."""
        return [cell for cell in self.cells if cell.sourced and not cell.own]

    @property
    def strangers_json(self) -> str:
        """Return what the outline does not know, for its way through a form."""
        return json.dumps(self.strangers, ensure_ascii=False) if self.strangers else ""

    @property
    def troubled(self) -> int:
        """Return how many faults are here and below."""
        return len(self.faults) + sum(cell.troubled for cell in self.cells)

    def walk(self) -> Iterator["Cell"]:
        """Yield this cell and all below it."""
        yield self
        for cell in self.cells:
            yield from cell.walk()


@dataclass(frozen=True, slots=True)
class _Book:
    """What every cell of a body needs to know of the rest of it."""

    body: Mapping[str, Any]
    documents: Mapping[str, Document]


def sheet(spec: Spec, body: Mapping[str, Any], problems: Sequence[Problem] = ()) -> Cell:
    """Return the sheet of one section of a body, each problem at its place."""
    book = _Book(body, documents_of(body))
    if spec.name == HEADER:
        inner = {name: body[name] for name in (f.name for f in spec.fields) if name in body}
        cell = Cell(spec, "", "", labels.of(spec), sourced=False, there=True)
        cell.cells = [_cell(f, inner.get(f.name), f.name, f.name, {}, book) for f in spec.fields]
    else:
        cell = _cell(spec, body.get(spec.name), spec.name, spec.name, {}, book)
    _place(cell, problems)
    return cell


def documents_of(body: Mapping[str, Any]) -> dict[str, Document]:
    """Return the documents that a body names, faults and all."""
    entries = body.get("documents", ())
    if not isinstance(entries, list):
        return {}
    empty = {"key": "", "number": "", "title": "", "title_en": ""}
    named = [e for e in entries if isinstance(e, dict) and isinstance(e.get("key"), str)]
    return {e["key"]: Document.model_construct(**(empty | {k: str(v) for k, v in e.items()})) for e in named}


def source_of(marks: Mapping[str, Any], documents: Mapping[str, Document]) -> Source | None:
    """Return the source that marks name; None for none or an unknown document."""
    reference = str(marks.get("source", ""))
    rest = {"note": str(marks.get("note", "")), "note_en": str(marks.get("note_en", ""))}
    demo = marks.get("demo") is True
    if reference == OUR_OWN:
        return Source(None, demo=demo, **rest)
    key, _colon, clause = reference.partition(":")
    return Source(documents[key], clause, demo=demo, **rest) if key in documents else None


def opened(node: Any) -> tuple[Any, dict[str, Any], bool]:
    """Return what stands in a node, its own marks, and whether they stand beside a `value`."""
    if not isinstance(node, dict):
        return node, {}, False
    marks = {name: node[name] for name in node if name in MARKS}
    if "value" in node:
        return node["value"], marks, True
    return {name: below for name, below in node.items() if name not in MARKS}, marks, False


def _cell(spec: Spec, node: Any, path: str, known: str, above: Mapping[str, Any], book: _Book) -> Cell:
    inner, own, boxed = opened(node)
    marks = own if "source" in own else {**above, **own}
    sourced = _sourced(spec, path)
    cell = Cell(
        spec,
        path,
        known,
        labels.of(spec),
        own=own,
        source=source_of(marks, book.documents) if sourced else None,
        sourced=sourced,
        boxed=boxed,
        there=node is not None,
        fixed=path in FIXED,
        referring=f"{spec.owner}.{spec.name}" in labels.REFERENCES,
    )
    cell.unknown_document = cell.own_source[0] not in ("", OUR_OWN, *book.documents)
    if spec.kind == "group":
        _fill_group(cell, inner, marks, book)
    elif spec.kind == "entries":
        _fill_entries(cell, inner, marks, book)
    elif spec.kind == "map":
        _fill_map(cell, inner, marks, book)
    else:
        if spec.kind != "raw" and isinstance(inner, dict):
            inner = json.dumps(inner, ensure_ascii=False)
        _fill_value(cell, inner, book)
    return cell


def _sourced(spec: Spec, path: str) -> bool:
    return path.partition(".")[0] != "documents" and path not in UNSOURCED and spec.name != "key"


def _fill_group(cell: Cell, inner: Any, marks: Mapping[str, Any], book: _Book) -> None:
    values = inner if isinstance(inner, dict) else {}
    below = {} if cell.boxed else marks
    fields = cell.spec.fields_for(opened(values.get(cell.spec.by))[0])
    for spec in fields:
        made = _cell(spec, values.get(spec.name), f"{cell.path}.{spec.name}", f"{cell.known}.{spec.name}", below, book)
        made.sourced = made.sourced and cell.sourced and not cell.boxed
        cell.cells.append(made)
    names = {spec.name for spec in fields}
    cell.strangers = {name: value for name, value in values.items() if name not in names}


def _fill_entries(cell: Cell, inner: Any, marks: Mapping[str, Any], book: _Book) -> None:
    assert cell.spec.item is not None
    for number, node in enumerate(inner if isinstance(inner, list) else ()):
        key = node.get("key") if isinstance(node, dict) else None
        name = key if isinstance(key, str) else str(number)
        made = _cell(cell.spec.item, node, f"{cell.path}.{number}", f"{cell.known}.{name}", marks, book)
        made.key = key if isinstance(key, str) else ""
        made.label = labels.entry(node, number)
        if cell.boxed:
            for below in made.walk():
                below.sourced = False
        cell.cells.append(made)


def _fill_map(cell: Cell, inner: Any, marks: Mapping[str, Any], book: _Book) -> None:
    assert cell.spec.item is not None
    named = [key for key, _label in labels.references(cell.spec, book.body)]
    values = inner if isinstance(inner, dict) else {}
    ordered = sorted(values, key=lambda key: named.index(key) if key in named else len(named))
    for number, key in enumerate(ordered):
        node = values[key]
        made = _cell(cell.spec.item, node, f"{cell.path}.{number}", f"{cell.known}.{key}", marks, book)
        made.key, made.label = key, labels.referred(cell.spec, key, book.body)
        made.sourced = made.sourced and not cell.boxed
        cell.cells.append(made)
    taken = {made.key for made in cell.cells}
    cell.options = tuple(choice for choice in labels.references(cell.spec, book.body) if choice[0] not in taken)


def _fill_value(cell: Cell, value: Any, book: _Book) -> None:
    spec = cell.spec
    cell.shown = labels.shown(spec, value, book.body)
    if spec.kind in ("choices", "lines"):
        cell.chosen = tuple(str(word) for word in value) if isinstance(value, list) else ()
    if spec.kind == "choices":
        cell.options = _chosen_first(cell, tuple((word, labels.word(spec, word)) for word in spec.choices))
        return
    cell.text = text_of(spec, value)
    if spec.kind == "choice":
        cell.options = tuple((word, labels.word(spec, word)) for word in spec.choices)
    elif spec.kind in ("text", "lines"):
        cell.options = _chosen_first(cell, labels.references(spec, book.body))
    if spec.kind != "lines" and cell.options and cell.text and cell.text not in dict(cell.options):
        cell.options = (*cell.options, (cell.text, cell.text))


def _chosen_first(cell: Cell, options: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return what is offered with what is ticked first and in its order, which a form sends back as it stands."""
    offered = dict(options)
    chosen = [(word, offered[word]) for word in cell.chosen if word in offered]
    return (*chosen, *(option for option in options if option[0] not in cell.chosen))


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


def _place(root: Cell, problems: Sequence[Problem]) -> None:
    """Put each problem at the deepest cell that its key names."""
    at: dict[str, Cell] = {}
    for cell in root.walk():
        at.setdefault(cell.known, cell)
    for problem in problems:
        if not belongs(root.spec, problem.key):
            continue
        steps = problem.key.split(".")
        if len(steps) > 1 and steps[1] in dict(root.spec.variants):
            del steps[1]  # the reader names the variant, too
        tried = (".".join(steps[:length]) for length in range(len(steps), 0, -1))
        found = next((at[name] for name in tried if name in at), root)
        found.faults.append(labels.fault(problem.what))


def belongs(spec: Spec, key: str) -> bool:
    """Say whether a path lies in a section; what lies in none belongs to the header."""
    first = key.partition(".")[0]
    if spec.name == HEADER:
        return first in {below.name for below in spec.fields} or not first or first not in labels.sections()
    return first == spec.name
