"""Reader of pack files: TOML in which every value names its source; each fault is reported with line and key."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from .files import tree_of, unreadable_characters
from .formats import CURRENT, upgraded
from .lines import Path
from .pack import PLATFORM_SETTING, Pack, Source
from .problems import PackFileError, Problem, dotted, problem_at, problems_of
from .shapes.admission import Document

_HEADER = frozenset({"format", "id", "revision", "jurisdiction", "name", "name_en"})  # of the file itself
MARKS = frozenset({"source", "note", "note_en", "demo"})


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file that was read: what to keep (plain JSON), its digest, and the pack it makes."""

    body: Mapping[str, Any]
    digest: str
    pack: Pack


def read(text: str) -> PackFile:
    """Return the pack in `text`. The digest is that of what the file says: comments and layout do not change it.

    Raises PackFileError with every fault, each with its line and key.
    """
    tree = tree_of(text)
    return _pack_file(tree.values, tree.lines, tree.problems)


def read_body(body: Mapping[str, Any]) -> PackFile:
    """Return the pack that a body says (a draft's), as a file with that body would be read.

    Its faults are told by their keys; it has no lines.
    """
    plain = _plain(dict(body))
    unseen = [problem_at(plain, path, what, None) for path, what in unreadable_characters(plain)]
    return _pack_file(plain, None, unseen)


def _pack_file(body: Mapping[str, Any], lines: Mapping[Path, int] | None, problems: Sequence[Problem]) -> PackFile:
    if "format" not in body:
        missing = Problem(1 if lines is not None else None, "format", f"is missing: format = {CURRENT}")
        raise PackFileError([*problems, missing])
    try:
        pack = pack_of(body, lines=lines)
    except PackFileError as fault:
        raise PackFileError([*problems, *fault.problems]) from None
    if problems:
        raise PackFileError(problems)
    raw = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return PackFile(body, hashlib.sha256(raw.encode()).hexdigest(), pack)


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
    try:
        body = upgraded(body)
    except (AttributeError, KeyError, TypeError):
        what = f"is that of old packs, and what they held is not there: write the file in format {CURRENT}"
        raise PackFileError([problem_at(body, ("format",), what, lines)]) from None
    parsed = _ParsedBody(body)
    problems = [problem_at(body, path, what, lines) for path, what in parsed.problems]
    known = _document_keys(parsed.values)
    problems += [
        problem_at(body, path, f"names an unknown source: {marks['source']}", lines)
        for path, marks in parsed.sources.items()
        if _reference(marks)[0] not in (PLATFORM_SETTING, *known)
    ]
    try:
        pack = Pack.model_validate(parsed.values)
    except ValidationError as fault:
        raise PackFileError([*problems, *problems_of(fault, Pack, parsed.values, body, lines)]) from None
    if problems:
        raise PackFileError(problems)
    documents = {document.key: document for document in pack.documents}
    sources = {dotted(body, path): _source(marks, documents) for path, marks in parsed.sources.items()}
    return pack.with_sources({path: source for path, source in sources.items() if source is not None})


def _document_keys(values: Mapping[str, Any]) -> list[str]:
    entries = values.get("documents")
    entries = entries if isinstance(entries, list) else []
    return [entry["key"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("key"), str)]


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


def _reference(marks: Mapping[str, Any]) -> tuple[str, str]:
    """Return the document (or the platform's own setting) and the clause that a source names."""
    key, _, clause = str(marks["source"]).partition(":")
    return key, clause


def _source(marks: Mapping[str, Any], documents: Mapping[str, Document]) -> Source | None:
    key, clause = _reference(marks)
    rest = {name: mark for name, mark in marks.items() if name != "source"}
    if marks["source"] == PLATFORM_SETTING:
        return Source(None, **rest)
    return Source(documents[key], clause, **rest) if key in documents else None
