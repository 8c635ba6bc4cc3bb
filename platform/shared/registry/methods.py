"""Pure parts of the registry: missing lines, conditions not met, changes between two versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

YES, NO = "yes", "no"
FILES = ".files"
"""Ends the name under which a page carries the files that prove a line."""
MEASURED = {"㎡", "m²", "平方米", "亩", "元", "万元", "小时", "米", "千米", "GB", "TB", "Mbps"}
"""Units of what is measured; everything else is counted, and there is no half of it."""


class FormLine(Protocol):
    """A line of the commitment form, as the policy pack holds it."""

    @property
    def key(self) -> str:
        """Return its key."""

    @property
    def kind(self) -> str:
        """Return what it takes: number, yes-no, text, date."""

    @property
    def unit(self) -> str:
        """Return what a number is counted or measured in."""

    @property
    def minimum(self) -> int | None:
        """Return the least number that will do, None where there is none."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between two versions; an empty side means it was not there."""

    key: str
    before: str
    after: str


def missing(lines: Iterable[FormLine], values: Mapping[str, str]) -> list[str]:
    """Return the keys of the lines that say nothing, in the form's order."""
    return [line.key for line in lines if not values.get(line.key, "").strip()]


def unmet(lines: Iterable[FormLine], values: Mapping[str, str]) -> list[str]:
    """Return the keys of the lines that cannot be committed to: a no, or a number below its minimum."""
    return [line.key for line in lines if not _is_met(line, values.get(line.key, ""))]


def impossible(lines: Iterable[FormLine], values: Mapping[str, str]) -> list[str]:
    """Return the keys of the numbers that cannot be: none at all of what an institution says that it has, or a broken
    number of people or things. What is measured, as areas are, may be broken.
    """
    return [line.key for line in lines if line.kind == "number" and not _is_possible(line, values.get(line.key, ""))]


def _is_possible(line: FormLine, value: str) -> bool:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return False
    return number > 0 and (line.unit in MEASURED or number == number.to_integral_value())


def _is_met(line: FormLine, value: str) -> bool:
    if line.kind == "yes-no":
        return value != NO
    if line.kind == "number" and line.minimum is not None:
        try:
            return Decimal(value or "0") >= line.minimum
        except InvalidOperation:
            return False
    return True


def flatten(content: Mapping[str, Any]) -> dict[str, str]:
    """Return a signed content as one level of texts: "lines.classroom-area" -> "240", evidence as its file names."""
    facts = {f"organisation.{key}": str(value) for key, value in content.get("organisation", {}).items()}
    facts["positions"] = ", ".join(content.get("positions", []))
    facts |= {f"lines.{key}": str(value) for key, value in content.get("lines", {}).items()}
    for key, files in content.get("evidence", {}).items():
        facts[f"evidence.{key}"] = ", ".join(f"{f['name']} ({f['sha256'][:8]})" for f in files)
    return facts


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Return what differs between two signed contents, in the order of the newer one, what is gone last."""
    before, after = flatten(old), flatten(new)
    keys = [*after, *(key for key in before if key not in after)]
    pairs = ((key, before.get(key, ""), after.get(key, "")) for key in keys)
    return [Change(*pair) for pair in pairs if pair[1] != pair[2]]
