"""Data held about one person: found by the register, masked on pages, whole in the copy.

The tables are named by the register, not imported: it is data about all of them, as the audit is.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.formats import date_format

from kernel import audit, clock, tenancy
from kernel.fields import MASKS, Sealed
from kernel.languages import localized

from ..methods import Table
from .register import PersonalTable, declaration, holdings, register

MAX_SHOWN = 50
MAX_COPIED = 5000
SHARED, TENANTS = "shared", "tenants"


@dataclass(frozen=True, slots=True)
class SubjectRows:
    """A table's rows about somebody: column names for people, and values."""

    label: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    more: bool
    about: PersonalTable | None = None


def current_side() -> str:
    """Return which tables the open schema holds."""
    return SHARED if tenancy.in_public() else TENANTS


def _side(model: type[models.Model]) -> str:
    return TENANTS if model.__module__.startswith("tenants.") else SHARED


def subject_rows(
    *, account_id: uuid.UUID, person_id: uuid.UUID | None, whole: bool, side: str, at: datetime
) -> list[SubjectRows]:
    """Return everything one side holds about an account and its person; tables without a row are left out.

    One query a way of finding. `whole` opens what is sealed (the copy to take along), else all is masked.
    """
    about = {table.label: table for table in holdings(at)}
    result = []
    for table in register().tables.values():
        model = _model(table.label)
        if model is not None and _side(model) == side:
            for who, columns in table.people.items():
                rows = _rows(model, who, columns, account_id, person_id, whole)
                if rows is not None:
                    result.append(_subject_rows(table, columns, rows, whole, about.get(table.label)))
    return result


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def _rows(
    model: type[models.Model],
    who: str,
    columns: Sequence[str],
    account_id: uuid.UUID,
    person_id: uuid.UUID | None,
    whole: bool,
) -> list[list[Any]] | None:
    """Return a table's rows, newest first, None where there are none."""
    kind, _colon, lookup = who.partition(":")
    key = account_id if kind == "account" else person_id
    if key is None:
        return None
    most = MAX_COPIED if whole else MAX_SHOWN
    rows = model._base_manager.filter(**{lookup: key}).order_by("-pk").values_list(*columns)[: most + 1]
    fields = [model._meta.get_field(column) for column in columns]
    return [[_value(field, raw, whole) for field, raw in zip(fields, row, strict=True)] for row in rows] or None


def _subject_rows(
    table: Table, columns: Sequence[str], rows: list[list[Any]], whole: bool, about: PersonalTable | None
) -> SubjectRows:
    most = MAX_COPIED if whole else MAX_SHOWN
    names = [register().column(column) for column in columns]
    return SubjectRows(table.label, localized(table.title, table.title_en), names, rows[:most], len(rows) > most, about)


def _value(field: Any, raw: Any, whole: bool) -> Any:
    if isinstance(raw, Sealed):
        return raw.reveal() if whole else str(raw)
    if getattr(field, "choices", None):
        return str(dict(field.flatchoices).get(raw, raw))
    declared = declaration(field)
    if not whole and declared is not None and isinstance(raw, str) and raw:
        return MASKS[declared.mask](raw)
    if isinstance(raw, bool):
        return localized("是", "yes") if raw else localized("否", "no")
    if not whole and isinstance(raw, datetime):
        return date_format(raw.astimezone(clock.CHINA), "DATETIME_FORMAT")
    if not whole and isinstance(raw, date):
        return date_format(raw, "DATE_FORMAT")
    return audit.to_json(raw) if whole else _in_words(audit.to_json(raw))


def _in_words(value: Any) -> Any:
    """Return a value as a cell shows it: of what has parts, the parts that say something, one after another."""
    if not isinstance(value, Mapping | list):
        return value
    parts = value.values() if isinstance(value, Mapping) else value
    return " · ".join(str(_in_words(part)) for part in parts if part not in ("", None))


def as_data(found: Sequence[SubjectRows]) -> Iterator[Mapping[str, Any]]:
    """Return held rows as JSON may hold them."""
    for table in found:
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        why = [
            {"field": h.label, "purpose": h.purpose, "basis": h.basis, "retention": h.retention} for h in _why(table)
        ]
        yield {"table": table.label, "title": table.title, "rows": rows, "why": why, "more": table.more}


def _why(table: SubjectRows) -> Sequence[Any]:
    return table.about.holdings if table.about else ()


@dataclass(frozen=True, slots=True)
class Reveal:
    """One look at a whole document number: who, when, why; of whom, for the operator's list."""

    at: datetime
    actor_name: str
    acting_as: str
    why: str
    person_id: uuid.UUID


def reveals(*, person_id: uuid.UUID | None = None, limit: int = 100) -> list[Reveal]:
    """Return who looked at a person's whole document number, or at anybody's, newest first."""
    rows = audit.table_of("kernel").objects.filter(verb="person.reveal-id-number", row_type="identity.person")
    if person_id is not None:
        rows = rows.filter(row_id=str(person_id))
    return [Reveal(r.at, r.actor_name, r.acting_as, r.why, uuid.UUID(r.row_id)) for r in rows.order_by("-id")[:limit]]
