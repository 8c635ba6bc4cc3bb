"""Reader of pack files: TOML in which every value names its source; each fault is reported with line and key."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from pydantic import ValidationError

from .formats import CURRENT, upgraded
from .lines import Path, key_lines
from .pack import PLATFORM_SETTING, Pack, Source
from .shapes.admission import Document

_HEADER = frozenset({"format", "id", "revision", "jurisdiction", "name", "name_en"})  # of the file itself
MARKS = frozenset({"source", "note", "note_en", "demo"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a pack file."""

    line: int | None
    key: str
    what: str

    def __str__(self) -> str:
        """Return it as one line of text."""
        where = f"line {self.line}, " if self.line else ""
        return f"{where}{self.key}: {self.what}" if self.key else f"{where}{self.what}"


class PackFileError(ValueError):
    """The file is not what it should be; `problems` say all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the problems, first line first."""
        self.problems = tuple(sorted(problems, key=lambda p: (p.line or 0, p.key)))
        super().__init__("\n".join(map(str, self.problems)))

    @classmethod
    def unreadable(cls, fault: tomllib.TOMLDecodeError) -> Self:
        """Return the error for a text that is no TOML."""
        at = re.search(r"at line (\d+)", str(fault))
        return cls([Problem(int(at[1]) if at else None, "", str(fault))])


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file that was read: what to keep (plain JSON), its digest, and the pack it makes."""

    body: Mapping[str, Any]
    digest: str
    pack: Pack


def read(text: str) -> PackFile:
    """Return the pack in `text`. The digest is that of what the file says: comments and layout do not change it."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise PackFileError.unreadable(fault) from None
    return _pack_file(_plain(tree), key_lines(text))


def read_body(body: Mapping[str, Any]) -> PackFile:
    """Return the pack that a body says (a draft's), as a file with that body would be read.

    Its faults are told by their keys; it has no lines.
    """
    return _pack_file(_plain(dict(body)), None)


def _pack_file(body: Mapping[str, Any], lines: Mapping[Path, int] | None) -> PackFile:
    if "format" not in body:
        raise PackFileError([Problem(1 if lines is not None else None, "format", f"is missing: format = {CURRENT}")])
    raw = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return PackFile(body, hashlib.sha256(raw.encode()).hexdigest(), pack_of(body, lines=lines))


def _plain(node: Any) -> Any:
    """Return the tree as JSON holds it; dates as ISO text."""
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    return node.isoformat() if isinstance(node, date | datetime) else node


def pack_of(body: Mapping[str, Any], *, lines: Mapping[Path, int] | None = None) -> Pack:
    """Return the pack that `body` says; raise PackFileError with every problem, at its line where `lines` are known.

    A body that was stored in an older format is read as what it said then.
    """
    body = upgraded(body)
    parsed = _ParsedBody(body)
    problems = [_problem(body, path, what, lines) for path, what in parsed.problems]
    try:
        pack = Pack.model_validate(parsed.values)
    except ValidationError as fault:
        raise PackFileError([*problems, *problems_of(fault, body, lines)]) from None
    documents = {document.key: document for document in pack.documents}
    sources: dict[str, Source] = {}
    for path, marks in parsed.sources.items():
        source = _source(marks, documents)
        if source is None:
            problems.append(_problem(body, path, f"names an unknown source: {marks.get('source')}", lines))
        else:
            sources[dotted(body, path)] = source
    if problems:
        raise PackFileError(problems)
    return pack.with_sources(sources)


def leaves(body: Mapping[str, Any]) -> dict[str, tuple[Any, Source | None]]:
    """Return every value of a body with its source, by the path that people read; of a draft whose source is unknown,
    and of what the file says about itself, the source is None.
    """
    parsed = _ParsedBody(body)
    empty = {"number": "", "title": "", "title_en": ""}
    documents = {d["key"]: Document.model_construct(**(empty | d)) for d in body.get("documents", ()) if "key" in d}
    result: dict[str, tuple[Any, Source | None]] = {}
    for path, value in parsed.leaves.items():
        marks = parsed.sources.get(path)
        result[dotted(body, path)] = (value, _source(marks, documents) if marks else None)
    return result


