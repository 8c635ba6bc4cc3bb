"""Conflicts: several people change one thing from pages that show it as it was; nobody's word is overwritten unseen.

A page carries a stamp of each value that it was made from. What somebody left as it was is no change, whatever was
stored meanwhile; what somebody changed is stored if nobody else did, and otherwise shown beside the other's value.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal

Stamps = Mapping[str, str]
"""By the name of a value: the stamp of what was there when the page was made."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What somebody entered, and what somebody else stored meanwhile."""

    entered: Any
    stored: Any


class ChangedMeanwhile(Refusal):
    """Somebody else stored another value since the page was made. `stored` is what stands now, of all values."""

    code = "changed-meanwhile"
    title = _("Somebody else changed this meanwhile")
    message = _(
        "Somebody else changed this since you opened the page. Nothing of yours was stored; it still stands in the "
        "fields, and what is stored now stands beside it. Look at both, and send again what is to stand."
    )

    def __init__(self, differences: Mapping[str, Difference], stored: Mapping[str, Any]) -> None:
        """Keep both values of each difference."""
        super().__init__()
        self.differences = differences
        self.stored = stored


def stamp(value: Any) -> str:
    """Return what tells a value from another one."""
    raw = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(raw.encode()).hexdigest()[:16]


def stamps(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the stamps of the values that a page shows."""
    return {name: stamp(value) for name, value in values.items()}


def changes(*, seen: Stamps | None, stored: Mapping[str, Any], entered: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is to be stored: what was entered and is neither as it was seen nor as it is.

    Refuses (ChangedMeanwhile) where somebody else stored another value meanwhile. Without `seen` it was no page: what
    is entered counts as seen now. Ask it with the rows locked.
    """
    changed, differences = {}, {}
    for name, value in entered.items():
        now = stamp(stored.get(name))
        before = now if seen is None else seen.get(name)
        if stamp(value) in (before, now):
            continue
        if before == now:
            changed[name] = value
        else:
            differences[name] = Difference(value, stored.get(name))
    if differences:
        raise ChangedMeanwhile(differences, stored)
    return changed


def require_unchanged(*, seen: Stamps | None, stored: Mapping[str, Any]) -> None:
    """Refuse (ChangedMeanwhile) what is signed or decided on values that are no longer those that were seen."""
    if seen is None:
        return
    changed = {name: Difference(None, value) for name, value in stored.items() if seen.get(name) != stamp(value)}
    if changed:
        raise ChangedMeanwhile(changed, stored)
