"""Values for the pages of the exchange: bodies as lines, differences in words, formats from the schemas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from kernel.languages import localized
from kernel.states import Badge

from ..models.messages import Arrival, Discrepancy, Reconciliation
from ..states import ARRIVAL, SYSTEMS, Difference, DiscrepancyState
from .kinds import inbound_kinds, kind_label, outbound_kinds
from .messages import repeatable

Words = str | Promise
MAX_ROWS = 100


Lines = list[tuple[str, str]]


def as_lines(body: Any, head: str = "") -> Lines:
    """Return a body as lines of (where, what), "results.0.name" for what lies deeper; masked when it was kept."""
    if isinstance(body, Mapping):
        return [line for name, value in body.items() for line in as_lines(value, f"{head}{name}.")]
    if isinstance(body, list):
        return [line for place, value in enumerate(body) for line in as_lines(value, f"{head}{place}.")]
    text = str(body).lower() if isinstance(body, bool) else "" if body is None else str(body)
    return [(head.rstrip("."), text)]


@dataclass(frozen=True, slots=True)
class DiscrepancyView:
    """A difference with what may be done."""

    row: Discrepancy
    system: Words
    kind: Words
    difference: Words
    ours: Lines
    theirs: Lines
    open: bool
    repeatable: bool


def discrepancy_views() -> list[DiscrepancyView]:
    """Return the newest differences, open ones first."""
    rows = Discrepancy.objects.select_related("message").order_by("state", "-id")[:MAX_ROWS]
    return [
        DiscrepancyView(
            row,
            SYSTEMS[row.system].name,
            kind_label(row.system, row.kind),
            Difference(row.difference).label,
            as_lines(row.ours),
            as_lines(row.theirs),
            row.state == DiscrepancyState.OPEN,
            row.difference == Difference.MISSING_THERE and row.message is not None and repeatable(row.message),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class ReconciliationView:
    """The last comparison of one kind."""

    row: Reconciliation
    system: Words
    kind: Words


def reconciliations() -> list[ReconciliationView]:
    """Return the last comparison of each kind."""
    last = Reconciliation.objects.order_by("system", "kind", "-ran_at").distinct("system", "kind")
    return [ReconciliationView(r, SYSTEMS[r.system].name, kind_label(r.system, r.kind)) for r in last]


def uncompared(views: Sequence[ReconciliationView]) -> list[str]:
    """Return the kinds that were never compared, or not the last time: of them nobody says that both sides agree."""
    compared = {(view.row.system, view.row.kind) for view in views if not view.row.fault}
    missing = [kind for kind in outbound_kinds() if (kind.system, kind.name) not in compared]
    return [f"{SYSTEMS[kind.system].name} · {kind_label(kind.system, kind.name)}" for kind in missing]


@dataclass(frozen=True, slots=True)
class ArrivalView:
    """A message in, with its answer in the reader's language."""

    row: Arrival
    kind: Words
    words: str

    @property
    def badge(self) -> Badge:
        """Return its state in words, with its tone."""
        return ARRIVAL.badge(self.row)


def arrivals_from(system: str) -> list[ArrivalView]:
    """Return the newest messages of a system with what became of them."""
    rows = Arrival.objects.filter(system=system).order_by("-id")[:MAX_ROWS]
    language = localized("zh-hans", "en")
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


def inbound_formats() -> list[Format]:
    """Return the forms of what comes in, read from the shapes that check it: (name, type, whether it is needed)."""
    formats = []
    for kind in inbound_kinds():
        system = SYSTEMS[kind.system]
        path = f"/api/v1/exchange/in/{kind.system}/{kind.name}/"
        fields = tuple(_fields(kind.schema.model_json_schema()))
        formats.append(Format(system.name, system.side, kind.name, kind.label, path, fields))
    return formats


def outbound_formats() -> list[Format]:
    """Return the kinds that go out, with the path under the other side's address."""
    return [
        Format(SYSTEMS[k.system].name, SYSTEMS[k.system].side, k.name, k.label, f"/{k.path}/", ())
        for k in outbound_kinds()
    ]


def _fields(schema: Mapping[str, Any], head: str = "") -> list[tuple[str, str, bool]]:
    required = set(schema.get("required", ()))
    lines: list[tuple[str, str, bool]] = []
    for name, field in schema.get("properties", {}).items():
        inner = schema.get("$defs", {}).get(field.get("$ref", "").rpartition("/")[2])
        if inner:
            lines += _fields(inner, f"{head}{name}.")
            continue
        options = [field, *field.get("anyOf", ())]
        kinds = [o.get("format") or o.get("type") for o in options if o.get("type") not in (None, "null")]
        lines.append((head + name, " | ".join(dict.fromkeys(filter(None, kinds))), name in required))
    return lines