class _ParsedBody:
    """A body taken apart: the bare values, the marks (source, note, demo) of each, and what is wrong with the marks."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.sources: dict[Path, Mapping[str, Any]] = {}
        self.problems: list[tuple[Path, str]] = []
        self.leaves: dict[Path, Any] = {}
        self.values = self._walk(dict(body), (), {})

    def _walk(self, node: Any, path: Path, marks: Mapping[str, Any]) -> Any:
        if isinstance(node, dict):
            own = {name: node[name] for name in MARKS & node.keys()}
            # a source of its own comes with a note and a demo mark of its own, or none
            marks = own if "source" in own else {**marks, **own}
            if "value" in node:
                return self._leaf(node, path, marks)
            return {k: self._walk(v, (*path, k), marks) for k, v in node.items() if k not in MARKS}
        if isinstance(node, list) and any(isinstance(entry, dict) for entry in node):
            return [self._walk(entry, (*path, n), marks) for n, entry in enumerate(node)]
        self._mark(path, marks)
        if path[-1] != "key":
            self.leaves[path] = node
        return node

    def _leaf(self, node: Mapping[str, Any], path: Path, marks: Mapping[str, Any]) -> Any:
        if unknown := sorted(node.keys() - MARKS - {"value"}):
            self.problems.append((path, f"beside value stand unknown keys: {', '.join(unknown)}"))
        self._mark(path, marks)
        self.leaves[path] = node["value"]
        return node["value"]

    def _mark(self, path: Path, marks: Mapping[str, Any]) -> None:
        if path[0] == "documents" or (len(path) == 1 and path[0] in _HEADER):
            return
        if path[-1] == "key":
            return
        if "source" not in marks:
            self.problems.append((path, "names no source: give a clause of a document, or not-from-policy"))
        elif not all(isinstance(mark, bool if name == "demo" else str) for name, mark in marks.items()):
            self.problems.append((path, "source and notes are texts, demo is true or false"))
        else:
            self.sources[path] = marks


def _source(marks: Mapping[str, Any], documents: Mapping[str, Document]) -> Source | None:
    reference = str(marks["source"])
    rest = {name: mark for name, mark in marks.items() if name != "source"}
    if reference == PLATFORM_SETTING:
        return Source(None, **rest)
    key, _, clause = reference.partition(":")
    return Source(documents[key], clause, **rest) if key in documents else None


def problems_of(fault: ValidationError, body: Any, lines: Mapping[Path, int] | None) -> list[Problem]:
    """Return what pydantic found wrong, each at its line and by its key."""
    problems = [
        _problem(
            body,
            (*_error_path(body, e["loc"], whole=e["type"] == "misfit"), *e.get("ctx", {}).get("path", ())),
            e["msg"].removeprefix("Value error, "),
            lines,
        )
        for e in fault.errors()
    ]
    return list(dict.fromkeys(problems))


def _error_path(body: Any, loc: Path, *, whole: bool) -> Path:
    """Return where an error stands in the body: without the steps that pydantic puts in for the choice of a shape. The
    last step may be a key that is missing, unless the error is one of a `whole` shape.
    """
    path: list[str | int] = []
    node = body
    for place, step in enumerate(loc, start=1):
        node = _inside(node)
        if isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
        elif isinstance(node, dict) and (step in node or (place == len(loc) and not whole)):
            node = node.get(step)
        else:
            continue
        path.append(step)
    return tuple(path)


def _inside(node: Any) -> Any:
    """Return what a marked value holds, or the node itself."""
    return node["value"] if isinstance(node, dict) and "value" in node else node


def _problem(body: Mapping[str, Any], path: Path, what: str, lines: Mapping[Path, int] | None) -> Problem:
    line_numbers = lines or {}
    line = next((line_numbers[path[:n]] for n in range(len(path), 0, -1) if path[:n] in line_numbers), None)
    return Problem(line, dotted(body, path), what)


def dotted(body: Any, path: Path) -> str:
    """Return a path for people: entries of a list by their key, else by their number from 0."""
    names: list[str] = []
    node = body
    for step in path:
        try:
            node = _inside(node)[step]
        except (KeyError, IndexError, TypeError):
            node = None
        has_key = isinstance(step, int) and isinstance(node, dict) and isinstance(node.get("key"), str)
        names.append(node["key"] if has_key else str(step))
    return ".".join(names)
