"""Differences between two packs, value by value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from shared.policy.values.pack import Source
from shared.policy.values.reading import leaves

_IDENTITY_FIELDS = frozenset({"format", "id", "revision"})  # of the file itself; every new version differs in them


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs: where it stands, what it was and is (None: there is none), and on what source."""

    path: str
    before: Any
    after: Any
    source_before: Source | None
    source: Source | None

    @property
    def kind(self) -> Literal["added", "removed", "changed", "source_changed"]:
        """Return what happened: a new value, one less, another value, or the same value on another source."""
        if self.source_before is None and self.before is None:
            return "added"
        if self.source is None and self.after is None:
            return "removed"
        return "source_changed" if self.before == self.after else "changed"

    @property
    def section(self) -> str:
        """Return the section of the pack that it belongs to."""
        return self.path.partition(".")[0]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return what the body `after` says otherwise than `before`, in the order of `after`, then what is gone.

    Entries of a list are the same by their key; where only their order differs, that is one difference at the list.
    """
    old, new = leaves(before), leaves(after)
    changed = [
        Difference(path, *_pair(old.get(path), value), _source(old.get(path)), source)
        for path, (value, source) in new.items()
        if path not in _IDENTITY_FIELDS and old.get(path) != (value, source)
    ]
    removed = [
        Difference(path, value, None, source, None)
        for path, (value, source) in old.items()
        if path not in new and path not in _IDENTITY_FIELDS
    ]
    return (*changed, *removed, *_orders(before, after))


Leaf = tuple[Any, Source | None]


def _pair(old: Leaf | None, value: Any) -> tuple[Any, Any]:
    return (old[0] if old else None), value


def _source(old: Leaf | None) -> Source | None:
    return old[1] if old else None


def _orders(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return the lists that hold the same entries in another order."""
    old, new = _lists(before, ""), _lists(after, "")
    return [
        Difference(path, old[path], keys, None, None)
        for path, keys in new.items()
        if path in old and old[path] != keys and sorted(old[path]) == sorted(keys)
    ]


def _lists(node: Any, path: str) -> dict[str, list[str]]:
    """Return the keys of every list of keyed entries, by the list's path."""
    lists: dict[str, list[str]] = {}
    if isinstance(node, Mapping):
        for name, below in node.items():
            lists |= _lists(below, f"{path}.{name}" if path else name)
    elif isinstance(node, Sequence) and node and all(isinstance(e, Mapping) and "key" in e for e in node):
        lists[path] = [str(entry["key"]) for entry in node]
        for entry in node:
            lists |= _lists({k: v for k, v in entry.items() if k != "key"}, f"{path}.{entry['key']}")
    return lists
