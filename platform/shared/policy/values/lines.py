"""Line numbers of each key and list entry in a TOML text; tomllib gives none, and a person needs one.

The text is one that tomllib has read, so only what is needed to follow it is looked at.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_NAME = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.S)
_HEADER = re.compile(r"^[ \t]*\[", re.M)
_BARE = re.compile(r"[^,\]}\s#]+(?: [0-9:.+Z-]+)?")


@dataclass(frozen=True, slots=True)
class Repetition:
    """A key or table that a text gives a second time: where it stands, where the first does, and the part of the text
    that says it again.
    """

    path: Path
    line: int
    first: int
    start: int
    end: int


def repetitions(text: str) -> tuple[Repetition, ...]:
    """Return what a text gives twice; nothing where it is no TOML otherwise either."""
    try:
        repetitions = _Scanner(text).repetitions
        return tuple(one for one in repetitions if not any(two.start < one.start < two.end for two in repetitions))
    except (AssertionError, IndexError, RecursionError, tomllib.TOMLDecodeError):  # a name may be no TOML itself
        return ()


def key_lines(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every table, key and entry, by its path. What a marked value holds ("value = ...")
    is found under the path without that step, too.
    """
    return _Scanner(text).lines


class _Scanner:
    """One walk through a text."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}
        self.places: dict[Path, int] = {}
        self.repetitions: list[Repetition] = []
        self._breaks = [place for place, char in enumerate(text) if char == "\n"]
        prefix: Path = ()
        self._skip()
        while self.at < len(text):
            prefix = self._header() if text[self.at] == "[" else self._entry(prefix)
            self._skip()

    def _skip(self) -> None:
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at

    def _record(self, path: Path) -> None:
        line = self._line(self.at)
        self.lines.setdefault(path, line)
        self.lines.setdefault(tuple(step for step in path if step != "value"), line)

    def _line(self, place: int) -> int:
        return bisect_right(self._breaks, place - 1) + 1

    def _claim(self, path: Path, start: int, end: int) -> None:
        """Write down where a key or table stands, or that it stood before."""
        first = self.places.setdefault(path, start)
        if first != start:
            self.repetitions.append(Repetition(path, self._line(start), self._line(first), start, end))

    def _names(self) -> list[str]:
        names: list[str] = []
        while True:
            self._skip()
            name = _NAME.match(self.text, self.at)
            assert name is not None  # tomllib has read it
            names.append(_unquoted(name[0]))
            self.at = name.end()
            self._skip()
            if self.text[self.at] != ".":
                return names
            self.at += 1

    def _header(self) -> Path:
        start = self.at
        double = self.text.startswith("[[", self.at)
        self.at += 2 if double else 1
        *parents, last = self._names()
        self.at += 2 if double else 1
        path = (*_resolved(parents, self.counts), last)
        if double:
            self.counts[path] = self.counts.get(path, 0) + 1
            path = (*path, self.counts[path] - 1)
        end, self.at = self.at, start
        self._record(path)
        self.at = end
        if not double:
            self._claim(path, start, self._end_of_table(end))
        return path

    def _end_of_table(self, place: int) -> int:
        """Return where the next table begins; a bracket at a line's beginning within a value is taken for one."""
        following = _HEADER.search(self.text, place)
        return following.start() if following else len(self.text)

    def _entry(self, prefix: Path) -> Path:
        start = self.at
        path = (*prefix, *self._names())
        end, self.at = self.at, start
        self._record(path)
        self.at = end + 1  # behind the equals sign
        self._value(path)
        self._claim(path, start, self.at)
        return prefix

    def _value(self, path: Path) -> None:
        self._skip()
        opening = self.text[self.at]
        if opening in "[{":
            self.at += 1
            self._inside(path, "]" if opening == "[" else "}")
            return
        match = _STRING.match(self.text, self.at) or _BARE.match(self.text, self.at)
        assert match is not None  # tomllib has read it
        self.at = match.end()

    def _inside(self, path: Path, closing: str) -> None:
        """Walk through a list or an inline table to its end."""
        number = 0
        while True:
            self._skip()
            if self.text[self.at] == closing:
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
            elif closing == "}":
                self._entry(path)
            else:
                self._record((*path, number))
                self._value((*path, number))
                number += 1


def _unquoted(name: str) -> str:
    """Return a key as it is meant: without its quotes, its escapes resolved."""
    return str(tomllib.loads(f"key = {name}")["key"]) if name[0] in "\"'" else name


def _resolved(parts: Sequence[str], counts: Mapping[Path, int]) -> Path:
    """Return the path of a table's parents: of each list of tables, the entry begun last."""
    path: Path = ()
    for part in parts:
        path = (*path, part)
        if path in counts:
            path = (*path, counts[path] - 1)
    return path
