"""What the pages of the exchange show: values as lines, differences in words, formats from the shapes themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language

from ..models import Arrival, Discrepancy, Round
from ..states import SYSTEMS, Difference, Finding
from .kinds import kind_label, kinds_in, kinds_out
from .messages import repeatable

Words = str | Promise
MOST = 100


Lines = list[tuple[str, str]]


def shown(body: Any, head: str = "") -> Lines:
    """Return a body as lines of (where, what), "results.0.name" for what lies deeper; masked when it was kept."""
    if isinstance(body, Mapping):
        return [line for name, value in body.items() for line in shown(value, f"{head}{name}.")]
    if isinstance(body, list):
        return [line for place, value in enumerate(body) for line in shown(value, f"{head}{place}.")]
    told = str(body).lower() if isinstance(body, bool) else "" if body is None else str(body)
    return [(head.rstrip("."), told)]


@dataclass(frozen=True, slots=True)
class FindingView:
    """A difference with what may be done."""

    row: Discrepancy
    system: Words
    kind: Words
    what: Words
    ours: Lines
    theirs: Lines
    open: bool
    repeatable: bool


def finding_views() -> list[FindingView]:
    """Return the newest differences, open ones first."""
    rows = Discrepancy.objects.select_related("message").order_by("state", "-id")[:MOST]
    return [
        FindingView(
            row,
            SYSTEMS[row.system].name,
            kind_label(row.system, row.kind),
            Difference(row.what).label,
            shown(row.ours),
            shown(row.theirs),
            row.state == Finding.OPEN,
            row.what == Difference.MISSING_THERE and row.message is not None and repeatable(row.message),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class RoundView:
    """The last comparison of one kind."""

    row: Round
    system: Words
    kind: Words


def rounds() -> list[RoundView]:
    """Return the last comparison of each kind."""
    last = Round.objects.order_by("system", "kind", "-ran_at").distinct("system", "kind")
    return [RoundView(r, SYSTEMS[r.system].name, kind_label(r.system, r.kind)) for r in last]


@dataclass(frozen=True, slots=True)
class ArrivalView:
    """A message in, with its answer in the reader's language."""

    row: Arrival
    kind: Words
    words: str


def arrivals_from(system: str) -> list[ArrivalView]:
    """Return the newest messages of a system with what became of them."""
    rows = Arrival.objects.filter(system=system).order_by("-id")[:MOST]
    language = "en" if (get_language() or "zh").startswith("en") else "zh-hans"
    return [
        ArrivalView(row, kind_label(row.system, row.kind), str(row.answer.get("words", {}).get(language, "")))
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Format:
    """The form of one kind of message, for the page of formats."""

    system: Words
    side: Words
    kind: str
    label: Words
    address: str
    fields: tuple[tuple[str, str, bool], ...]


def formats_in() -> list[Format]:
    """Return the forms of what comes in, read from the shapes that check it: (name, type, whether it is needed)."""
    found = []
    for kind in kinds_in():
        system = SYSTEMS[kind.system]
        path = f"/api/v1/exchange/in/{kind.system}/{kind.name}/"
        fields = tuple(_fields(kind.shape.model_json_schema()))
        found.append(Format(system.name, system.side, kind.name, kind.label, path, fields))
    return found


def formats_out() -> list[Format]:
    """Return the kinds that go out, with the path under the other side's address."""
    return [
        Format(SYSTEMS[k.system].name, SYSTEMS[k.system].side, k.name, k.label, f"/{k.path}/", ()) for k in kinds_out()
    ]


def _fields(schema: Mapping[str, Any], head: str = "") -> list[tuple[str, str, bool]]:
    needed = set(schema.get("required", ()))
    lines: list[tuple[str, str, bool]] = []
    for name, field in schema.get("properties", {}).items():
        inner = schema.get("$defs", {}).get(field.get("$ref", "").rpartition("/")[2])
        if inner:
            lines += _fields(inner, f"{head}{name}.")
            continue
        options = [field, *field.get("anyOf", ())]
        kinds = [o.get("format") or o.get("type") for o in options if o.get("type") not in (None, "null")]
        lines.append((head + name, " | ".join(dict.fromkeys(filter(None, kinds))), name in needed))
    return lines
