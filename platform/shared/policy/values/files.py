"""Files as people save them: bytes to text, text to a tree that knows the line of each key. What a text has wrong as a
text is told as everything else is, with line, key and cause; nothing here knows what a pack holds.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from math import isfinite
from typing import Any

from .lines import Path, Repetition, key_lines, repetitions
from .problems import PackFileError, Problem, problem_at

MAX_BYTES = 2_000_000
MAX_DEPTH = 12
SAVE_AS = "save it as UTF-8 (in Notepad and WPS: Save as, encoding UTF-8)"
NOTES = frozenset({"note", "note_en"})

_AT = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"-]+)\s*=")
_LONG_NUMBER = re.compile(r"[0-9_]{400,}")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Tree:
    """What a text says, the line of each key, and what is wrong with it although it could be read."""

    values: dict[str, Any]
    lines: Mapping[Path, int]
    problems: tuple[Problem, ...] = ()


def text_of(raw: bytes) -> str:
    """Return the text of a file in UTF-8, with or without a mark at its beginning; raises PackFileError for any other
    encoding, which it names where it is one that Chinese computers write.
    """
    if len(raw) > MAX_BYTES:
        raise PackFileError([Problem(None, "", f"the file is longer than {MAX_BYTES // 1_000_000} MB")])
    if raw[:2] in _UTF16 or raw[:400].count(0) * 5 > len(raw[:400]):  # every second byte of our letters is nought
        raise PackFileError([Problem(1, "", f"the file is UTF-16, not UTF-8: {SAVE_AS}")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        kind = "looks like GB18030 (GBK, ANSI), not UTF-8" if _reads(raw, "gb18030") else "is no text in UTF-8"
        raise PackFileError([Problem(line, "", f"the file {kind}: {SAVE_AS}")]) from None


def _reads(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def tree_of(text: str) -> Tree:
    """Return what a TOML text says, dates as ISO text; raises PackFileError where it cannot be read at all.

    Keys that are given twice do not stop the reading: what stands first counts, and the others are problems. After any
    other fault of the writing nothing that follows can be told for certain, so that fault is told alone.
    """
    if not text.strip():
        raise PackFileError([Problem(1, "", "the file is empty")])
    try:
        values = _loaded(text)
        return _checked(Tree(values, key_lines(text)))
    except tomllib.TOMLDecodeError as fault:
        again = repetitions(text)
        if not again:
            raise PackFileError([_syntax(text, fault)]) from None
        return _without(text, again)


def _loaded(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise PackFileError([Problem(None, "", "the file is nested too deep")]) from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as fault:  # a number of thousands of digits, a day that is none
        long = _LONG_NUMBER.search(text)
        line = text.count("\n", 0, long.start()) + 1 if long else None
        raise PackFileError([Problem(line, _key_in(text, line), str(fault)[:200])]) from None


def _syntax(text: str, fault: tomllib.TOMLDecodeError) -> Problem:
    """Return what is wrong with the writing, with the key that stands on the line."""
    at = _AT.search(str(fault))
    line = int(at[1]) if at and at[1] else text.count("\n") + 1
    what = _AT.sub("", str(fault))
    if what == "Invalid date or datetime":
        what = "there is no such day in the calendar"
    return Problem(line, _key_in(text, line), what)


def _key_in(text: str, line: int | None) -> str:
    lines = text.splitlines()
    match = _KEY.match(lines[line - 1]) if line and line <= len(lines) else None
    return match[1].strip('"') if match else ""


def _without(text: str, again: tuple[Repetition, ...]) -> Tree:
    """Return the tree of a text without what it says a second time."""
    problems = [
        Problem(one.line, ".".join(map(str, one.path)), f"given twice: the first stands on line {one.first}")
        for one in again
    ]
    rest = text
    for one in again:
        blank = re.sub(r"[^\n]", " ", text[one.start : one.end])
        rest = rest[: one.start] + blank + rest[one.end :]
    try:
        tree = _checked(Tree(_loaded(rest), key_lines(rest)))
    except tomllib.TOMLDecodeError:
        raise PackFileError(problems) from None
    except PackFileError as fault:
        raise PackFileError([*problems, *fault.problems]) from None
    return Tree(tree.values, tree.lines, (*problems, *tree.problems))


def _checked(tree: Tree) -> Tree:
    if not tree.values:
        raise PackFileError([Problem(1, "", "the file says nothing: all of it is comments")])
    if _levels(tree.values) > MAX_DEPTH:
        raise PackFileError([Problem(None, "", "the file is nested too deep")])
    faults: list[tuple[Path, str]] = []
    values = _plain(tree.values, (), faults)
    problems = [problem_at(values, path, what, tree.lines) for path, what in (*faults, *unreadable_characters(values))]
    return Tree(values, tree.lines, tuple(problems))


def _levels(node: Any) -> int:
    """Return how deep a tree is, without going down by recursion."""
    depth, level = 0, [node]
    while level:
        depth += 1
        level = [
            below
            for part in level
            for below in (part.values() if isinstance(part, dict) else part if isinstance(part, list) else ())
        ]
    return depth


def _plain(node: Any, path: Path, faults: list[tuple[Path, str]]) -> Any:
    """Return the tree as JSON holds it; days and moments as ISO text."""
    if isinstance(node, dict):
        return {key: _plain(value, (*path, key), faults) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value, (*path, number), faults) for number, value in enumerate(node)]
    if isinstance(node, float) and not isfinite(node):
        faults.append((path, "is no number that can be kept"))
        return 0
    if isinstance(node, int) and abs(node) >= 1 << 63:
        faults.append((path, "is a number too large to be kept"))
        return 0
    return node.isoformat() if isinstance(node, date | datetime | time) else node


def unreadable_characters(node: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the texts and keys that hold what nobody sees: NUL and control characters, marks of direction, halves of
    characters. Line breaks may stand in notes and in clauses, which are read as paragraphs.
    """
    if isinstance(node, dict):
        for key, value in node.items():
            yield from (((*path, key), what) for what in _unseen(str(key), lines=False))
            yield from unreadable_characters(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from unreadable_characters(value, (*path, number))
    elif isinstance(node, str):
        lines = bool(path) and (path[-1] in NOTES or "clauses" in path)
        yield from ((path, what) for what in _unseen(node, lines=lines))


def _unseen(text: str, *, lines: bool) -> Iterator[str]:
    """Yield one sentence for a text that holds unseen characters, naming the first of them."""
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") and not (lines and char in "\n\r\t"):
            yield f"holds a character that cannot be seen (U+{ord(char):04X})"
            return
