"""Audit notes: who did what, when, acting as what, and why, written in the same transaction as the change.

A row's note lies on the same side as the row (shared or the institution's own). Notes are only ever added: a trigger of
the database lets nobody change or delete one, but set its seal once (kernel.seals).
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils.functional import Promise

from kernel.access import Actor
from kernel.fields import Personal, Sealed, personal
from kernel.later import later
from kernel.money import Money
from kernel.tenancy import current_schema, open_public

_waiting: ContextVar[list[Any] | None] = ContextVar("nuoxing_notes", default=None)
AUDIT_DATA = Personal(
    "prove who did what",
    "network security law: logs (art. 21.3 of 2016)",
    "at least 6 months, with the record noted",
    "none",
)


class AuditRow(models.Model):
    """The table of notes; one concrete child in shared.records, one in tenants.records."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = personal(models.CharField(max_length=80), AUDIT_DATA)
    acting_as = models.CharField(max_length=40)
    verb = models.CharField(max_length=80)
    row_type = models.CharField(max_length=80)
    row_id = models.CharField(max_length=64)
    before = personal(models.JSONField(default=dict), AUDIT_DATA)
    after = personal(models.JSONField(default=dict), AUDIT_DATA)
    why = personal(models.TextField(max_length=10_000, blank=True), AUDIT_DATA)
    policy = models.CharField(max_length=60, blank=True)
    seal_no = models.BigIntegerField(null=True, unique=True)
    seal = models.BinaryField(null=True, max_length=34)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["row_type", "row_id"], name="%(app_label)s_audit_row")]
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seal_no=None, seal=None) | models.Q(seal_no__gte=1, seal__isnull=False),
                name="%(app_label)s_audit_seal",
            )
        ]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One note as a timeline shows it."""

    at: datetime
    actor_name: str
    acting_as: str
    verb: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    why: str
    policy: str


def to_json(value: Any) -> Any:
    """Return `value` as JSON may hold it; personal values come out masked."""
    match value:
        case None | bool() | int() | str():
            return value
        case Money():
            return value.fen
        case Sealed() | uuid.UUID() | Decimal() | Promise():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case bytes() | memoryview():
            return bytes(value).hex()
        case Mapping():
            return {str(k): to_json(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [to_json(v) for v in value]
        case models.Model():
            return str(value.pk)
        case _:
            return str(value)


def values(row: models.Model, *fields: str) -> dict[str, Any]:
    """Return some of a row's fields as JSON may hold them, for `before` and `after`."""
    return {name: to_json(getattr(row, name)) for name in fields}


def table_of(side: str) -> Any:
    """Return the table of notes of a side: "kernel" (shared) or "tenant_records" (the institution now open)."""
    return apps.get_model(side, "AuditEntry")


def table_for(row: models.Model) -> Any:
    """Return the table of notes on the side where the row lives."""
    return table_of("tenant_records" if type(row).__module__.startswith("tenants.") else "kernel")


def note(
    verb: str,
    row: models.Model,
    *,
    by: Actor,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    why: str = "",
    policy: str = "",
    acting_as: str = "",
) -> None:
    """Write who did `verb` to `row`, in the open transaction; refuses to work outside of one."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a note is written in the transaction of what it notes")
    table = table_for(row)
    noted = table(
        at=at,
        actor_id=by.account_id,
        actor_name=by.name,
        acting_as=acting_as or by.acting_as(),
        verb=verb,
        row_type=row._meta.label_lower,
        row_id=str(row.pk),
        before=to_json(before or {}),
        after=to_json(after or {}),
        why=why,
        policy=policy,
    )
    waiting = _waiting.get()
    if waiting is not None:
        waiting.append(noted)
        return
    noted.save(force_insert=True)
    _request_seal(table._meta.app_label)


@contextmanager
def together() -> Iterator[None]:
    """Write the notes of the enclosed work in one go at its end, those of one table in their order: for work that is
    one transaction and reads no notes.
    """
    token = _waiting.set([])
    try:
        yield
        notes = _waiting.get() or []
    finally:
        _waiting.reset(token)
    notes.sort(key=lambda note: str(note._meta.app_label))  # a table's notes keep their order
    for side, rows in groupby(notes, key=lambda note: str(note._meta.app_label)):
        # as the platform: each shared note says itself in which schema it was made
        with open_public() if side == "kernel" else nullcontext():
            table_of(side).objects.bulk_create(list(rows), batch_size=1000)
        _request_seal(side)


def _request_seal(side: str) -> None:
    """Queue one sealing per transaction and side, not one per note."""
    chain = open_public() if side == "kernel" else nullcontext()  # the shared chain is the platform's
    with chain:
        mark = f"seal:{current_schema()}:{side}"
        if any(getattr(entry[1], "mark", "") == mark for entry in connection.run_on_commit):
            return

        def nothing() -> None:
            """Mark this transaction as having asked."""

        nothing.mark = mark  # type: ignore[attr-defined]  # read three lines above
        transaction.on_commit(nothing)
        later("kernel.seal", side=side)


def history(row: models.Model) -> list[HistoryEntry]:
    """Return all notes on a row, oldest first: its life line. Whoever was given a shared row may see its whole life,
    though an institution as such sees the notes made at its own host alone.
    """
    table = table_for(row)
    rows = table.objects.filter(row_type=row._meta.label_lower, row_id=str(row.pk)).order_by("id")
    with open_public() if table._meta.app_label == "kernel" else nullcontext():
        return [HistoryEntry(r.at, r.actor_name, r.acting_as, r.verb, r.before, r.after, r.why, r.policy) for r in rows]
